import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linearPattern } from './linear-pattern.ts';
import { linearPattern as nativePattern } from './native-pattern.ts';

const SOURCES = ['[a-z]+', 'a|ab', '\\d{3}', '.', '^a.*b$', '(a+)(b*)', '[^b]', 'a\\.b', ''];

it('a device finds and replaces what the server does', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '.', '1', '\n', 'å') });
  fc.assert(
    fc.property(fc.constantFrom(...SOURCES), texts, (source, text) => {
      const [ours, theirs] = [nativePattern(source), linearPattern(source)];
      expect([ours.finds(text), ours.matches(text), ours.replaceAll(text, '-')]).toEqual([
        theirs.finds(text),
        theirs.matches(text),
        theirs.replaceAll(text, '-'),
      ]);
    }),
    { numRuns: 400 },
  );
});

it('and refuses what is no regular expression', () => {
  for (const make of [linearPattern, nativePattern]) expect(() => make('(')).toThrow();
});
