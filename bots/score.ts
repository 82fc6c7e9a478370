import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import { scoreEssence, scoreIdentifier, scoreObservation } from '../src/forms/score/score-observation.ts';
import { inheritedMeta } from '../src/registry/historic.ts';
import { readScoring } from './course/read-scoring.ts';
import { createOnce, identifierQuery, save } from './course/save.ts';

/**
 * Stores the scores of every locked response, one Observation a score, by the rules that the form names. A corrected
 * response corrects its scores, a changed rule makes new versions of them, one entered in error takes them with it. What
 * is the same is not written again.
 *
 * @returns how many Observations were written
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<{ written: number }> {
  const response = event.input as QuestionnaireResponse;
  let written = 0;
  if (!['completed', 'amended', 'entered-in-error'].includes(response.status)) return { written };
  const scoring = await readScoring(medplum, response);
  for (const score of scoring?.scorer.score(response) ?? []) {
    const identifier = scoreIdentifier(response, score.rule);
    const known = await medplum.searchOne('Observation', identifierQuery(identifier));
    if (known === undefined && response.status === 'entered-in-error') continue;
    const made = scoreObservation(response, score, scoring?.library ?? '');
    const wanted: Observation = { ...inheritedMeta(response), ...made };
    if (known === undefined) await createOnce(medplum, wanted, identifier);
    else if (scoreEssence(known) !== scoreEssence(wanted)) await save(medplum, { ...wanted, id: known.id });
    else continue;
    written += 1;
  }
  return { written };
}
