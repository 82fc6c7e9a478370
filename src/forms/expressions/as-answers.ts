import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { member, textMember } from '../answers.ts';
import type { FormItem } from '../form.ts';

/** What an expression yields, as answers to a question; `fault` tells in words what can't be one. */
export interface Answers {
  readonly answers: readonly QuestionnaireResponseItemAnswer[];
  readonly fault: string | undefined;
}

const TEXT = new Set(['string', 'markdown', 'id', 'code', 'uri', 'url', 'canonical', 'oid', 'uuid', 'System.String']);
const NUMBER = new Set(['integer', 'decimal', 'positiveInt', 'unsignedInt', 'System.Integer', 'System.Decimal']);
const DATE_TIME = new Set(['dateTime', 'instant', 'System.DateTime']);

/**
 * Values as answers to a question of the item's type (SDC: "the results of the expression must correspond to the item
 * type"). Conversions that lose nothing are made: an integer is a decimal, a date a dateTime, a code the option of that
 * code, a resource a reference to it, a number a quantity in the item's unit. Values that are not of the type, and several
 * where the question takes one answer, are a fault, and there are no answers.
 */
export function asAnswers(item: FormItem, values: readonly TypedValue[]): Answers {
  if (values.length > 1 && !item.repeats) {
    return fault(`${values.length} values for a question that takes one answer`);
  }
  const answers: QuestionnaireResponseItemAnswer[] = [];
  for (const value of values) {
    const answer = asAnswer(item, value);
    if (answer === undefined) {
      return fault(`a value of type ${value.type.replace('System.', '')} for a question of type ${item.type}`);
    }
    answers.push(answer);
  }
  return { answers, fault: undefined };
}

function fault(words: string): Answers {
  return { answers: [], fault: words };
}

function asAnswer(item: FormItem, { type, value }: TypedValue): QuestionnaireResponseItemAnswer | undefined {
  switch (item.type) {
    case 'boolean':
      return typeof value === 'boolean' ? { valueBoolean: value } : undefined;
    case 'integer':
      return NUMBER.has(type) && Number.isInteger(value) ? { valueInteger: Number(value) } : undefined;
    case 'decimal':
      return NUMBER.has(type) ? { valueDecimal: Number(value) } : undefined;
    case 'string':
    case 'text':
      return TEXT.has(type) ? { valueString: String(value) } : undefined;
    case 'url':
      return TEXT.has(type) ? { valueUri: String(value) } : undefined;
    case 'date':
      return type === 'date' || type === 'System.Date' ? { valueDate: String(value) } : undefined;
    case 'dateTime':
      return DATE_TIME.has(type) || type === 'date' || type === 'System.Date'
        ? { valueDateTime: String(value) }
        : undefined;
    case 'time':
      return type === 'time' || type === 'System.Time' ? { valueTime: String(value) } : undefined;
    case 'quantity':
      return asQuantity(item, type, value);
    case 'reference':
      return asReference(type, value);
    case 'attachment':
      return type === 'Attachment' && isObject(value) ? { valueAttachment: value } : undefined;
    case 'choice':
    case 'open-choice':
      return asChoice(item, type, value);
    default:
      return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function asQuantity(item: FormItem, type: string, value: unknown): QuestionnaireResponseItemAnswer | undefined {
  if (isObject(value)) {
    return type.endsWith('Quantity') ? { valueQuantity: { ...value } } : undefined;
  }
  const unit = item.source.extension?.find((each) => each.url?.endsWith('/questionnaire-unit'))?.valueCoding;
  return NUMBER.has(type) && unit !== undefined
    ? { valueQuantity: { value: Number(value), unit: unit.display ?? unit.code, system: unit.system, code: unit.code } }
    : undefined;
}

function asReference(type: string, value: unknown): QuestionnaireResponseItemAnswer | undefined {
  if (type === 'Reference') {
    return isObject(value) ? { valueReference: value } : undefined;
  }
  const resource = textMember(value, 'resourceType');
  const id = textMember(value, 'id');
  if (resource === undefined || id === undefined) return undefined;
  // of what has one name (a ward, a location) people read that; a person's name has parts, and is not for lists
  const display = textMember(value, 'name');
  return { valueReference: { reference: `${resource}/${id}`, ...(display !== undefined && { display }) } };
}

/** SDC: coded data comes as Coding, or as a code, which is matched against the question's own codings. */
function asChoice(item: FormItem, type: string, value: unknown): QuestionnaireResponseItemAnswer | undefined {
  if (type === 'Coding' && isObject(value)) {
    const { system, code, display } = {
      system: textMember(value, 'system'),
      code: textMember(value, 'code'),
      display: textMember(value, 'display'),
    };
    return { valueCoding: { ...(system && { system }), ...(code && { code }), ...(display && { display }) } };
  }
  if (TEXT.has(type)) {
    const option = item.options?.byCode.get(String(value))?.coding;
    if (option !== undefined) {
      const { system, code, display } = option;
      return { valueCoding: { ...(system && { system }), ...(code && { code }), ...(display && { display }) } };
    }
    // Where an expression makes the options, it may make them of text.
    const asText =
      item.type === 'open-choice' ||
      (item.options === undefined && item.valueSet === undefined) ||
      item.source.answerOption?.some((each) => each.valueString === value);
    return asText && type !== 'code' ? { valueString: String(value) } : undefined;
  }
  if (Number.isInteger(value)) return { valueInteger: Number(value) };
  if (type === 'date' || type === 'System.Date') return { valueDate: String(value) };
  if (type === 'time' || type === 'System.Time') return { valueTime: String(value) };
  return type === 'Reference' || member(value, 'resourceType') !== undefined ? asReference(type, value) : undefined;
}
