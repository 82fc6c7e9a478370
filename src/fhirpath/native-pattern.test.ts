import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linearPattern } from './linear-pattern.ts';
import { loadPatterns, linearPattern as nativePattern, needsLibrary } from './native-pattern.ts';

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

/** What a browser reads otherwise, or not at all; a form may say each. */
const OTHERWISE = [
  '[\\p{L} -]+',
  '\\pL+',
  '(?i)abc',
  '[[:alpha:]]+',
  '(?P<y>a+)',
  '\\Aa+\\z',
  '[]a]+',
  '\\Qa.\\E',
  '\\bab',
];

it('what a browser reads otherwise, it leaves to the server until it has its library', async () => {
  for (const source of OTHERWISE) expect([source, needsLibrary(source)]).toEqual([source, true]);
  for (const source of OTHERWISE) expect(() => nativePattern(source)).toThrow(SyntaxError);
  await loadPatterns();
  for (const source of OTHERWISE) {
    for (const text of ['ABC', 'åæ', 'a.', ']a', 'p{L}', 'ab']) {
      expect(nativePattern(source).matches(text)).toBe(linearPattern(source).matches(text));
    }
  }
});

const PARTS = [
  'a',
  '.',
  '\\s',
  '\\S',
  '[^a\\s]',
  '[\\s\\-b]',
  '\\d',
  '\\w',
  '\\.',
  '(?:a|b)',
  '{2}',
  '*',
  '+?',
  '{1,3}',
  '|',
  '^',
  '$',
  '[a-z]',
  '\\[',
  '\\\\',
];

it('what it reads itself, it reads as the server does: blanks, whole characters and line ends too', () => {
  const sources = fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }).map((parts) => parts.join(''));
  const texts = fc.string({
    unit: fc.constantFrom('a', 'b', '1', ' ', '\u00a0', '\n', '😀', '-', '[', '\\', '.'),
    maxLength: 6,
  });
  fc.assert(
    fc.property(sources, texts, (source, text) => {
      fc.pre(!needsLibrary(source));
      let theirs: ReturnType<typeof linearPattern> | undefined;
      try {
        theirs = linearPattern(source);
      } catch {
        // the server has refused a form that says this
        return;
      }
      expect([source, nativePattern(source).matches(text)]).toEqual([source, theirs.matches(text)]);
    }),
    { numRuns: 2000 },
  );
});

it('and refuses what is no regular expression', () => {
  for (const make of [linearPattern, nativePattern]) expect(() => make('(')).toThrow();
});
