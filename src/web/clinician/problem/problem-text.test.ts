import { OperationOutcomeError } from '@medplum/core';
import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { words as en } from '../words/words-en.ts';
import { words as nb } from '../words/words-nb.ts';
import { isGone, problemText } from './problem-text.ts';

const refused = (...issue: Omit<OperationOutcomeIssue, 'severity'>[]) =>
  new OperationOutcomeError({
    resourceType: 'OperationOutcome',
    issue: issue.map((one) => ({ severity: 'error', ...one })),
  });

test.each([
  ['not-found', 'There is no such Patient.', nb.problem.gone],
  ['deleted', 'Patient/x was deleted.', nb.problem.gone],
  ['forbidden', 'You may not do this.', nb.problem.forbidden],
  ['throttled', 'Too many requests.', nb.problem.throttled],
  ['conflict', 'A Task refers to this Location; change or delete that first.', nb.problem.used],
  ['conflict', 'What you may not see refers to this Location: it can not be deleted.', nb.problem.used],
  ['conflict', 'Precondition Failed', nb.problem.changed],
  ['business-rule', 'Startdato er før henvist dato.', 'Startdato er før henvist dato.'],
] as const)('what is refused as %s (%s) is told as %j', (code, diagnostics, told) => {
  expect(problemText(refused({ code, diagnostics }), nb)).toEqual([told]);
});

test('in the language of the page, each sentence once, whoever said it', () => {
  const problem = refused({ code: 'not-found', details: { text: 'Not found' } }, { code: 'deleted' });
  expect(problemText(problem, en)).toEqual([en.problem.gone]);
  expect(isGone(problem)).toBe(true);
  expect(isGone(refused({ code: 'not-found' }, { code: 'value' }))).toBe(false);
});

test("a registry's own words for why something is not allowed stand", () => {
  const text = 'Skjemaet er låst.';
  expect(problemText(refused({ code: 'forbidden', details: { text }, diagnostics: 'locked' }), nb)).toEqual([text]);
});

test('no net is told as such, and what nobody knows as what to do about it', () => {
  expect(problemText(new TypeError('Failed to fetch'), nb)).toEqual([nb.problem.offline]);
  expect(problemText(new Error('x is undefined'), nb)).toEqual([nb.problem.unknown]);
});
