import type { QuestionnaireResponse, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import type { Form, FormItem } from '../form.ts';
import { type Place, placeOf } from '../place.ts';
import type { FormData } from './data.ts';
import { effectiveResponse } from './effective-response.ts';
import { openForm } from './form-state.ts';

/** Answers that a form gives by itself, each by where it belongs; see `withAutomaticAnswers`. */
export type AutomaticAnswers = ReadonlyMap<string, readonly QuestionnaireResponseItemAnswer[]>;

/**
 * The answers that a form calculates for required questions which a whole response leaves unanswered and which a person
 * could have answered otherwise: SmerteReg's LAR, "filled in automatically if questions 5 and 6 are answered with no"
 * (manual 1.8, "Behandlerdel 1.1"). Undefined where there are none. What is read-only is not among them: it is
 * calculated whenever it is read.
 */
export function automaticAnswers(
  form: Form,
  response: QuestionnaireResponse,
  data: FormData,
): AutomaticAnswers | undefined {
  const whole = response.status === 'completed' || response.status === 'amended';
  if (!whole || ![...form.items.values()].some(isAutomatic)) return undefined;
  const found = new Map<string, readonly QuestionnaireResponseItemAnswer[]>();
  for (const { item, container, answers = [], given } of openForm(form, response, data).calculated()) {
    if (isAutomatic(item) && given.length === 0 && answers.length > 0) found.set(keyOf(item, container), answers);
  }
  return found.size === 0 ? undefined : found;
}

/** The response with these answers in their places; items that it does not have are added in the form's order. */
export function withAutomaticAnswers<R extends Pick<QuestionnaireResponse, 'item'>>(
  form: Form,
  response: R,
  answers: AutomaticAnswers,
): R {
  const given = response as R & QuestionnaireResponse;
  return effectiveResponse(given, placeOf(given), form.roots, {
    isEnabled: () => true,
    calculated: (item, container) => answers.get(keyOf(item, container)),
  }).response as R & QuestionnaireResponse;
}

function isAutomatic({ required, readOnly, expressions }: FormItem): boolean {
  return required && !readOnly && expressions.calculated !== undefined;
}

function keyOf({ linkId }: FormItem, container: Place): string {
  return `${container.path} ${linkId}`;
}
