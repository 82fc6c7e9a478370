import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { refusalsOf } from './refusals.ts';

const sent: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  item: [
    { linkId: 'a', answer: [{ valueString: 'x' }] },
    { linkId: 'g', item: [{ linkId: 'b', answer: [{ valueInteger: 1 }] }] },
    { linkId: 'g', item: [{ linkId: 'b', answer: [{ valueInteger: 2 }] }] },
  ],
};
const issue = (expression: string, diagnostics = '') => ({
  severity: 'error' as const,
  code: 'invalid' as const,
  details: { coding: [{ code: 'invalidValue' }], text: 'Not so.' },
  diagnostics,
  expression: [expression],
});

test('a refusal is told of the question that its expression leads to', () => {
  expect(refusalsOf([issue('QuestionnaireResponse.item[0].answer[0].value')], sent)).toEqual([
    { linkId: 'a', rows: [], severity: 'error', text: 'Not so.', rule: 'invalidValue' },
  ]);
});

test('in a repeating group the row is told too', () => {
  expect(refusalsOf([issue('QuestionnaireResponse.item[2].item[0]')], sent)[0]).toMatchObject({
    linkId: 'b',
    rows: [1],
  });
});

test('a question that was not sent is named by the diagnostics', () => {
  expect(refusalsOf([issue('QuestionnaireResponse', "'SvSmRo12': must be answered.")], sent)[0]?.linkId).toBe(
    'SvSmRo12',
  );
});

test('what is said of no question is of the form as a whole', () => {
  const { details: _, ...whole } = issue('QuestionnaireResponse', 'The form B12 is not open in this course.');
  expect(refusalsOf([whole], sent)[0]).toMatchObject({
    linkId: undefined,
    text: 'The form B12 is not open in this course.',
  });
});
