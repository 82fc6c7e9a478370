import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { error, FhirError, hasErrors, type Issue } from '../../model/issue.ts';
import { answerValue } from '../answers.ts';
import { occurrences } from '../enabled-items.ts';
import type { FormData } from '../expressions/data.ts';
import { type FormState, openForm } from '../expressions/form-state.ts';
import type { Form, FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { populate, startResponse } from '../populate/populate.ts';
import { validateResponse } from '../validate-response.ts';
import { askedIn, containedForm, containedResources, isAdaptive } from './contained-form.ts';
import { enabledPlaces, isAnsweredHidden } from './enabled-places.ts';
import { prefilled } from './prefilled.ts';
import { isHiddenQuestion, isQuestion, isWithin, stepOf } from './steps.ts';

/**
 * An adaptive response with its next question (SDC, "Adaptive forms"): the contained form gains the next question that the
 * whole form asks, given the answers so far, or all of a page or table of which one is asked. Questions that are no longer
 * to be asked leave it, with their answers. When there is none left, what the form calculates is added, and the response
 * is completed.
 *
 * What is known already ($populate) is filled in as its question is asked, and for hidden questions at once.
 *
 * The whole form, not the contained one, decides: of that only the linkIds count.
 *
 * @param form the whole form, which the contained one is derived from
 * @throws FhirError 422 for a form that is not adaptive, answers that are wrong by it, a required question that was asked
 *   and is not answered, a response that is finished
 */
export function nextQuestion(form: Form, given: QuestionnaireResponse, data: FormData): QuestionnaireResponse {
  const known = containedForm(given);
  if (known === undefined || !isAdaptive(form.source)) {
    throw refusal(
      'The response contains no form that is derived from an adaptive one.',
      'QuestionnaireResponse.contained',
    );
  }
  if (given.status !== 'in-progress') {
    throw refusal('Only a response in progress is asked more.', 'QuestionnaireResponse.status');
  }
  const linkIds = askedIn(known);
  const asked = new Set([...form.items.values()].filter(({ linkId }) => linkIds.has(linkId)));
  if (asked.size < linkIds.size) {
    throw refusal('The contained form has items that the whole one does not have.', 'QuestionnaireResponse.contained');
  }
  const found = populate(form, startResponse(form, given.subject, data.now), data).response.item ?? [];
  const answered = withHidden(pruned(form, given, data), form, data, found);
  refuseFaults(validateResponse(form, answered, data));
  const state = openForm(form, answered, data);
  refuseUnanswered(state, asked);
  const next = [...form.items.values()].find(
    (item) => isQuestion(item) && !asked.has(item) && enabledPlaces(state, item).length > 0,
  );
  const id = known.id ?? '';
  return next === undefined ? finished(state, asked, id, data) : withNext(state, asked, id, stepOf(next), found);
}

function pruned(form: Form, given: QuestionnaireResponse, data: FormData): QuestionnaireResponse {
  const state = openForm(form, given, data);
  return { ...given, item: stillAsked(state, state.root) };
}

/** The response with what is known for questions that nobody is asked: they may decide what is asked next. */
function withHidden(
  response: QuestionnaireResponse,
  form: Form,
  data: FormData,
  found: readonly QuestionnaireResponseItem[],
): QuestionnaireResponse {
  const state = openForm(form, response, data);
  const isWanted = (item: FormItem): boolean => isHiddenQuestion(item) && enabledPlaces(state, item).length > 0;
  const item = prefilled(form.roots, response.item ?? [], found, isWanted);
  return pruned(form, { ...response, item }, data);
}

/** The response without items that are disabled, and without what is calculated: that is the server's. */
function stillAsked(state: FormState, place: Place): QuestionnaireResponseItem[] {
  const level = place.item?.children ?? state.form.roots;
  return place.items.flatMap((node) => {
    const item = level.get(node.linkId);
    if (item === undefined) return [node];
    if (item.expressions.calculated !== undefined || !state.isEnabled(item, place)) return [];
    const { item: items, answer, ...own } = node;
    const inner = items && stillAsked(state, place.inside(item, node));
    const answers = answer?.map((each) => {
      if (each.item === undefined) return each;
      const { item: _, ...value } = each;
      const kept = stillAsked(state, place.inside(item, node, each));
      return kept.length === 0 ? value : { ...value, item: kept };
    });
    return [
      { ...own, ...(answers === undefined ? {} : { answer: answers }), ...(inner?.length ? { item: inner } : {}) },
    ];
  });
}

function withNext(
  state: FormState,
  asked: ReadonlySet<FormItem>,
  id: string,
  step: FormItem,
  found: readonly QuestionnaireResponseItem[],
): QuestionnaireResponse {
  const last = Math.max(...[step, ...asked].map(({ position }) => position));
  const isNew = (item: FormItem): boolean =>
    isQuestion(item) && !asked.has(item) && isWithin(item, step) && enabledPlaces(state, item).length > 0;
  const isAsked = (item: FormItem): boolean => {
    if (enabledPlaces(state, item).length === 0) return false;
    if (item.type === 'display') return item.position < Math.max(last, endOf(step));
    return isNew(item) || (isQuestion(item) && asked.has(item)) || isAnsweredHidden(state, item);
  };
  const item = prefilled(state.form.roots, state.response.item ?? [], found, isNew);
  return contained(state, { ...state.response, item }, id, isAsked);
}

function finished(state: FormState, asked: ReadonlySet<FormItem>, id: string, data: FormData): QuestionnaireResponse {
  const calculated = new Set(
    state.calculated().flatMap(({ item, answers = [] }) => (answers.length > 0 ? [item] : [])),
  );
  const response: QuestionnaireResponse = {
    ...state.effective,
    status: 'completed',
    authored: state.response.authored ?? data.now.toISOString(),
  };
  refuseFaults(validateResponse(state.form, response, data));
  return contained(
    state,
    response,
    id,
    (item) =>
      calculated.has(item) || ((asked.has(item) || item.type === 'display') && enabledPlaces(state, item).length > 0),
  );
}

function contained(
  { form }: FormState,
  response: QuestionnaireResponse,
  id: string,
  isAsked: (item: FormItem) => boolean,
): QuestionnaireResponse {
  const resources = containedResources(form, id, isAsked);
  const ids = new Set(resources.map((each) => each.id));
  const others = (response.contained ?? []).filter((each) => !ids.has(each.id));
  const { item, ...rest } = response;
  return { ...rest, contained: [...resources, ...others], ...(item?.length ? { item } : {}) };
}

/** The position of the last item that stands in another. */
function endOf(item: FormItem): number {
  return Math.max(item.position, ...[...item.children.values()].map(endOf));
}

function refuseUnanswered(state: FormState, asked: ReadonlySet<FormItem>): void {
  const issues = [...asked].flatMap((item): Issue[] => {
    if (!item.required || !isQuestion(item)) return [];
    const lacking = enabledPlaces(state, item).find((place) =>
      occurrences(item, place).every(({ answer = [] }) => answer.every((each) => answerValue(each) === undefined)),
    );
    return lacking === undefined
      ? []
      : [error('required', `The question '${item.linkId}' must be answered before the next is asked.`, lacking.path)];
  });
  if (issues.length > 0) {
    throw new FhirError(422, issues);
  }
}

function refuseFaults(issues: readonly Issue[]): void {
  if (hasErrors(issues)) {
    throw new FhirError(422, issues);
  }
}

function refusal(diagnostics: string, expression: string): FhirError {
  return new FhirError(422, [error('business-rule', diagnostics, expression)]);
}
