import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { Form, FormItem } from '../form.ts';

/** An answer that refers to something which must fit a profile (questionnaire-referenceProfile): whoever can read it checks. */
export interface ProfiledReference {
  /** As answered: `Patient/1`, `#p`. */
  readonly reference: string;
  readonly item: FormItem;
  /** Where the answer's value stands. */
  readonly path: string;
}

/** The answers of a response that refer to what must fit a profile of its form. */
export function profiledReferences(form: Form, response: QuestionnaireResponse): readonly ProfiledReference[] {
  const profiled = [...form.items.values()].some(({ constraints }) => constraints.referenceProfiles.length > 0);
  return profiled ? [...referencesIn(form, response.item, 'QuestionnaireResponse')] : [];
}

function* referencesIn(
  form: Form,
  items: readonly QuestionnaireResponseItem[] | undefined,
  path: string,
): Generator<ProfiledReference> {
  for (const [index, entry] of (items ?? []).entries()) {
    const here = `${path}.item[${index}]`;
    const item = form.items.get(entry.linkId);
    yield* referencesIn(form, entry.item, here);
    for (const [n, { valueReference, item: inner }] of (entry.answer ?? []).entries()) {
      const reference = valueReference?.reference;
      if (item !== undefined && item.constraints.referenceProfiles.length > 0 && reference !== undefined) {
        yield { reference, item, path: `${here}.answer[${n}].value` };
      }
      yield* referencesIn(form, inner, `${here}.answer[${n}]`);
    }
  }
}
