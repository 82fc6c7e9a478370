import type {
  Communication,
  Consent,
  Patient,
  Practitioner,
  Provenance,
  Reference,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import type { Language } from '../model/language.ts';
import { languageOfTag } from '../model/language.ts';
import { codeSystem, identifierSystem } from '../registry/names.ts';
import { openTaskStatuses } from '../registry/order.ts';
import { patientLanguage } from '../registry/patient-language.ts';
import { type PatientRight, rightConcept } from '../registry/patient-right.ts';
import type { Work } from './one-commit.ts';
import { fulfilled } from './request.ts';

/** Who acts, as resources name them. Systems have no resource of their own: they are named by their OAuth client. */
export function actor({ agent, name }: Caller): Reference<Patient | Practitioner> {
  if (agent === undefined) {
    return { display: name };
  }
  return agent.who.startsWith('Device/')
    ? { identifier: { system: identifierSystem.client, value: agent.client } }
    : { reference: agent.who };
}

/**
 * Who did what because of which right. The Patient is a target too, which puts it into the patient's record.
 * @param what versions that came of it
 */
export function provenanceOf(
  right: PatientRight,
  caller: Caller,
  patientId: string,
  what: readonly Resource[],
  now: Date,
  source?: Task,
): Provenance {
  const patient = { reference: `Patient/${patientId}` };
  return {
    resourceType: 'Provenance',
    target: [...what.map(versionReference), patient],
    recorded: now.toISOString(),
    reason: [rightConcept(right)],
    agent: [
      {
        ...(caller.agent && { role: [{ coding: [{ system: codeSystem.role, code: caller.agent.role }] }] }),
        who: actor(caller),
        ...(caller.agent?.who === patient.reference ? {} : { onBehalfOf: patient }),
      },
    ],
    ...(source === undefined ? {} : { entity: [{ role: 'source', what: { reference: `Task/${source.id}` } }] }),
  };
}

function versionReference({ resourceType, id, meta }: Resource): Reference {
  return { reference: `${resourceType}/${id}/_history/${meta?.versionId}` };
}

/** Ends the open requests for a right that has just been done. @returns them, as they were */
export async function fulfilRequests(work: Work, right: PatientRight, patientId: string): Promise<readonly Task[]> {
  const open = await work.find<Task>('Task', [
    ['patient', `Patient/${patientId}`],
    ['code', `${codeSystem.patientRight}|${right}`],
    ['status', openTaskStatuses.join(',')],
  ]);
  for (const task of open) {
    await work.save(fulfilled(task, work.now));
  }
  return open;
}

const NOTICES: Readonly<Record<Language, string>> = {
  nb: 'Du har fått svar på en henvendelse om opplysningene dine. Logg inn for å lese det.',
  sv: 'Du har fått svar på en begäran om dina uppgifter. Logga in för att läsa det.',
  en: 'A request about your data has been answered. Sign in to read the answer.',
};

/** Tells the patient that there is an answer, never which: it may show on a locked screen. */
export function noticeOfAnswer(patient: Patient, about: Reference | undefined): Communication {
  const language = languageOfTag(patientLanguage(patient)) ?? 'nb';
  return {
    resourceType: 'Communication',
    language,
    status: 'in-progress',
    category: [{ coding: [{ system: codeSystem.noticeKind, code: 'notice' }] }],
    subject: { reference: `Patient/${patient.id}` },
    recipient: [{ reference: `Patient/${patient.id}` }],
    ...(about === undefined ? {} : { about: [about] }),
    payload: [{ contentString: NOTICES[language] }],
  };
}

/** Consents of a patient. */
export function consentsOf(work: Work, patientId: string): Promise<Consent[]> {
  return work.find<Consent>('Consent', [['patient', `Patient/${patientId}`]]);
}
