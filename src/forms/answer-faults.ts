import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { error, type Issue } from '../model/issue.ts';
import { answerValue, member, textMember } from './answers.ts';
import type { FormItem } from './form.ts';
import { codingKey, valueKey } from './options.ts';

const valueOfType: Readonly<Record<string, readonly string[]>> = {
  boolean: ['valueBoolean'],
  decimal: ['valueDecimal'],
  integer: ['valueInteger'],
  date: ['valueDate'],
  dateTime: ['valueDateTime'],
  time: ['valueTime'],
  string: ['valueString'],
  text: ['valueString'],
  url: ['valueUri'],
  choice: ['valueCoding', 'valueString', 'valueInteger', 'valueDate', 'valueTime', 'valueReference'],
  'open-choice': ['valueCoding', 'valueString', 'valueInteger', 'valueDate', 'valueTime', 'valueReference'],
  attachment: ['valueAttachment'],
  reference: ['valueReference'],
  quantity: ['valueQuantity'],
};

const patternOf: Readonly<Record<string, RegExp>> = {
  valueDate: /^\d{4}(-\d{2}(-\d{2})?)?$/,
  valueDateTime: /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/,
  valueTime: /^\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/,
};

/** Adds to `issues` what is wrong with one answer to a question; `count` is the number of answers beside it, itself included. */
export function answerFaults(
  item: FormItem,
  answer: QuestionnaireResponseItemAnswer,
  count: number,
  path: string,
  issues: Issue[],
): void {
  const given = answerValue(answer);
  if (given === undefined) {
    issues.push(error('structure', `The answer to '${item.linkId}' is empty: leave it out.`, path));
    return;
  }
  const { key, value } = given;
  const here = `${path}.value`;
  if (!isOfType(item, key, value)) {
    issues.push(error('value', `Question '${item.linkId}' takes an answer of type ${item.type}.`, here));
    return;
  }
  if (item.options !== undefined) {
    checkOption(item, key, value, count, here, issues);
  }
  if (typeof value === 'string') {
    checkLength(item, value, here, issues);
  }
  checkLimits(item, value, here, issues);
}

function isOfType(item: FormItem, key: string, value: unknown): boolean {
  if (valueOfType[item.type]?.includes(key) !== true) {
    return false;
  }
  switch (key) {
    case 'valueCoding':
      return typeof value === 'object' && value !== null;
    case 'valueBoolean':
      return typeof value === 'boolean';
    case 'valueInteger':
      return Number.isInteger(value);
    case 'valueDecimal':
      return typeof value === 'number';
    case 'valueQuantity':
    case 'valueReference':
    case 'valueAttachment':
      return typeof value === 'object' && value !== null;
    default:
      return typeof value === 'string' && (patternOf[key]?.test(value) ?? true);
  }
}

/** R4: a choice is answered by one of its options; an open-choice also by free text. */
function checkOption(item: FormItem, key: string, value: unknown, count: number, path: string, issues: Issue[]): void {
  const { options } = item;
  if (options === undefined || (item.type === 'open-choice' && key === 'valueString')) {
    return;
  }
  const code = textMember(value, 'code');
  const system = textMember(value, 'system');
  // A coding without system is taken for the option of that code, if one only has it.
  const option =
    key === 'valueCoding'
      ? (options.byKey.get(codingKey(system, code)) ??
        (system === undefined && code !== undefined ? options.byCode.get(code) : undefined))
      : options.byKey.get(valueKey(key, key === 'valueReference' ? member(value, 'reference') : value));
  if (option === undefined) {
    issues.push(error('code-invalid', `The answer to '${item.linkId}' is not one of its options.`, path));
  } else if (option.exclusive && count > 1) {
    issues.push(error('business-rule', `One of the answers to '${item.linkId}' excludes every other answer.`, path));
  }
}

function checkLength(item: FormItem, value: string, path: string, issues: Issue[]): void {
  if (value.length > item.maxLength) {
    issues.push(error('too-long', `The answer to '${item.linkId}' is longer than ${item.maxLength} characters.`, path));
  }
  if (value.length < item.minLength) {
    issues.push(error('value', `The answer to '${item.linkId}' is shorter than ${item.minLength} characters.`, path));
  }
}

function checkLimits(item: FormItem, value: unknown, path: string, issues: Issue[]): void {
  const compared = item.type === 'quantity' ? member(value, 'value') : value;
  if (item.minValue !== undefined && isBefore(compared, item.minValue)) {
    issues.push(error('value', `The answer to '${item.linkId}' is below the least value, ${item.minValue}.`, path));
  }
  if (item.maxValue !== undefined && isBefore(item.maxValue, compared)) {
    issues.push(error('value', `The answer to '${item.linkId}' is above the greatest value, ${item.maxValue}.`, path));
  }
  if (typeof compared === 'number' && decimalPlaces(compared) > item.maxDecimalPlaces) {
    issues.push(
      error('value', `The answer to '${item.linkId}' has more than ${item.maxDecimalPlaces} decimals.`, path),
    );
  }
}

function isBefore(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    return left < right;
  }
  if (typeof left !== 'string' || typeof right !== 'string') {
    return false;
  }
  if (left.includes('T') && right.includes('T')) {
    return Date.parse(left) < Date.parse(right);
  }
  // Dates of unlike precision compare as far as both are known: 2026 is not before 2026-03.
  const length = Math.min(left.length, right.length);
  return left.slice(0, length) < right.slice(0, length);
}

function decimalPlaces(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
