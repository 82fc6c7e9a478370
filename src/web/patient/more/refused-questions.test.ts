import type { OperationOutcome, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import type { FormSession, ItemView } from '../../form/contract.ts';
import { openFormSession } from '../../form/model/form-session.ts';
import { tellRefused } from './refused-questions.ts';

const number = (linkId: string) => ({ linkId, type: 'integer' as const, text: `${linkId}?` });
const questionnaire: Questionnaire = {
  resourceType: 'Questionnaire',
  status: 'active',
  language: 'nb',
  title: 'Skjema',
  item: [
    { linkId: 'first', type: 'group', text: 'Første', item: [number('a')] },
    {
      ...{ linkId: 'second', type: 'group', text: 'Andre' },
      item: [
        { ...number('b'), item: [number('c')] },
        { linkId: 'g', type: 'group', text: 'Flere', repeats: true, item: [number('d')] },
      ],
    },
  ],
};
const response: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  status: 'in-progress',
  item: [
    { linkId: 'first', item: [{ linkId: 'a', answer: [{ valueInteger: 1 }] }] },
    {
      linkId: 'second',
      item: [
        { linkId: 'b', answer: [{ valueInteger: 99, item: [{ linkId: 'c', answer: [{ valueInteger: 2 }] }] }] },
        { linkId: 'g', item: [{ linkId: 'd', answer: [{ valueInteger: 3 }] }] },
        { linkId: 'g', item: [{ linkId: 'd', answer: [{ valueInteger: 4 }] }] },
      ],
    },
  ],
};

const open = (): FormSession =>
  openFormSession({
    ...{ questionnaire, response, language: 'nb', timeZone: 'Europe/Oslo', audience: 'patient' },
    now: () => new Date('2026-03-02T08:00:00Z'),
  });

const refusal = (expression: string, severity: 'error' | 'warning' = 'error'): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity,
      code: 'value',
      details: { coding: [{ code: 'tooHigh' }], text: 'for høyt.' },
      expression: [expression],
    },
  ],
});

/** What is told now, by question. */
function told(form: FormSession): readonly (readonly [string, string])[] {
  const of = (views: readonly ItemView[]): (readonly [string, string])[] =>
    views.flatMap(({ item, faults, children }) => [
      ...faults.map(({ text }) => [item.linkId, text] as const),
      ...of(children),
    ]);
  return form.current().pages.flatMap(({ items }) => of(items));
}

test('an answer that the server refused is told at its question until it is answered anew, and its page is where to go', () => {
  const form = open();
  const page = tellRefused(form, response, refusal('QuestionnaireResponse.item[1].item[0].answer[0]'));
  expect([page, told(form)]).toEqual([form.current().pages[1]?.key, [['b', 'b?: for høyt.']]]);
  const [view] = form.current().pages[1]?.items ?? [];
  form.answer(view?.key ?? '', [{ valueInteger: 9 }]);
  expect(told(form)).toEqual([]);
});

test('inside an answer, and in a row among others, it is the very question', () => {
  const form = open();
  tellRefused(form, response, refusal('QuestionnaireResponse.item[1].item[0].answer[0].item[0]'));
  expect(told(form)).toEqual([['c', 'c?: for høyt.']]);
  tellRefused(form, response, refusal('QuestionnaireResponse.item[1].item[2].item[0].answer[0].value'));
  const rows = form.current().pages[1]?.items[1]?.rows ?? [];
  expect(rows.map(({ children }) => children[0]?.faults.length)).toEqual([0, 1]);
});

test('a warning, or what is said of the whole form, is about no question', () => {
  const form = open();
  for (const outcome of [
    refusal('QuestionnaireResponse.item[0].item[0]', 'warning'),
    refusal('QuestionnaireResponse.subject'),
    undefined,
  ]) {
    expect(tellRefused(form, response, outcome)).toBeUndefined();
    expect(told(form)).toEqual([]);
  }
});
