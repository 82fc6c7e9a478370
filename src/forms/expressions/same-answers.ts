import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { answerValue, member } from '../answers.ts';

/** Two computations of the same number differ in the last digits of a float only. */
const RELATIVE = 1e-9;

/** Whether two lists of answers say the same: numbers as far as floats do, codings and quantities by their codes. */
export function sameAnswers(
  ours: readonly QuestionnaireResponseItemAnswer[],
  theirs: readonly QuestionnaireResponseItemAnswer[],
): boolean {
  return (
    ours.length === theirs.length &&
    ours.every((answer, index) => {
      const other = theirs[index];
      return other !== undefined && same(answerValue(answer)?.value, answerValue(other)?.value);
    })
  );
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= RELATIVE * Math.max(1, Math.abs(a), Math.abs(b));
  }
  if (typeof a !== 'object' || a === null) {
    return a === b;
  }
  return (
    same(member(a, 'value'), member(b, 'value')) &&
    ['system', 'code', 'reference', 'url', 'data'].every((name) => member(a, name) === member(b, name)) &&
    (member(a, 'code') !== undefined || member(a, 'unit') === member(b, 'unit'))
  );
}
