import type { QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { profiledReferences } from '../forms/constraints/profiled-references.ts';
import type { Form } from '../forms/form.ts';
import { faultIssue } from '../forms/messages/fault-issue.ts';
import { hasErrors, type Issue } from '../model/issue.ts';
import type { Language } from '../model/language.ts';

/**
 * Answers that refer to something which fits none of the profiles that the form names (questionnaire-referenceProfile).
 * What is not here, and profiles that are not known here, pass: whether a reference leads anywhere is judged elsewhere.
 */
export async function profileFaults(
  form: Form,
  response: QuestionnaireResponse,
  language: Language,
  resourceAt: (reference: string) => Promise<Resource | undefined>,
  validate: (resource: Resource) => readonly Issue[],
): Promise<readonly Issue[]> {
  const faults: Issue[] = [];
  for (const { reference, item, path } of profiledReferences(form, response)) {
    const { linkId, constraints } = item;
    const { label, referenceProfiles } = constraints;
    const target = reference.startsWith('#')
      ? response.contained?.find(({ id }) => `#${id}` === reference)
      : await resourceAt(reference);
    const fits = (profile: string): boolean =>
      target === undefined || !hasErrors(validate({ ...target, meta: { ...target.meta, profile: [profile] } }));
    if (!referenceProfiles.some(fits)) {
      const words = { linkId, label, limit: referenceProfiles.join(', ') };
      faults.push(faultIssue('invalidRefProfile', words, path, language));
    }
  }
  return faults;
}
