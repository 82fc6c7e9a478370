import type { QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import type { Issue } from '../../model/issue.ts';
import type { FormData } from '../expressions/data.ts';
import type { FormExpression } from '../expressions/expression.ts';
import type { Given } from '../expressions/form-env.ts';
import { openForm } from '../expressions/form-state.ts';
import type { Form } from '../form.ts';
import { SOURCE_QUERIES, sourceBundle } from './source-queries.ts';

/** What $populate is given as `context`: resources by name. */
export type GivenContexts = ReadonlyMap<string, readonly Resource[]>;

export interface KnownContexts {
  readonly data: FormData;
  /** Variables of the form that were given instead of being evaluated, and that are no queries. */
  readonly given: Given;
  readonly issues: readonly Issue[];
}

/**
 * What expressions know by name besides what the form's variables yield: launch contexts, and given values of root variables
 * and of the sourceQueries (SDC $populate, context.name). A context that is not there is empty, told once, instead of
 * failing in each expression that uses it.
 */
export function contextsOf(
  form: Form,
  start: QuestionnaireResponse,
  data: FormData,
  contexts: GivenContexts,
): KnownContexts {
  const issues: Issue[] = [];
  const launch: Record<string, unknown> = { ...data.launch };
  const variables = new Map<FormExpression, readonly Resource[]>();
  const sources = sourceBundle(form);
  for (const [name, resources] of contexts) {
    const variable = form.expressions.variables.find((each) => each.name === name);
    if (variable !== undefined) {
      variables.set(variable, resources);
    } else if (form.launchContexts.some((each) => each.name === name)) {
      launch[name] = oneOrAll(resources);
    } else if (sources !== undefined && (name === SOURCE_QUERIES || name === sources.id)) {
      launch[sources.id] = oneOrAll(resources);
    } else {
      issues.push(warning('A context was given under a name that the form does not declare; it was not used.'));
    }
  }
  for (const { name } of form.launchContexts) {
    if (!Object.hasOwn(launch, name)) {
      launch[name] = null;
      issues.push(warning(`The form asks for the context '${name}', which is not there.`));
    }
  }
  for (const { expressions } of form.items.values()) {
    const name = expressions.candidates?.name;
    // What a candidateExpression names is what a person picks from it: nothing yet.
    if (name !== undefined && !Object.hasOwn(launch, name)) launch[name] = null;
  }
  return { ...withVariables(form, start, { ...data, launch }, variables), issues };
}

/** A variable that is a query is given by answering the query, so that all that is evaluated sees the same. */
function withVariables(
  form: Form,
  start: QuestionnaireResponse,
  data: FormData,
  variables: ReadonlyMap<FormExpression, readonly Resource[]>,
): { data: FormData; given: Given } {
  const given = new Map<string, readonly TypedValue[]>();
  const answers = new Map<string, unknown>();
  const state = openForm(form, start, data);
  for (const [variable, resources] of variables) {
    const text = state.queryText(variable, state.root);
    const values = resources.map((value) => ({ type: value.resourceType, value }));
    if (text === undefined) given.set(variable.name ?? '', values);
    else answers.set(text, oneOrAll(resources));
  }
  const queries = (query: string): unknown => answers.get(query) ?? data.queries?.(query);
  return { data: { ...data, queries }, given };
}

function oneOrAll(resources: readonly Resource[]): unknown {
  return resources.length === 1 ? resources[0] : resources;
}

function warning(diagnostics: string): Issue {
  return { severity: 'warning', code: 'incomplete', diagnostics, expression: ['Questionnaire'] };
}
