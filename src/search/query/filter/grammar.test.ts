import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FhirError } from '../../../model/issue.ts';
import { textTest } from '../values/words.ts';
import { parseFilter } from './grammar.ts';

const leaf = (name: string, operator: string, value: string) => ({ kind: 'test', path: [{ name }], operator, value });

describe('a filter', () => {
  test('compares a path with a token or a JSON string', () => {
    expect(parseFilter('name co pet', 10)).toEqual(leaf('name', 'co', 'pet'));
    expect(parseFilter(' name  CO  "a \\"b\\" \\u00e5)" ', 10)).toEqual(leaf('name', 'co', 'a "b" å)'));
    expect(parseFilter('code eq http://loinc.org|1234-5', 10)).toEqual(leaf('code', 'eq', 'http://loinc.org|1234-5'));
    expect(parseFilter('date ge 2014-10-10T08:00:00+01:00', 10)).toMatchObject({ value: '2014-10-10T08:00:00+01:00' });
    expect(parseFilter('not-a-keyword eq not', 10)).toEqual(leaf('not-a-keyword', 'eq', 'not'));
  });

  test('goes through references, of which a filter in brackets may say more', () => {
    expect(parseFilter('subject:Patient[active eq true and name sw "a]"].general-practitioner.name co x', 10)).toEqual({
      kind: 'test',
      path: [
        {
          name: 'subject:Patient',
          filter: { kind: 'and', of: [leaf('active', 'eq', 'true'), leaf('name', 'sw', 'a]')] },
        },
        { name: 'general-practitioner' },
        { name: 'name' },
      ],
      operator: 'co',
      value: 'x',
    });
  });

  test('is read from left to right, unless parentheses say otherwise', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => leaf(name, 'eq', '1'));
    expect(parseFilter('a eq 1 or b eq 1 and c eq 1', 10)).toEqual({
      kind: 'and',
      of: [{ kind: 'or', of: [a, b] }, c],
    });
    expect(parseFilter('a eq 1 or (b eq 1 and c eq 1)', 10)).toEqual({
      kind: 'or',
      of: [a, { kind: 'and', of: [b, c] }],
    });
    expect(parseFilter('not(a eq 1)and not (b eq 1) AND c eq 1', 10)).toEqual({
      kind: 'and',
      of: [{ kind: 'not', of: a }, { kind: 'not', of: b }, c],
    });
  });

  test.each([
    'name co "a\\u0000b"',
    '',
    ' ',
    'name',
    'a eq 1 and',
    'a eq 1 or or b eq 1',
    '()',
    'a..b eq 1',
    'a[b eq 1 eq 2',
  ])('%j is refused, and not repeated', (text) => {
    expect(() => parseFilter(text, 10)).toThrow(/_filter cannot be read: expected .* at character \d+\.$/);
  });
});

test('whatever stands there is read or refused, within milliseconds', () => {
  const parts = fc.constantFrom(
    ...[
      'name',
      'a.b',
      'eq',
      'co',
      ' ',
      '  ',
      '(',
      ')',
      '[',
      ']',
      '"',
      '\\',
      '"x"',
      'and',
      'or',
      'not',
      '.',
      ',',
      '*',
      'å',
      '\u0000',
      '\ud800',
    ],
  );
  const start = performance.now();
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 300 }), (text) => {
      for (const read of [() => parseFilter(text.join(''), 100), () => textTest('_text', text.join(''))]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(FhirError);
        }
      }
    }),
    { numRuns: 2000 },
  );
  for (const long of [
    '('.repeat(1e6),
    ' '.repeat(1e6),
    '"'.repeat(1e6),
    'a '.repeat(1e6),
    `${'a.'.repeat(1e6)}b eq 1`,
  ]) {
    expect(() => textTest('_text', long)).toThrow(FhirError);
    if (!long.startsWith('a.')) {
      expect(() => parseFilter(long, 100)).toThrow(FhirError);
    }
  }
  expect(performance.now() - start).toBeLessThan(5000);
});
