import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { mergedResponse, sameAnswers } from './merge.ts';

const answer = (linkId: string, value: number): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueInteger: value }],
});
const group = (linkId: string, ...item: QuestionnaireResponseItem[]): QuestionnaireResponseItem => ({ linkId, item });
const response = (...item: QuestionnaireResponseItem[]): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'in-progress',
  item,
});

test('each device keeps what it alone has changed, and this one wins where both have', () => {
  const base = response(answer('a', 1), answer('b', 1), group('g', answer('c', 1), answer('d', 1)));
  const mine = response(answer('a', 2), answer('b', 1), group('g', answer('c', 2), answer('d', 1)));
  const theirs = response(answer('a', 3), answer('b', 3), group('g', answer('c', 1), answer('d', 3)));
  expect(mergedResponse(base, mine, theirs).item).toEqual([
    answer('a', 2),
    answer('b', 3),
    group('g', answer('c', 2), answer('d', 3)),
  ]);
});

test('what was answered on one device only is there, and what was taken away is not', () => {
  const base = response(answer('a', 1), answer('b', 1));
  expect(
    mergedResponse(
      base,
      response(answer('b', 1), answer('c', 1)),
      response(answer('a', 1), answer('b', 1), answer('d', 1)),
    ).item,
  ).toEqual([answer('b', 1), answer('c', 1), answer('d', 1)]);
});

test('rows of a repeating group are one answer', () => {
  const base = response(group('g', answer('a', 1)), group('g', answer('a', 2)));
  const mine = response(group('g', answer('a', 2)));
  const theirs = response(group('g', answer('a', 1)), group('g', answer('a', 2)), answer('b', 1));
  expect(mergedResponse(base, mine, theirs).item).toEqual([group('g', answer('a', 2)), answer('b', 1)]);
});

test('a question in another language is answered the same', () => {
  const nb = response({ ...answer('a', 1), text: 'Hvor vondt gjør det?' });
  expect(sameAnswers(nb, response({ ...answer('a', 1), text: 'How much does it hurt?' }))).toBe(true);
  expect(sameAnswers(nb, response(answer('a', 2)))).toBe(false);
});
