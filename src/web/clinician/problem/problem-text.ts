import { OperationOutcomeError } from '@medplum/core';
import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Words } from '../words/words.ts';

/**
 * Why something failed, for the person: what the server said in words, one sentence an issue; where it said nothing that
 * people read, what to do about it. Never a stack.
 */
export function problemText(problem: unknown, words: Words): readonly string[] {
  if (problem instanceof OperationOutcomeError) {
    const told = issueTexts(problem.outcome);
    return told.length === 0 ? [words.problem.unknown] : told;
  }
  // fetch's own error: no net, or no server at the other end
  if (problem instanceof TypeError) return [words.problem.offline];
  return [words.problem.unknown];
}

/** The texts of an outcome, each once. */
function issueTexts({ issue }: OperationOutcome): readonly string[] {
  const texts = issue.map(({ details, diagnostics }) => details?.text ?? diagnostics ?? '');
  return [...new Set(texts.filter((text) => text !== ''))];
}
