import type { BotEvent, MedplumClient } from '@medplum/core';
import type { Provenance, QuestionnaireResponse, Reference, Task } from '@medplum/fhirtypes';
import { now } from '../../src/registry/event-time.ts';
import { type ChangeOfLocked, changeReason } from '../../src/registry/locked-form.ts';
import { codeSystem, identifierSystem } from '../../src/registry/names.ts';
import { agent, role } from './role.ts';

/**
 * Tells, in a Provenance, who opened or corrected a locked form, when, in which role and why.
 * @param version the version that came of it, with its number
 * @param before the version that was locked: a reason that it names already was not given now
 */
export async function tellOfChange(
  medplum: MedplumClient,
  event: BotEvent,
  change: Extract<ChangeOfLocked, 'opened' | 'corrected'>,
  version: QuestionnaireResponse | Task,
  before: QuestionnaireResponse | Task,
): Promise<void> {
  const { resourceType, id, meta } = version;
  const patient = version.resourceType === 'Task' ? version.for : version.subject;
  const reason = changeReason(version);
  const provenance: Provenance = {
    resourceType: 'Provenance',
    // the patient too: so it is part of the patient's record
    target: [
      { reference: `${resourceType}/${id}/_history/${meta?.versionId}` },
      ...(patient?.reference === undefined ? [] : [{ reference: patient.reference }]),
    ],
    recorded: now(event).toISOString(),
    activity: { coding: [{ system: codeSystem.lockedFormChange, code: change }] },
    ...(reason !== undefined && reason !== changeReason(before) ? { reason: [{ text: reason }] } : {}),
    agent: [{ role: [{ coding: [{ system: codeSystem.role, code: role(event) ?? '' }] }], who: actor(event) }],
  };
  await medplum.createResource(provenance);
}

/** Who acts. Systems have no resource of their own: they are named by their OAuth client. */
function actor(event: BotEvent): Reference<never> {
  const who = agent(event) ?? '';
  return who.startsWith('Device/')
    ? { identifier: { system: identifierSystem.client, value: who.slice('Device/'.length) } }
    : { reference: who };
}
