import type { OperationOutcome, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { FormFault, FormSession, ItemKey, ItemView } from '../../form/contract.ts';

/**
 * Tells a form which of its answers the server did not take when it was sent: each at its question, until that is answered
 * anew. What the refusal says of the form as a whole is about no question.
 *
 * @param response what was sent, which the refusal's FHIRPath expressions lead into
 * @returns the page of the first of these questions; undefined: there is none
 */
export function tellRefused(
  form: Pick<FormSession, 'current' | 'refused'>,
  response: QuestionnaireResponse,
  refusal: OperationOutcome | undefined,
): ItemKey | undefined {
  const { pages } = form.current();
  const views = pages.flatMap(({ items }) => items);
  const faults = (refusal?.issue ?? []).flatMap(({ severity, code, details, diagnostics, expression }) => {
    const view = severity === 'error' || severity === 'fatal' ? viewAt(views, response, expression?.[0]) : undefined;
    if (view === undefined) return [];
    const rule = details?.coding?.[0]?.code ?? code;
    return [faultOf(view, rule, details?.text ?? diagnostics ?? '')];
  });
  form.refused(faults);
  const refused = new Set(faults.map(({ key }) => key));
  return pages.find(({ items }) => holds(items, refused))?.key;
}

/** Named by its question, as it stands alone in the summary too. */
function faultOf({ key, item, text }: ItemView, rule: string, why: string): FormFault {
  const named = why.startsWith(text) ? why : `${text}: ${why}`;
  return { key, linkId: item.linkId, severity: 'error', text: named, rule, confirmed: false };
}

/**
 * The innermost question on the way of an expression such as `QuestionnaireResponse.item[2].answer[0].item[1]`, in the same row
 * of a repeating group. A group that is a page is no view: what it holds is found among all.
 */
function viewAt(views: readonly ItemView[], response: QuestionnaireResponse, expression = ''): ItemView | undefined {
  let scope = views;
  let items: readonly QuestionnaireResponseItem[] = response.item ?? [];
  let inside: QuestionnaireResponseItem | undefined;
  let found: ItemView | undefined;
  for (const [, element, at] of expression.matchAll(/\.(item|answer)\[(\d+)\]/g)) {
    const index = Number(at);
    if (element === 'answer') {
      items = inside?.answer?.[index]?.item ?? [];
      continue;
    }
    inside = items[index];
    const linkId = inside?.linkId ?? '';
    found = find(scope, linkId);
    const row = items.slice(0, index).filter((item) => item.linkId === linkId).length;
    scope = found === undefined ? scope : (found.rows?.[row]?.children ?? found.children);
    items = inside?.item ?? [];
  }
  return found;
}

function find(views: readonly ItemView[], linkId: string): ItemView | undefined {
  for (const view of views) {
    const found = view.item.linkId === linkId ? view : find(view.children, linkId);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holds(views: readonly ItemView[], keys: ReadonlySet<ItemKey>): boolean {
  return views.some(({ key, children }) => keys.has(key) || holds(children, keys));
}
