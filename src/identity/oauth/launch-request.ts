import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import type { Identity } from '../identity.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { PatientChoice } from './consent.ts';
import { LAUNCH_LIFETIME_MS, storeLaunch } from './launches.ts';
import { isReference } from './references.ts';

export interface LaunchParts {
  readonly db: Queryable;
  readonly secrets: Secrets;
  readonly clients: ClientDirectory;
  readonly choice: PatientChoice;
  readonly fhirBase: string;
  /** ms since 1970 */
  readonly now: () => number;
}

/** What is answered: a launch, or why there is none, in words for the developer of the EHR system. */
export type LaunchAnswer =
  | {
      readonly status: 201;
      readonly body: { readonly launch: string; readonly launch_url: string; readonly expires_in: number };
    }
  | { readonly status: 400 | 403; readonly body: { readonly error: string; readonly error_description: string } };

/**
 * Registers the context of an EHR launch (SMART App Launch 2.2, "Launch App: EHR Launch"): which app, for whom, about
 * which patient. A system says for whom; a person launches for themselves.
 * @param asked `{client_id, patient, user?, encounter?, course?, intent?}`, references as `Patient/x`
 */
export async function registerLaunch(who: Identity, asked: unknown, parts: LaunchParts): Promise<LaunchAnswer> {
  if (typeof asked !== 'object' || asked === null) return refused('the body is not a JSON object');
  const { client_id: id, patient, user, encounter, course, intent } = asked as Readonly<Record<string, unknown>>;
  const client = typeof id === 'string' ? await parts.clients(id) : undefined;
  if (client?.kind !== 'app' || client.launchUri === undefined)
    return refused('client_id names no app that can be launched');
  if (!isReference(patient, ['Patient'])) return refused('patient must be a reference such as Patient/x');
  const launcher = who.kind === 'person' ? who.fhirUser : user;
  if (!isReference(launcher, ['Practitioner', 'Patient']))
    return refused('user must be a reference such as Practitioner/x');
  if (who.kind === 'person' && user !== undefined && user !== launcher)
    return refused('a person launches for themselves');
  if (encounter !== undefined && !isReference(encounter, ['Encounter']))
    return refused('encounter must be Encounter/x');
  if (course !== undefined && !isReference(course, ['EpisodeOfCare'])) return refused('course must be EpisodeOfCare/x');
  if (intent !== undefined && (typeof intent !== 'string' || intent.length > 100))
    return refused('intent must be a short text');
  const patientId = idOf(patient);
  if (!(await parts.choice.mayRead(who, patientId))) {
    // the same for a patient who is not there
    return { status: 403, body: { error: 'access_denied', error_description: 'the patient cannot be read' } };
  }
  for (const part of [encounter, course]) {
    if (part !== undefined && (await parts.choice.patientOf(who, part)) !== patient) {
      return refused('encounter and course must be about the patient');
    }
  }
  const context = {
    patient: patientId,
    ...(encounter !== undefined && { encounter: idOf(encounter) }),
    ...(course !== undefined && { course }),
    ...(intent !== undefined && { intent }),
  };
  const launch = await storeLaunch(
    parts.db,
    parts.secrets,
    { client: client.id, user: launcher, context },
    parts.now(),
  );
  const url = new URL(client.launchUri);
  url.searchParams.set('iss', parts.fhirBase);
  url.searchParams.set('launch', launch);
  return { status: 201, body: { launch, launch_url: url.href, expires_in: LAUNCH_LIFETIME_MS / 1000 } };
}

function refused(description: string): LaunchAnswer {
  return { status: 400, body: { error: 'invalid_request', error_description: description } };
}

function idOf(reference: string): string {
  return reference.slice(reference.indexOf('/') + 1);
}
