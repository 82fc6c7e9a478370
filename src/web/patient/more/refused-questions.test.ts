import type { OperationOutcome, QuestionnaireResponse } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import type { FormView } from '../../form/contract.ts';
import { refusedQuestions } from './refused-questions.ts';

const response: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  item: [
    { linkId: 'a', answer: [{ valueInteger: 1 }] },
    { linkId: 'g', item: [{ linkId: 'b', answer: [{ valueInteger: 99, item: [{ linkId: 'c' }] }] }] },
  ],
};
const view = (linkId: string, children: unknown[] = []) => ({
  key: linkId,
  text: `${linkId}?`,
  item: { linkId },
  children,
});
const form = {
  pages: [
    { key: 'p1', title: '', items: [view('a')] },
    { key: 'p2', title: '', items: [view('g', [view('b', [view('c')])])] },
  ],
} as unknown as Pick<FormView, 'pages'>;
const outcome = (expression: string, severity: 'error' | 'warning' = 'error'): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code: 'value', details: { text: 'for høyt' }, expression: [expression] }],
});

test('a refusal leads to the question that it is about, and its page', () => {
  expect(refusedQuestions(outcome('QuestionnaireResponse.item[1].item[0].answer[0]'), response, form)).toEqual([
    { page: 'p2', key: 'b', question: 'b?', why: 'for høyt' },
  ]);
  const inside = outcome('QuestionnaireResponse.item[1].item[0].answer[0].item[0]');
  expect(refusedQuestions(inside, response, form)[0]?.key).toBe('c');
});

test('a warning, or what is said of the whole form, is about no question', () => {
  expect(refusedQuestions(outcome('QuestionnaireResponse.item[0]', 'warning'), response, form)).toEqual([]);
  expect(refusedQuestions(outcome('QuestionnaireResponse.subject'), response, form)).toEqual([]);
});
