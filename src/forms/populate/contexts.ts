import type { QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import type { Issue } from '../../model/issue.ts';
import type { FormData } from '../expressions/data.ts';
import type { Given } from '../expressions/form-env.ts';
import type { Form } from '../form.ts';
import { answeredSources, SOURCE_QUERIES, sourceBundle } from './source-queries.ts';

/** What $populate is given as `context`: resources by name. */
export type GivenContexts = ReadonlyMap<string, readonly Resource[]>;

export interface KnownContexts {
  readonly data: FormData;
  /** Values of variables of the form that were given instead of being evaluated. */
  readonly given: Given;
  readonly issues: readonly Issue[];
}

/**
 * What expressions know by name besides the form's variables: launch contexts, the answers to the sourceQueries, and
 * given values of root variables (SDC $populate, context.name). A context that is not there is empty, told once, instead
 * of failing in each expression that uses it.
 */
export function contextsOf(
  form: Form,
  start: QuestionnaireResponse,
  data: FormData,
  contexts: GivenContexts,
): KnownContexts {
  const issues: Issue[] = [];
  const launch: Record<string, unknown> = { ...data.launch };
  const given = new Map<string, readonly TypedValue[]>();
  const variables = new Set(form.expressions.variables.map(({ name }) => name));
  const declared = new Set(form.launchContexts.map(({ name }) => name));
  const sources = sourceBundle(form);
  for (const [name, resources] of contexts) {
    if (variables.has(name)) {
      given.set(
        name,
        resources.map((value) => ({ type: value.resourceType, value })),
      );
    } else if (declared.has(name) || isSource(name, sources)) {
      launch[sources !== undefined && isSource(name, sources) ? sources.id : name] =
        resources.length === 1 ? resources[0] : resources;
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
  const known: FormData = { ...data, launch };
  if (sources !== undefined && !Object.hasOwn(launch, sources.id)) {
    launch[sources.id] = answeredSources(form, start, known, sources);
  }
  return { data: known, given, issues };
}

function isSource(name: string, sources: { readonly id: string } | undefined): boolean {
  return sources !== undefined && (name === SOURCE_QUERIES || name === sources.id);
}

function warning(diagnostics: string): Issue {
  return { severity: 'warning', code: 'incomplete', diagnostics, expression: ['Questionnaire'] };
}
