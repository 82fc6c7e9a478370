import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
  Reference,
} from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { answerValue } from '../answers.ts';
import type { Form, FormItem } from '../form.ts';
import { periodStart } from './period.ts';
import { escaped, subjectQuery } from './subject-query.ts';

/** On an item: how old the subject's earlier answer may be to be offered again (Svar's own; SDC has none). */
export const previousAnswerUrl = 'https://svar.example.org/fhir/StructureDefinition/questionnaire-previousAnswer';

/** The query for the subject's newest finished response to the same form; undefined where the item asks for none. */
export function previousQuery(
  { source }: FormItem,
  { url }: Form,
  subject: Reference | undefined,
  now: Date,
): string | undefined {
  const period = source.extension?.find((each) => each.url === previousAnswerUrl)?.valueDuration;
  const start = period && periodStart(period, now);
  return start === undefined || url === undefined
    ? undefined
    : subjectQuery('QuestionnaireResponse', subject, [
        ['questionnaire', escaped(url)],
        ['status', 'completed,amended'],
        ['authored', `ge${start.toISOString()}`],
        ['_sort', '-authored'],
        ['_count', '1'],
      ]);
}

/**
 * The answers to a question in the newest of some responses. Where it stands there several times (in a group that was
 * repeated), none is the one that is meant.
 */
export function previousAnswers(
  { linkId }: FormItem,
  [newest]: readonly TypedValue[],
): readonly QuestionnaireResponseItemAnswer[] {
  if (newest?.type !== 'QuestionnaireResponse') {
    return [];
  }
  const [found, another] = itemsOf(newest.value as QuestionnaireResponse).filter((each) => each.linkId === linkId);
  return another !== undefined
    ? []
    : (found?.answer ?? []).flatMap((answer) => {
        const value = answerValue(answer);
        return value === undefined ? [] : [{ [value.key]: value.value }];
      });
}

function itemsOf({ item = [] }: { readonly item?: QuestionnaireResponseItem[] }): readonly QuestionnaireResponseItem[] {
  return item.flatMap((each) => [each, ...itemsOf(each), ...(each.answer ?? []).flatMap(itemsOf)]);
}
