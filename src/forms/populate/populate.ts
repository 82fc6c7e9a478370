import type { QuestionnaireResponse, Reference } from '@medplum/fhirtypes';
import { hasErrors, type Issue } from '../../model/issue.ts';
import type { FormData } from '../expressions/data.ts';
import type { Given } from '../expressions/form-env.ts';
import { type FormState, openForm } from '../expressions/form-state.ts';
import { STEPS_IN_ALL } from '../expressions/snapshot.ts';
import type { Form } from '../form.ts';
import { validateResponse } from '../validate-response.ts';
import { AskedQueries } from './asked-queries.ts';
import { contextsOf, type GivenContexts } from './contexts.ts';
import { Filling } from './filling.ts';
import { Misfits } from './misfits.ts';
import { refuseMaps, withSources } from './source-queries.ts';

export interface Populated {
  /** In progress; every item of the form that is enabled stands in it, answered or not. */
  readonly response: QuestionnaireResponse;
  /** Warnings: what could not be evaluated, and what was found but does not suit its question. */
  readonly issues: readonly Issue[];
  /**
   * Queries that were asked and that `data.queries` does not answer, each once. One may need the answer to another: fetch
   * them, and populate again, until nothing new is wanted.
   */
  readonly wanted: readonly string[];
}

/** Answers may enable questions, and expressions may use answers; so often the form is gone through, and no more. */
const PASSES_MAX = 12;
/** What was found and does not suit is left out, which may change what else is found. */
const REPAIRS_MAX = 4;

/** A response to a form before anything is known but whom it is about. */
export function startResponse(form: Form, subject: Reference | undefined, now: Date): QuestionnaireResponse {
  const { url, version, source } = form;
  return {
    resourceType: 'QuestionnaireResponse',
    ...(source.language === undefined ? {} : { language: source.language }),
    ...(url === undefined ? {} : { questionnaire: version === undefined ? url : `${url}|${version}` }),
    status: 'in-progress',
    ...(subject === undefined ? {} : { subject }),
    authored: now.toISOString(),
  };
}

/**
 * Fills in what is known already (SDC, "Form Population"): by initialExpression, in groups that itemPopulationContext
 * repeats; by the subject's Observations (observationLinkPeriod); by the subject's earlier answer to the same question
 * (previousAnswer); by `initial`. In this order: the first that yields something counts. Then what the form calculates.
 * Disabled items are left out. The response is valid by the form: what does not suit is left out and told.
 *
 * @param start whom the response is about, as startResponse makes it; its items are not looked at
 * @param contexts resources given by the name of a launch context, of a root variable, or of the sourceQueries
 */
export function populate(
  form: Form,
  start: QuestionnaireResponse,
  data: FormData,
  contexts: GivenContexts = new Map(),
): Populated {
  const known = contextsOf(form, start, { work: { left: STEPS_IN_ALL }, ...data }, contexts);
  const asked = new AskedQueries(known.data);
  const noted = withSources(form, start, asked.data);
  // A validation asks for more than a population does, so what it asks is not noted.
  const unnoted: FormData = { ...noted, queries: (query) => known.data.queries?.(query) };
  const misfits = new Misfits(form);
  const means = { given: known.given, asked, misfits, passes: { left: PASSES_MAX } };
  let filled = fill(form, start, noted, means);
  for (let repair = 0; repair < REPAIRS_MAX; repair += 1) {
    const faults = validateResponse(form, filled.response, unnoted);
    if (!hasErrors(faults) || !misfits.add(filled.response, faults)) break;
    filled = fill(form, start, noted, means);
  }
  return {
    response: filled.response,
    issues: [...known.issues, ...refuseMaps(form), ...filled.issues, ...misfits.issues, ...asked.issues],
    wanted: asked.unanswered,
  };
}

interface Means {
  readonly given: Given;
  readonly asked: AskedQueries;
  readonly misfits: Misfits;
  readonly passes: { left: number };
}

function fill(form: Form, start: QuestionnaireResponse, data: FormData, means: Means) {
  const fillFrom = (state: FormState, calculated: boolean): Filling => new Filling(state, start, means, calculated);
  let response: QuestionnaireResponse = { ...start, item: [] };
  let text = '';
  let state = openForm(form, response, data);
  for (; means.passes.left > 0; means.passes.left -= 1) {
    response = { ...start, item: fillFrom(state, false).items() };
    state = openForm(form, response, data);
    const now = JSON.stringify(response.item);
    if (now === text) break;
    text = now;
  }
  const last = fillFrom(state, true);
  const item = last.items();
  return { response: { ...start, ...(item.length === 0 ? {} : { item }) }, issues: [...state.issues, ...last.issues] };
}
