import { mayAtAll, permitted } from '../access/predicate.ts';
import type { Bind } from '../model/access.ts';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { ResourceType } from '../model/resource-types.ts';
import { shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { read } from '../store/read.ts';

/** Who decides about the forms of a patient: those who treat, and their coordinator (SmerteReg manual 1.8: "behandler"). */
const STAFF: readonly string[] = ['lu', 'lc'];

/**
 * The one place that decides who may call an operation on a course or an order, which then acts with the server's own
 * rights: staff, whose token lets them write orders, of what they reach. A record that is restricted nobody reaches. Whoever
 * may do everything anyway, may this.
 *
 * @throws FhirError 403 where the role may not, or the token was given too little; 404 where it is out of reach
 */
export async function withinStaffReach(
  db: Queryable,
  caller: Caller,
  type: Extract<ResourceType, 'Task' | 'EpisodeOfCare'>,
  id: string,
): Promise<StoredVersion> {
  if (caller.access !== 'all') {
    if (!STAFF.includes(caller.agent?.role ?? ''))
      throw fhirError(403, 'forbidden', 'This is not for your role to do.');
    if (!mayAtAll(caller, 'update', 'Task')) {
      throw fhirError(403, 'forbidden', 'This program was not given enough to do this for you.');
    }
  }
  const found = await read(db, asServer(caller), type, id);
  if (found === undefined || found.deleted || !(await reaches(db, caller, found))) {
    throw fhirError(404, 'not-found', `There is no such ${type}.`);
  }
  return found;
}

/** Whether a caller's rules reach a resource. */
export async function reaches(db: Queryable, caller: Caller, { rid, type }: StoredVersion): Promise<boolean> {
  const values: unknown[] = [shardOfRid(rid), rid];
  const bind: Bind = (value, sqlType) => `$${values.push(value)}::${sqlType}`;
  const { rows } = await db.query({
    text: `select 1 from resource r where shard = $1 and rid = $2 and ${permitted(caller, 'read', 'r', bind, { type })}`,
    values,
  });
  return rows.length > 0;
}
