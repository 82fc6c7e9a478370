import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { isKept, merge } from './merging.ts';

const answered = (answers: Readonly<Record<string, string | undefined>>): Pick<QuestionnaireResponse, 'item'> => ({
  item: Object.entries(answers).map(([linkId, valueString]) =>
    valueString === undefined ? { linkId } : { linkId, answer: [{ valueString }] },
  ),
});
const row = (...items: QuestionnaireResponseItem[]): QuestionnaireResponseItem => ({ linkId: 'rows', item: items });

test('what only the other has answered is taken over, and is no conflict', () => {
  const merged = merge(answered({ a: '1' }), answered({ a: '1', b: '2' }), answered({ a: '1', c: '3' }));
  expect(merged).toEqual({ taken: ['c'], contested: [] });
});

test('a question that both have answered differently is contested', () => {
  const merged = merge(answered({ a: '1' }), answered({ a: '2' }), answered({ a: '3' }));
  expect(merged).toEqual({ taken: [], contested: ['a'] });
});

test('a question that both have answered alike is neither', () => {
  const merged = merge(answered({}), answered({ a: '2' }), answered({ a: '2' }));
  expect(merged).toEqual({ taken: [], contested: [] });
});

test('an answer that the other has taken away is taken over', () => {
  expect(merge(answered({ a: '1' }), answered({ a: '1' }), answered({})).taken).toEqual(['a']);
});

test('the same code in another language is the same answer', () => {
  const in_ = (display: string) => ({
    item: [{ linkId: 'a', answer: [{ valueCoding: { system: 's', code: '1', display } }] }],
  });
  expect(merge(answered({}), in_('Ja'), in_('Yes')).contested).toEqual([]);
});

test('rows of a repeating group are compared each by itself', () => {
  const first = { linkId: 'b', answer: [{ valueInteger: 1 }] };
  const second = { linkId: 'b', answer: [{ valueInteger: 2 }] };
  const base = { item: [row(first)] };
  expect(merge(base, { item: [row(first), row(second)] }, base)).toEqual({ taken: [], contested: [] });
  expect(merge(base, { item: [row(first)] }, { item: [row(first), row(second)] }).taken).toEqual(['b']);
});

test('what is stored may hold more than was sent', () => {
  expect(isKept(answered({ a: '1' }), answered({ a: '1', lar: '0' }))).toBe(true);
  expect(isKept(answered({ a: '1', b: '2' }), answered({ a: '1' }))).toBe(false);
});
