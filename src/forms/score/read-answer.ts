import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { answerValue, member, textMember } from '../answers.ts';
import type { FormItem, FormOptions } from '../form.ts';
import { codingKey, optionKey } from '../options.ts';
import type { AnswerReading } from './rule.ts';

/** The answer says nothing that could be counted. */
export const MISSING = Number.NaN;
/** The answer is there but its value is not one that the rule knows. */
export const UNREADABLE = Number.POSITIVE_INFINITY;
/** There is more than one answer where one is wanted. */
export const SEVERAL = Number.NEGATIVE_INFINITY;

/** An answer's value: a finite number, or one of MISSING, UNREADABLE, SEVERAL. */
export type ReadAnswer = (answer: QuestionnaireResponseItemAnswer) => number;

/** The options of an item, wherever they are listed, and the weights that code systems in the form give (codingKey). */
export interface KnownOptions {
  readonly options: FormOptions | undefined;
  readonly codeWeights: ReadonlyMap<string, number>;
}

/** Compiles how answers to an item are read. What options give is computed once, here. */
export function compileReading(reading: AnswerReading, item: FormItem, known: KnownOptions): ReadAnswer {
  const toValue = compileValue(reading, item.linkId);
  const options = optionValues(reading, known, toValue);
  return (answer) => {
    const coding = answer.valueCoding;
    if (coding !== undefined) {
      const found = options.get(coding.code ?? '');
      for (const option of found ?? []) {
        if (option.system === coding.system || (coding.system === undefined && found?.length === 1)) {
          return option.value;
        }
      }
      if (reading.missing.includes(coding.code ?? '')) return MISSING;
      return known.options === undefined && reading.from === 'code' ? toValue(coding.code ?? '') : UNREADABLE;
    }
    return plainValue(answer, toValue, reading.from === 'weight' ? known.options : undefined);
  };
}

function optionValues(
  reading: AnswerReading,
  { options, codeWeights }: KnownOptions,
  toValue: (raw: string | number) => number,
): ReadonlyMap<string, readonly { system: string | undefined; value: number }[]> {
  const byCode = new Map<string, { system: string | undefined; value: number }[]>();
  for (const { coding, weight: own } of options?.byKey.values() ?? []) {
    if (coding?.code === undefined) continue;
    const weight = own ?? codeWeights.get(codingKey(coding.system, coding.code));
    const isMissing = reading.missing.includes(coding.code) || (reading.from === 'weight' && weight === undefined);
    const value = isMissing ? MISSING : toValue(reading.from === 'weight' ? (weight ?? 0) : coding.code);
    const known = byCode.get(coding.code);
    if (known === undefined) byCode.set(coding.code, [{ system: coding.system, value }]);
    else known.push({ system: coding.system, value });
  }
  return byCode;
}

/** An answer that is no coding. Text beside options ("other: …") says nothing that could be counted. */
function plainValue(
  answer: QuestionnaireResponseItemAnswer,
  toValue: (raw: string | number) => number,
  options: FormOptions | undefined,
): number {
  const given = answerValue(answer);
  const weight = given && options?.byKey.get(optionKey(given.key, given.value))?.weight;
  if (weight !== undefined) return toValue(weight);
  switch (given?.key) {
    case 'valueInteger':
    case 'valueDecimal':
      return typeof given.value === 'number' ? toValue(given.value) : UNREADABLE;
    case 'valueQuantity': {
      const value = member(given.value, 'value');
      const limited = textMember(given.value, 'comparator') !== undefined;
      return typeof value === 'number' && !limited ? toValue(value) : UNREADABLE;
    }
    case 'valueBoolean':
      return toValue(given.value === true ? 1 : 0);
    default:
      return MISSING;
  }
}

function compileValue(reading: AnswerReading, linkId: string): (raw: string | number) => number {
  const recodes = reading.recode.filter(({ items }) => items === undefined || items.includes(linkId));
  const recode = recodes.length === 0 ? undefined : new Map(recodes.flatMap(({ values }) => Object.entries(values)));
  const reverse = reading.reverse.find(({ items }) => items.includes(linkId));
  const missing = new Set(reading.missing);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = reading;
  return (raw) => {
    if (missing.has(String(raw))) return MISSING;
    const known = recode === undefined ? asNumber(raw) : recode.get(String(raw));
    if (known === undefined) return UNREADABLE;
    const value = reverse === undefined ? known : reverse.low + reverse.high - known;
    return value < min || value > max ? UNREADABLE : value;
  };
}

function asNumber(raw: string | number): number | undefined {
  if (typeof raw === 'number') return raw;
  return /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : undefined;
}
