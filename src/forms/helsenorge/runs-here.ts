import type { Extension, Questionnaire } from '@medplum/fhirtypes';
import { FhirError } from '../../model/issue.ts';
import { compileForm } from '../form.ts';

/** Why an extension with an expression can't be run here; undefined if it can. */
export function whyNotRun(extension: Extension, launchContexts: readonly Extension[]): string | undefined {
  const form: Questionnaire = {
    resourceType: 'Questionnaire',
    status: 'draft',
    extension: [...launchContexts],
    item: [{ linkId: 'item', type: 'date', extension: [extension] }],
  };
  try {
    compileForm(form);
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof FhirError)) throw refusal;
    return refusal.issues[0]?.diagnostics ?? refusal.message;
  }
}
