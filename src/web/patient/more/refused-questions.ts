import type { OperationOutcome, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { FormView, ItemKey, ItemView } from '../../form/contract.ts';

/** A question that the server does not accept the answer to. */
export interface RefusedQuestion {
  readonly page: ItemKey;
  readonly key: ItemKey;
  /** The question. */
  readonly question: string;
  /** Why, in the server's words for people. */
  readonly why: string;
}

/**
 * The questions that a refusal is about. What it says of the form as a whole is about none.
 *
 * @param response what was sent, which the refusal's FHIRPath expressions lead into
 */
export function refusedQuestions(
  { issue }: OperationOutcome,
  response: QuestionnaireResponse,
  { pages }: Pick<FormView, 'pages'>,
): readonly RefusedQuestion[] {
  return issue.flatMap(({ severity, expression, details, diagnostics }) => {
    const linkId = severity === 'error' || severity === 'fatal' ? linkIdAt(response, expression?.[0] ?? '') : undefined;
    if (linkId === undefined) return [];
    for (const page of pages) {
      const view = find(page.items, linkId);
      const why = details?.text ?? diagnostics ?? '';
      if (view !== undefined) return [{ page: page.key, key: view.key, question: view.text, why }];
    }
    return [];
  });
}

/** The linkId of the innermost item on the way of an expression such as `QuestionnaireResponse.item[2].answer[0].item[1]`. */
function linkIdAt(response: QuestionnaireResponse, expression: string): string | undefined {
  let items: readonly QuestionnaireResponseItem[] = response.item ?? [];
  let inside: QuestionnaireResponseItem | undefined;
  for (const [, element, index] of expression.matchAll(/\.(item|answer)\[(\d+)\]/g)) {
    if (element === 'item') {
      inside = items[Number(index)];
      items = inside?.item ?? [];
    } else {
      items = inside?.answer?.[Number(index)]?.item ?? [];
    }
  }
  return inside?.linkId;
}

function find(items: readonly ItemView[], linkId: string): ItemView | undefined {
  for (const view of items) {
    const found = view.item.linkId === linkId ? view : find(view.children, linkId);
    if (found !== undefined) return found;
  }
  return undefined;
}
