import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { containersOf, occurrences } from '../enabled-items.ts';
import type { Form, FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import type { FormData } from './data.ts';
import type { FormExpression, ItemExpressions, SharedExpressions } from './expression.ts';
import { type FormState, openForm } from './form-state.ts';

/**
 * The FHIR queries that the form's expressions ask for and that `data.queries` does not answer yet: each once, with its
 * placeholders filled in and relative to the server's base (`Observation?patient=Patient%2F1`). A query is left out while
 * a placeholder has no value. One may need the answer to another, so the caller asks, fetches, and asks again until
 * nothing new is wanted; what could not be fetched is wanted again each time.
 */
export function wantedQueries(form: Form, response: QuestionnaireResponse, data: FormData): readonly string[] {
  const queries = knownQueriesOf(form);
  if (queries.length === 0) {
    return [];
  }
  const state = openForm(form, response, data);
  const wanted = new Set<string>();
  for (const { expression, item } of queries) {
    for (const place of placesOf(item, state)) {
      const text = state.queryText(expression, place);
      if (text !== undefined && data.queries?.(text) === undefined) wanted.add(text);
    }
  }
  return [...wanted];
}

interface PlacedQuery {
  readonly expression: FormExpression;
  readonly item: FormItem | undefined;
}

/** Looked for once for each form: every validation of a response asks. */
const known = new WeakMap<Form, readonly PlacedQuery[]>();

function knownQueriesOf(form: Form): readonly PlacedQuery[] {
  const queries = known.get(form) ?? queriesOf(form);
  known.set(form, queries);
  return queries;
}

/** The expressions of a form that are queries, with what they stand on. */
function queriesOf(form: Form): readonly PlacedQuery[] {
  const shared = ({ variables, contexts, elements }: SharedExpressions): (FormExpression | undefined)[] => [
    ...variables,
    ...contexts,
    ...elements.values(),
  ];
  const own = (each: ItemExpressions): (FormExpression | undefined)[] => [
    each.initial,
    each.calculated,
    each.answers,
    each.candidates,
    ...each.contextViews.map(({ expression }) => expression),
  ];
  const all = [
    ...shared(form.expressions).map((expression) => ({ expression, item: undefined })),
    ...[...form.items.values()].flatMap((item) =>
      [...shared(item.expressions), ...own(item.expressions)].map((expression) => ({ expression, item })),
    ),
  ];
  return all.flatMap(({ expression, item }) => (expression?.program?.kind === 'query' ? [{ expression, item }] : []));
}

function placesOf(item: FormItem | undefined, { root }: FormState): readonly Place[] {
  return item === undefined
    ? [root]
    : containersOf(item, root).flatMap((container) => {
        const nodes = occurrences(item, container);
        return nodes.length === 0 ? [container.inside(item)] : nodes.map((node) => container.inside(item, node));
      });
}
