import type {
  Coding,
  Observation,
  ObservationComponent,
  Quantity,
  QuestionnaireResponseItemAnswer,
  Reference,
} from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { asAnswers } from '../expressions/as-answers.ts';
import type { FormItem } from '../form.ts';
import { convertedValue, itemUnit } from './item-unit.ts';
import { periodStart } from './period.ts';
import { escaped, subjectQuery } from './subject-query.ts';

const linkPeriodUrl = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-observationLinkPeriod';
/** The newest may hold no value, or one that can't be converted; then one of the next may. */
const LOOKED_AT = 10;

/**
 * The query for the subject's Observations that a question is linked to (SDC observationLinkPeriod): of one of its codes, or
 * with a component of such (a blood pressure), in the period that ends now, newest first; undefined where it is linked to
 * none.
 */
export function observationQuery({ source }: FormItem, subject: Reference | undefined, now: Date): string | undefined {
  const period = source.extension?.find(({ url }) => url === linkPeriodUrl)?.valueDuration;
  const start = period && periodStart(period, now);
  const codes = (source.code ?? []).flatMap(({ system, code }) =>
    code === undefined ? [] : [system === undefined ? escaped(code) : `${escaped(system)}|${escaped(code)}`],
  );
  return start === undefined || codes.length === 0
    ? undefined
    : subjectQuery('Observation', subject, [
        ['combo-code', codes.join(',')],
        ['date', `ge${start.toISOString()}`],
        ['status', 'final,amended,corrected'],
        ['_sort', '-date'],
        ['_count', String(LOOKED_AT)],
      ]);
}

export interface Linked {
  readonly answers: readonly QuestionnaireResponseItemAnswer[];
  /** Why what was found is no answer. */
  readonly fault: string | undefined;
}

/** The first value of some Observations, newest first, that can answer a question; numbers in the question's unit. */
export function linkedAnswers(item: FormItem, observations: readonly TypedValue[]): Linked {
  let fault: string | undefined;
  for (const { type, value } of observations) {
    if (type !== 'Observation') continue;
    const found = measured(item, value as Observation);
    const values = found === undefined ? [] : valuesOf(item, found);
    const { answers } = asAnswers(item, values);
    if (answers.length > 0) {
      return { answers, fault: undefined };
    }
    fault ??= 'An Observation was found, but its value can not be the answer: another type, or unit.';
  }
  return { answers: [], fault };
}

type Measured = Observation | ObservationComponent;

/** The Observation itself, or the component of it, whichever has one of the question's codes. */
function measured({ source }: FormItem, observation: Observation): Measured | undefined {
  const isAsked = ({ code }: Measured): boolean =>
    code?.coding?.some((each) =>
      source.code?.some(
        (wanted) => wanted.code === each.code && (wanted.system === undefined || wanted.system === each.system),
      ),
    ) === true;
  return isAsked(observation) ? observation : observation.component?.find(isAsked);
}

function valuesOf(item: FormItem, observation: Measured): readonly TypedValue[] {
  const { valueQuantity, valueCodeableConcept, valueString, valueBoolean, valueInteger, valueTime, valueDateTime } =
    observation;
  if (valueQuantity !== undefined) return quantity(item, valueQuantity);
  if (valueCodeableConcept !== undefined)
    return coded(item, valueCodeableConcept.coding ?? [], valueCodeableConcept.text);
  if (valueString !== undefined) return [{ type: 'string', value: valueString }];
  if (valueBoolean !== undefined) return [{ type: 'boolean', value: valueBoolean }];
  if (valueInteger !== undefined) return [{ type: 'integer', value: valueInteger }];
  if (valueTime !== undefined) return [{ type: 'time', value: valueTime }];
  if (valueDateTime !== undefined) {
    return item.type === 'date'
      ? [{ type: 'date', value: valueDateTime.slice(0, 10) }]
      : [{ type: 'dateTime', value: valueDateTime }];
  }
  return [];
}

/** In the question's unit, where it has one; where it does not, as it is. A comparator (`<5`) is no number. */
function quantity(item: FormItem, given: Quantity): readonly TypedValue[] {
  if (given.value === undefined || given.comparator !== undefined) {
    return [];
  }
  const unit = itemUnit(item, given);
  const value = unit === undefined ? given.value : convertedValue(item, given, unit);
  if (value === undefined) {
    return [];
  }
  if (item.type !== 'quantity') {
    return [{ type: Number.isInteger(value) ? 'integer' : 'decimal', value }];
  }
  const { system, code, display } = unit ?? {};
  const { system: ownSystem, code: ownCode, unit: ownUnit } = given;
  const told =
    unit === undefined || code === ownCode
      ? { unit: ownUnit, system: ownSystem, code: ownCode }
      : { unit: display ?? code, system, code };
  return [{ type: 'Quantity', value: JSON.parse(JSON.stringify({ value, ...told })) }];
}

/** The coding that is among the question's options; else the first, or the text. */
function coded(item: FormItem, codings: readonly Coding[], text: string | undefined): readonly TypedValue[] {
  const listed = item.source.answerOption?.flatMap(({ valueCoding }) => valueCoding ?? []) ?? [];
  const among = codings.find((each) =>
    listed.some(({ system, code }) => code === each.code && (system === undefined || system === each.system)),
  );
  const value = among ?? codings[0];
  if (item.type === 'string' || item.type === 'text') {
    const words = text ?? value?.display;
    return words === undefined ? [] : [{ type: 'string', value: words }];
  }
  if (value !== undefined) return [{ type: 'Coding', value }];
  return text === undefined ? [] : [{ type: 'string', value: text }];
}
