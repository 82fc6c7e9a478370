import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { isMarked } from '../../forms/constraints/extension-values.ts';
import { type DateHandling, givenDate } from './dates.ts';

/** A column of an extract. */
export interface Variable {
  /** Name of the column: the form's id, then the linkId. */
  readonly column: string;
  /** Canonical of the form, without version. */
  readonly form: string;
  readonly version: string;
  readonly linkId: string;
  readonly type: QuestionnaireItem['type'];
  readonly text: string;
  /** `code=words` of each option. */
  readonly options: readonly string[];
}

/** What an approval says of variables. */
export interface Wanted {
  /** linkIds; empty: all but free text. */
  readonly variables: readonly string[];
  readonly freeText: boolean;
}

/** Several answers in one cell. */
const SEPARATOR = '|';
const FREE_TEXT: readonly string[] = ['string', 'text'];
/** Never given: what leads to other things, and what has no value. */
const NEVER: readonly string[] = ['group', 'display', 'reference', 'attachment', 'url'];

/**
 * The variables of a form that an approval lets be seen, in the form's order. What is internal (our extension
 * questionnaire-internal) is given to nobody, even where it is named.
 */
export function variablesOf(form: Questionnaire, { variables, freeText }: Wanted): readonly Variable[] {
  const found: Variable[] = [];
  const visit = (items: readonly QuestionnaireItem[] | undefined): void => {
    for (const item of items ?? []) {
      if (isMarked(item.extension, 'internal')) continue;
      const named = variables.includes(item.linkId);
      const free = FREE_TEXT.includes(item.type);
      if (!NEVER.includes(item.type) && (variables.length === 0 || named) && (!free || (freeText && named))) {
        found.push({
          column: `${form.id ?? ''}.${item.linkId}`,
          form: form.url ?? '',
          version: form.version ?? '',
          linkId: item.linkId,
          type: item.type,
          text: item.text ?? '',
          options: (item.answerOption ?? []).flatMap(({ valueCoding }) =>
            valueCoding?.code === undefined ? [] : [`${valueCoding.code}=${valueCoding.display ?? ''}`],
          ),
        });
      }
      visit(item.item);
    }
  };
  visit(form.item);
  return found;
}

/** The answers to a variable, as a cell; empty where there are none. */
export function cellOf(
  response: QuestionnaireResponse | undefined,
  { linkId, type }: Variable,
  freeText: boolean,
  dates: DateHandling,
  days: number,
): string {
  return answersTo(response?.item, linkId)
    .flatMap((answer) => answerCell(answer, type, freeText, dates, days) ?? [])
    .join(SEPARATOR);
}

function answersTo(
  items: readonly QuestionnaireResponseItem[] | undefined,
  linkId: string,
): readonly QuestionnaireResponseItemAnswer[] {
  return (items ?? []).flatMap((item) => [
    ...(item.linkId === linkId ? (item.answer ?? []) : []),
    ...answersTo(item.item, linkId),
    ...(item.answer ?? []).flatMap((answer) => answersTo(answer.item, linkId)),
  ]);
}

function answerCell(
  answer: QuestionnaireResponseItemAnswer,
  type: QuestionnaireItem['type'],
  freeText: boolean,
  dates: DateHandling,
  days: number,
): string | undefined {
  const { valueCoding, valueQuantity, valueString } = answer;
  if (type === 'date' || type === 'dateTime') {
    return givenDate(answer.valueDate ?? answer.valueDateTime ?? '', dates, days);
  }
  if (valueCoding !== undefined) return valueCoding.code;
  if (valueQuantity !== undefined) return valueQuantity.value?.toString();
  if (valueString !== undefined) return freeText ? valueString : undefined;
  return (answer.valueBoolean ?? answer.valueInteger ?? answer.valueDecimal ?? answer.valueTime)?.toString();
}

/** The code book of an extract: what each column holds. */
export function codeBook(variables: readonly Variable[], dates: string): readonly (readonly string[])[] {
  return [
    ['column', 'form', 'version', 'linkId', 'type', 'text', 'values'],
    ['patient', '', '', '', 'pseudonym', 'Patient, by a pseudonym of this project', ''],
    ['course', '', '', '', 'pseudonym', 'Course, by a pseudonym of this project', ''],
    ['hospital', '', '', '', 'string', 'Hospital of the course; * where too few patients would share it', ''],
    ['sex', '', '', '', 'code', 'Administrative gender; * where too few patients would share it', ''],
    ['age_group', '', '', '', 'string', 'Age at the beginning of the course; * where too few would share it', ''],
    ['start', '', '', '', 'date', `Beginning of the course, ${dates}`, ''],
    ...variables.map(({ column, form, version, linkId, type, text, options }) => [
      column,
      form,
      version,
      linkId,
      type,
      type === 'date' || type === 'dateTime' ? `${text} (${dates})` : text,
      options.join('; '),
    ]),
  ];
}
