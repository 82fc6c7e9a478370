import { expect, test } from 'vitest';
import { FOLDED_MAX, fold } from './fold.ts';

test.each([
  ['Åse', 'ase'],
  ['A\u030ase', 'ase'],
  ['Sjøgren', 'sjogren'],
  ['Sjögren', 'sjogren'],
  ['Ærlig', 'aerlig'],
  ['Čáhppe Đorvu', 'cahppe dorvu'],
  ['STRASSE', 'strasse'],
  ['Straße', 'strasse'],
  ['  two\t\n words ', 'two words'],
  ['ﬁ', 'fi'],
  ['Николай', 'николаи'],
])('%j is folded to %j', (text, folded) => {
  expect(fold(text)).toBe(folded);
  expect(fold(folded)).toBe(folded);
});

test('a long text is cut to what an index entry can hold, between characters', () => {
  expect(fold('a'.repeat(10_000))).toHaveLength(FOLDED_MAX);
  const cut = fold(`a${'😀'.repeat(10_000)}`);
  expect(cut.isWellFormed()).toBe(true);
  expect(Buffer.byteLength(fold('漢'.repeat(10_000)))).toBeLessThan(2600);
});
