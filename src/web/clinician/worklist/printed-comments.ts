import type { PlanDefinition, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { extensionUrl } from '../../../registry/names.ts';
import { bare, readProtocol } from '../../../registry/protocol.ts';

/** A form whose internal comment is printed. */
export interface PrintedForm {
  /** Canonical of the registry. */
  readonly registry: string;
  readonly label: string;
  /** Canonical of the form, without its version. */
  readonly questionnaire: string;
}

/** The forms whose internal comment a registry prints with its lists (our extension comment-printed). */
export function printedForms(plan: PlanDefinition): PrintedForm[] {
  const labels = (plan.action ?? [])
    .flatMap(({ dynamicValue = [] }) => dynamicValue)
    .filter(({ extension = [] }) =>
      extension.some(({ url, valueBoolean }) => url === extensionUrl.commentPrinted && valueBoolean === true),
    )
    .map(({ path }) => path);
  return labels.length === 0
    ? []
    : readProtocol(plan)
        .forms.filter(({ label }) => labels.includes(label))
        .map(({ label, questionnaire }) => ({ registry: plan.url ?? '', label, questionnaire: bare(questionnaire) }));
}

/** What is written in the internal items of a response, in its order. */
export function commentOf(response: QuestionnaireResponse, internal: ReadonlySet<string>): string {
  const texts = (items: QuestionnaireResponse['item'] = []): string[] =>
    items.flatMap(({ linkId, answer = [], item }) => [
      ...(internal.has(linkId) ? answer.flatMap(({ valueString }) => valueString ?? []) : []),
      ...answer.flatMap(({ item: under }) => texts(under)),
      ...texts(item),
    ]);
  return texts(response.item).join(' ');
}

/**
 * The comments to print, by the id of the registration: of each form that is printed the latest answer to the course's
 * referral.
 */
export function commentsByTask(
  tasks: readonly Task[],
  forms: readonly PrintedForm[],
  responses: readonly QuestionnaireResponse[],
  internal: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const newest = responses.toSorted((a, b) => (b.meta?.lastUpdated ?? '').localeCompare(a.meta?.lastUpdated ?? ''));
  return new Map(
    tasks.flatMap((task) => {
      const referral = task.basedOn?.[0]?.reference;
      const lines = forms
        .filter(({ registry }) => registry === task.instantiatesCanonical)
        .flatMap(({ label, questionnaire }) => {
          const response = newest.find(
            (one) =>
              bare(one.questionnaire ?? '') === questionnaire &&
              one.status !== 'entered-in-error' &&
              one.basedOn?.some(({ reference }) => reference === referral && referral !== undefined),
          );
          const text = response === undefined ? '' : commentOf(response, internal);
          return text === '' ? [] : [`${label}: ${text}`];
        });
      return lines.length === 0 ? [] : [[task.id ?? '', lines.join('\n')] as const];
    }),
  );
}
