import { withinReach } from '../access/change-grant.ts';
import { mayAtAll, permitted } from '../access/predicate.ts';
import { reachesOf } from '../access/reaches.ts';
import { existing } from '../interactions/writes.ts';
import type { Bind } from '../model/access.ts';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { resourceTypes, typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { read } from '../store/read.ts';

/** What somebody may do about a patient's rights, and the roles that may. `patient` is the patient in person. */
const MAY = {
  'see-all': ['patient', 'lc', 'sc'],
  request: ['patient', 'lu', 'lc', 'sc'],
  answer: ['lc', 'sc'],
  rectify: ['lc', 'sc'],
  erase: ['lc', 'sc'],
  restrict: ['lc', 'sc'],
  reserve: ['patient', 'lc', 'sc'],
  consent: ['patient'],
  withdraw: ['patient', 'sc'],
} as const satisfies Record<string, readonly string[]>;

export type RightAct = keyof typeof MAY;

/** What changes nothing; of all else the caller's token must let it write. */
const READING: readonly RightAct[] = ['see-all'];
/** What a token must let its bearer read without conditions: an app that was given less does not act for a patient. */
const WHOLE = ['Patient', 'QuestionnaireResponse', 'Consent', 'Observation', 'Task', 'Provenance'];

/** A patient whom the caller may do something for. */
export interface Authorized {
  readonly patient: StoredVersion;
  /** The patient in person, not staff. */
  readonly inPerson: boolean;
}

/**
 * The one place that decides who may call an operation that then acts with the server's own rights: by role, by reach (the
 * patient must be one whom the caller reaches, a restriction of the record notwithstanding), and by how they came. Whoever
 * may do everything anyway, may this.
 *
 * @throws FhirError 403 where the role may not or the sign-in is too weak; 404 where the patient is out of reach
 */
export async function authorized(db: Queryable, caller: Caller, act: RightAct, patientId: string): Promise<Authorized> {
  const inPerson = caller.agent?.who === `Patient/${patientId}`;
  refuseRole(caller, act, inPerson);
  const patient = await read(db, asServer(caller), 'Patient', patientId);
  if (patient === undefined || !(await reachesResource(db, caller, patient))) {
    throw fhirError(404, 'not-found', 'There is no such Patient.');
  }
  return { patient: existing(patient, 'Patient'), inPerson };
}

/** Whether a role may do something at all. @throws FhirError 403 */
export function refuseRole(caller: Caller, act: RightAct, inPerson: boolean): void {
  if (caller.access === 'all') {
    return;
  }
  const role = caller.agent?.role ?? '';
  const roles: readonly string[] = MAY[act];
  const known = inPerson ? role === 'patient' && roles.includes('patient') : role !== 'patient' && roles.includes(role);
  if (!known || caller.access === 'none') {
    throw fhirError(403, 'forbidden', 'This is not for your role to do.');
  }
  if (caller.agent?.strength === 'link') {
    throw fhirError(403, 'forbidden', 'A link is not enough for this: sign in.');
  }
  const { access } = caller;
  const readable = WHOLE.every((type) => reachesOf(access, 'read', type, false).length > 0);
  const writable =
    READING.includes(act) ||
    mayAtAll(caller, 'create', 'QuestionnaireResponse') ||
    mayAtAll(caller, 'update', 'QuestionnaireResponse') ||
    mayAtAll(caller, 'update', 'Consent');
  if (!readable || !writable) {
    throw fhirError(403, 'forbidden', 'This program was not given enough to do this for you.');
  }
}

/** Whether a caller reaches a resource, of whatever patient. A restriction hides a record, not the duty to answer. */
export async function reachesResource(
  db: Queryable,
  caller: Caller,
  { rid, type }: Pick<StoredVersion, 'rid' | 'type'>,
): Promise<boolean> {
  const values: unknown[] = [shardOfRid(rid), rid];
  const { rows } = await db.query({
    text: `select 1 from resource r where shard = $1 and rid = $2
      and ${permitted(caller, 'read', 'r', binding(values), { type, evenRestricted: true })}`,
    values,
  });
  return rows.length > 0;
}

/**
 * Whether all that a patient's record holds is within a caller's reach, a restriction notwithstanding: what another hospital
 * has stored without a course is not. What the patient has not sent yet is the patient's in whatever hands the record is: it
 * counts as in reach.
 */
export async function reachesWhole(db: Queryable, caller: Caller, patient: Rid): Promise<boolean> {
  const values: unknown[] = [patient];
  const reach = permitted(withinReach(caller, resourceTypes), 'read', 'r', binding(values), { evenRestricted: true });
  const unsent = `(type = ${typeNumber('QuestionnaireResponse')} and anchor is not distinct from rid)`;
  const { rows } = await db.query({
    text: `select 1 from resource r where patient = $1 and not deleted and not ${unsent} and not ${reach} limit 1`,
    values,
  });
  return rows.length === 0;
}

function binding(values: unknown[]): Bind {
  return (value, type) => `$${values.push(value)}::${type}`;
}
