import type { Quantity, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import type { AnswerContext } from '../answer-faults.ts';
import { member } from '../answers.ts';
import type { FormItem } from '../form.ts';
import { findOption } from '../options.ts';
import { type Bound, boundInWords, compareToBound } from './bound.ts';
import { isConfirmed } from './confirmation.ts';
import { isListedUnit, isOpenUnit } from './quantity.ts';

/** The extensions whose value may be calculated by a cqf-expression on it. */
export type BoundName = 'minValue' | 'maxValue' | 'minQuantity' | 'maxQuantity' | 'softMinValue' | 'softMaxValue';

/** Reports which limits of its item an answer's value does not keep; `path` is the value's. */
export function limitFaults(
  item: FormItem,
  answer: QuestionnaireResponseItemAnswer,
  value: unknown,
  path: string,
  context: AnswerContext,
): void {
  checkText(item, answer, value, path, context);
  checkBounds(item, answer, value, path, context);
  checkDecimals(item, value, path, context);
  if (item.type === 'quantity') {
    checkUnit(item, value as Quantity, path, context);
  }
}

function checkText(
  item: FormItem,
  answer: QuestionnaireResponseItemAnswer,
  value: unknown,
  path: string,
  { report }: AnswerContext,
): void {
  const { pattern, mask, minLength, maxLength } = item.constraints;
  if (pattern !== undefined && typeof value !== 'object' && !pattern.matches(String(value))) {
    report('regex', item, path);
  }
  if (typeof value !== 'string') {
    return;
  }
  if (value.length > maxLength && characters(value) > maxLength) {
    report('maxLength', item, path, maxLength);
  }
  if (minLength > 0 && characters(value) < minLength) {
    report('minLength', item, path, minLength);
  }
  if (item.type === 'string' && mask && !mask.pattern.matches(value) && !isConfirmed(answer, 'entryFormat')) {
    report('entryFormat', item, path, mask.text);
  }
}

function checkBounds(
  item: FormItem,
  answer: QuestionnaireResponseItemAnswer,
  value: unknown,
  path: string,
  { report, calculated }: AnswerContext,
): void {
  const { hard, soft } = item.constraints;
  const min = calculated?.('minQuantity') ?? calculated?.('minValue') ?? hard.min;
  const max = calculated?.('maxQuantity') ?? calculated?.('maxValue') ?? hard.max;
  const low = isOutside(value, min, -1);
  const high = isOutside(value, max, 1);
  if (low !== false && min !== undefined) {
    report(low === 'units' ? 'minValueIncompatUnits' : 'minValue', item, path, boundInWords(min));
  }
  if (high !== false && max !== undefined) {
    report(high === 'units' ? 'maxValueIncompatUnits' : 'maxValue', item, path, boundInWords(max));
  }
  const softMin = calculated?.('softMinValue') ?? soft.min;
  const softMax = calculated?.('softMaxValue') ?? soft.max;
  // What is wrong needs no confirmation.
  if (low === false && softMin !== undefined && isOutside(value, softMin, -1) === true) {
    if (!isConfirmed(answer, 'softMinValue')) report('softMinValue', item, path, boundInWords(softMin));
  }
  if (high === false && softMax !== undefined && isOutside(value, softMax, 1) === true) {
    if (!isConfirmed(answer, 'softMaxValue')) report('softMaxValue', item, path, boundInWords(softMax));
  }
}

/** Whether a value lies below (side -1) or above (1) a bound; `units` where that can not be told for its unit. */
function isOutside(value: unknown, bound: Bound | undefined, side: -1 | 1): boolean | 'units' {
  const order = bound === undefined ? undefined : compareToBound(value, bound);
  return order === 'units' ? order : order !== undefined && order * side > 0;
}

function checkDecimals(item: FormItem, value: unknown, path: string, { report }: AnswerContext): void {
  const { maxDecimalPlaces } = item.constraints;
  const number = typeof value === 'number' ? value : member(value, 'value');
  if (typeof number === 'number' && decimalPlaces(number) > maxDecimalPlaces) {
    report('maxDecimalPlaces', item, path, maxDecimalPlaces);
  }
}

function checkUnit(item: FormItem, quantity: Quantity, path: string, { report, unitsOf }: AnswerContext): void {
  const { units } = item.constraints;
  if (units === undefined || isListedUnit(quantity, units.options) || isOpenUnit(units, quantity)) {
    return;
  }
  if (units.valueSet === undefined) {
    report('invalidUnit', item, path, units.options.map(({ code, display }) => display ?? code).join(', '));
    return;
  }
  const listed = unitsOf(units.valueSet);
  if (listed === 'unknown') {
    report('tsError', item, path, units.valueSet);
  } else if (listed !== undefined && findOption(listed, 'valueCoding', quantity) === undefined) {
    report('invalidUnitValueSet', item, path);
  }
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function decimalPlaces(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
