import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { textIn } from '../../forms/text/translation.ts';
import type { PainPlaces } from '../body-map.ts';
import { bodyRegions } from '../body-regions.ts';
import type { ChartLanguage } from '../said.ts';
import type { SeriesPoint } from '../series.ts';
import type { ProfileEntry } from './entries.ts';

/** What is answered counts once it is sent or locked. */
const COUNTED = ['completed', 'amended'];

/** The answers to an entry's questions as points, from the first to the latest. Outside of the range: no number (don't know). */
export function answeredPoints(
  { questions, range }: Pick<ProfileEntry, 'questions' | 'range'>,
  responses: readonly QuestionnaireResponse[],
  language: ChartLanguage,
): SeriesPoint[] {
  return answersTo(questions, responses).flatMap(({ at, answers: [answer] }): SeriesPoint[] => {
    if (answer === undefined) return [];
    const value = numberOf(answer);
    const counts = value !== undefined && (range === undefined || (value >= range.min && value <= range.max));
    return [counts ? { at, value } : { at, value: undefined, absent: textOf(answer, language) }];
  });
}

/** The latest answer to a body map; undefined where none of the responses has one. */
export function answeredPlaces(
  { questions, label }: Pick<ProfileEntry, 'questions' | 'label'>,
  responses: readonly QuestionnaireResponse[],
  language: ChartLanguage,
): PainPlaces | undefined {
  const latest = answersTo(questions, responses).at(-1);
  if (latest === undefined) return undefined;
  const known = new Set((['front', 'back'] as const).flatMap((side) => bodyRegions(side).map(({ code }) => code)));
  return {
    title: label ?? '',
    at: latest.at,
    places: latest.answers.flatMap((answer) => {
      const code = answer.valueCoding?.code;
      return code === undefined || !known.has(code) ? [] : [{ code, text: textOf(answer, language) }];
    }),
  };
}

function answersTo(
  questions: ProfileEntry['questions'],
  responses: readonly QuestionnaireResponse[],
): { at: string; answers: readonly QuestionnaireResponseItemAnswer[] }[] {
  return responses
    .filter(({ status }) => COUNTED.includes(status))
    .flatMap(({ questionnaire = '', authored, meta, item }) => {
      const at = authored ?? meta?.lastUpdated;
      const question = questions.find(({ form }) => form === questionnaire.split('|')[0]);
      const found = question && itemOf(item, question.linkId);
      return at === undefined || found?.answer === undefined ? [] : [{ at, answers: found.answer }];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function itemOf(
  items: readonly QuestionnaireResponseItem[] | undefined,
  linkId: string,
): QuestionnaireResponseItem | undefined {
  for (const item of items ?? []) {
    const found =
      item.linkId === linkId
        ? item
        : itemOf([...(item.item ?? []), ...(item.answer ?? []).flatMap((answer) => answer.item ?? [])], linkId);
    if (found !== undefined) return found;
  }
  return undefined;
}

function numberOf({ valueInteger, valueDecimal, valueQuantity, valueCoding }: QuestionnaireResponseItemAnswer) {
  const given = valueInteger ?? valueDecimal ?? valueQuantity?.value;
  if (given !== undefined) return given;
  const code = valueCoding?.code ?? '';
  return /^-?\d+(\.\d+)?$/.test(code) ? Number(code) : undefined;
}

function textOf({ valueCoding, valueString }: QuestionnaireResponseItemAnswer, language: ChartLanguage): string {
  const shown = valueCoding && textIn(valueCoding, 'display', language, 'nb');
  return shown ?? valueCoding?.display ?? valueCoding?.code ?? valueString ?? '';
}
