import { OperationOutcomeError } from '@medplum/core';
import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Words } from '../words/words.ts';

/**
 * Why something failed, for the person: what the server said in words, one sentence an issue; where it said nothing that
 * people read, what to do about it. Never a stack.
 */
export function problemText(problem: unknown, words: Words): readonly string[] {
  if (problem instanceof OperationOutcomeError) {
    const told = issueTexts(problem.outcome, words);
    return told.length === 0 ? [words.problem.unknown] : told;
  }
  // fetch's own error: no net, or no server at the other end
  if (problem instanceof TypeError) return [words.problem.offline];
  return [words.problem.unknown];
}

/** Whether it failed because there is nothing at that address, for this role at least. */
export function isGone(problem: unknown): boolean {
  return problem instanceof OperationOutcomeError && problem.outcome.issue.every(({ code }) => GONE.includes(code));
}

/** As Svar and MedplumClient (of a 412) say it. */
const SAID: readonly (readonly [text: RegExp, word: 'used' | 'changed'])[] = [
  [/ refers to this \w+[:;] /, 'used'],
  [/^Precondition Failed$/i, 'changed'],
];

const GONE: readonly string[] = ['not-found', 'deleted'];

/** The texts of an outcome, each once. What servers say of everything alike, they say in English: that has words here. */
function issueTexts({ issue }: OperationOutcome, { problem }: Words): readonly string[] {
  const texts = issue.map(({ code, details, diagnostics }) => {
    if (GONE.includes(code)) return problem.gone;
    if (code === 'throttled') return problem.throttled;
    if (code === 'forbidden' && details?.text === undefined) return problem.forbidden;
    const text = details?.text ?? diagnostics ?? '';
    const known = SAID.find(([said]) => said.test(text));
    return known === undefined ? text : problem[known[1]];
  });
  return [...new Set(texts.filter((text) => text !== ''))];
}
