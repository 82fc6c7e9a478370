import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { containersOf, occurrences } from '../enabled-items.ts';
import type { Form, FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import type { FormData } from './data.ts';
import { type FormState, openForm } from './form-state.ts';

/**
 * The FHIR queries that the form's expressions ask for and that `data.queries` does not answer yet: each once, with its
 * placeholders filled in and relative to the server's base (`Observation?patient=Patient%2F1`). A query is left out while
 * a placeholder has no value. One may need the answer to another, so the caller asks, fetches, and asks again until
 * nothing new is wanted; what could not be fetched is wanted again each time.
 *
 * @param options.candidates false where nobody picks an answer: lists to pick from (candidateExpression) are then left out
 */
export function wantedQueries(
  form: Form,
  response: QuestionnaireResponse,
  data: FormData,
  { candidates = true }: { readonly candidates?: boolean } = {},
): readonly string[] {
  const { queries } = form.logic;
  if (queries.length === 0) {
    return [];
  }
  const state = openForm(form, response, data);
  const wanted = new Set<string>();
  for (const { expression, item } of queries) {
    if (!candidates && item?.expressions.candidates === expression) continue;
    for (const place of placesOf(item, state)) {
      const text = state.queryText(expression, place);
      if (text !== undefined && data.queries?.(text) === undefined) wanted.add(text);
    }
  }
  return [...wanted];
}

function placesOf(item: FormItem | undefined, { root }: FormState): readonly Place[] {
  return item === undefined
    ? [root]
    : containersOf(item, root).flatMap((container) => {
        const nodes = occurrences(item, container);
        return nodes.length === 0 ? [container.inside(item)] : nodes.map((node) => container.inside(item, node));
      });
}
