import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Observation, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { compileForm, type Form } from '../src/forms/form.ts';
import { scoreResponse } from '../src/forms/score.ts';
import { scoreIdentifier, scoreObservation } from '../src/forms/score-observation.ts';
import { inheritedMeta } from '../src/registry/historic.ts';
import { identifierQuery, save } from './course/save.ts';

/**
 * Stores the scores that a form declares, one Observation a score, for every locked response. A corrected response
 * corrects its scores; one entered in error takes them with it.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const response = event.input as QuestionnaireResponse;
  if (!['completed', 'amended', 'entered-in-error'].includes(response.status)) return;
  const form = await readForm(medplum, response.questionnaire ?? '');
  if (form === undefined) return;
  for (const score of scoreResponse(form, response)) {
    const known = await medplum.searchOne('Observation', identifierQuery(scoreIdentifier(response, score)));
    if (known === undefined && response.status === 'entered-in-error') continue;
    const wanted: Observation = { ...inheritedMeta(response), ...scoreObservation(response, score) };
    if (known === undefined || essence(known) !== essence(wanted)) {
      await save(medplum, known === undefined ? wanted : { ...wanted, id: known.id });
    }
  }
}

function essence({ status, valueQuantity, dataAbsentReason, effectiveDateTime, subject, method }: Observation): string {
  return JSON.stringify([
    status,
    valueQuantity?.value,
    dataAbsentReason?.text,
    effectiveDateTime,
    subject?.reference,
    method?.coding?.[0]?.version,
  ]);
}

const forms = new Map<string, { version: string | undefined; form: Form }>();

async function readForm(medplum: MedplumClient, canonical: string): Promise<Form | undefined> {
  const [url = '', version] = canonical.split('|');
  const query = new URLSearchParams({ url });
  if (version !== undefined) query.append('version', version);
  query.append('_sort', '-_lastUpdated');
  const questionnaire: Questionnaire | undefined = await medplum.searchOne('Questionnaire', query.toString());
  if (questionnaire?.id === undefined) return undefined;
  const known = forms.get(questionnaire.id);
  if (known !== undefined && known.version === questionnaire.meta?.versionId) return known.form;
  const form = compileForm(questionnaire);
  forms.set(questionnaire.id, { version: questionnaire.meta?.versionId, form });
  return form;
}
