import type { Caller } from '../model/caller.ts';
import { error, FhirError, fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import { read } from '../store/read.ts';
import { requireAnyOf, requireAtAll } from './at-all.ts';
import { commitConditional, commitOne, type MakePlan } from './commit.ts';
import { criteriaKey, theOne } from './criteria.ts';
import type { Context, Planned } from './engine.ts';
import { refuseErased } from './erased.ts';
import { givenId } from './given-id.ts';
import { applyPatch } from './patch.ts';
import { type NewId, type Planning, planCreate, planDelete, planUpdate } from './plan.ts';
import type { IfMatch, Interactions, WriteResult } from './types.ts';
import { refuseWithheld } from './withheld.ts';

type Writes = Pick<Interactions, 'create' | 'update' | 'patch' | 'delete'>;

const NO_PENDING = new Map<string, string>();

/** The interactions that write one resource. */
export function writes(context: Context): Writes {
  const { engine } = context;
  const planning = (db: Queryable, caller: Caller, absent: ReadonlySet<string>): Planning => ({
    engine,
    db,
    caller,
    pending: NO_PENDING,
    absent,
  });

  return {
    async create(caller, type, body, { ifNoneExist }) {
      requireAtAll(caller, 'create', type);
      const plan: MakePlan = async (db, absent) => {
        const existing = ifNoneExist && (await theOne(engine, db, caller, type, ifNoneExist));
        return existing ? unchanged(existing) : planCreate(planning(db, caller, absent), type, body);
      };
      return present(
        await (ifNoneExist
          ? commitConditional(context, caller, criteriaKey(type, ifNoneExist), plan)
          : commitOne(context, caller, plan)),
      );
    },

    async update(caller, type, target, body, { ifMatch, ifNoneMatch }) {
      requireAnyOf(caller, ['create', 'update'], type);
      const put = async (
        db: Queryable,
        absent: ReadonlySet<string>,
        previous: StoredVersion | undefined,
        newId?: NewId,
      ) => {
        checkVersion(previous, ifMatch);
        if (previous === undefined) {
          requireAtAll(caller, 'create', type);
          return planCreate(planning(db, caller, absent), type, body, newId);
        }
        refuseExisting(previous, ifNoneMatch);
        requireAtAll(caller, previous.deleted ? 'create' : 'update', type);
        return (await planUpdate(planning(db, caller, absent), previous, body)) ?? unchanged(previous);
      };
      if ('id' in target) {
        const plan: MakePlan = async (db, absent) => {
          const previous = await read(db, caller, type, target.id);
          return put(db, absent, previous, previous ? undefined : await givenId(db, engine, caller, type, target.id));
        };
        return present(await commitOne(context, caller, plan));
      }
      const plan: MakePlan = async (db, absent) => {
        const found = await theOne(engine, db, caller, type, target.criteria);
        const bodyId = body.resource.id;
        const previous = await conditionalTarget(db, caller, type, found, bodyId);
        const isNew = previous === undefined && bodyId !== undefined;
        return put(db, absent, previous, isNew ? await givenId(db, engine, caller, type, bodyId) : undefined);
      };
      return present(await commitConditional(context, caller, criteriaKey(type, target.criteria), plan));
    },

    async patch(caller, type, target, operations, { ifMatch }) {
      requireAtAll(caller, 'update', type);
      const change = async (db: Queryable, absent: ReadonlySet<string>, previous: StoredVersion | undefined) => {
        const current = existing(previous, type);
        checkVersion(current, ifMatch);
        await refuseWithheld(engine.withheld, db, caller, current);
        const body = applyPatch(current, operations);
        return (await planUpdate(planning(db, caller, absent), current, body)) ?? unchanged(current);
      };
      return present(
        'id' in target
          ? await commitOne(context, caller, async (db, absent) =>
              change(db, absent, await read(db, caller, type, target.id)),
            )
          : await commitConditional(context, caller, criteriaKey(type, target.criteria), async (db, absent) =>
              change(db, absent, await theOne(engine, db, caller, type, target.criteria)),
            ),
      );
    },

    async delete(caller, type, target, { ifMatch }) {
      requireAtAll(caller, 'delete', type);
      const remove = (previous: StoredVersion | undefined): Planned | undefined => {
        if (previous === undefined || previous.deleted) {
          return undefined;
        }
        checkVersion(previous, ifMatch);
        return planDelete(engine, caller, previous);
      };
      return 'id' in target
        ? commitOne(context, caller, async (db) => remove(await read(db, caller, type, target.id)))
        : commitConditional(context, caller, criteriaKey(type, target.criteria), async (db) =>
            remove(await theOne(engine, db, caller, type, target.criteria)),
          );
    },
  };
}

/**
 * What a conditional update writes the next version of: what the criteria found; where they find nothing, what was deleted
 * under the id of the body; undefined where a resource is to be created.
 *
 * @throws FhirError 400 where what was found has another id than the body, 409 where the id of the body is taken (FHIR R4
 *   http.html#cond-update)
 */
export async function conditionalTarget(
  db: Queryable,
  caller: Caller,
  type: string,
  found: StoredVersion | undefined,
  bodyId: string | undefined,
): Promise<StoredVersion | undefined> {
  if (bodyId === undefined || bodyId === found?.id) {
    return found;
  }
  if (found !== undefined) {
    throw fhirError(400, 'value', `The ${type} that the criteria select has another id than the body.`, `${type}.id`);
  }
  const named = await read(db, caller, type, bodyId);
  if (named !== undefined && !named.deleted) {
    const text = `The criteria select no ${type}, but one with the id of the body exists.`;
    throw fhirError(409, 'conflict', text, `${type}.id`);
  }
  return named;
}

/** @throws FhirError 412 where a resource is that was to be created only if there is none */
export function refuseExisting(current: StoredVersion | undefined, ifNoneMatch: '*' | undefined): void {
  if (ifNoneMatch === '*' && current !== undefined && !current.deleted) {
    throw fhirError(412, 'conflict', `This ${current.type} exists already; nothing was changed.`);
  }
}

/** @throws FhirError 412 where a request was made for another version than the current one */
export function checkVersion(current: StoredVersion | undefined, ifMatch: IfMatch | undefined): void {
  if (ifMatch === undefined) {
    return;
  }
  if (current === undefined || current.deleted) {
    throw fhirError(412, 'conflict', 'There is no current version that could match If-Match.');
  }
  if (ifMatch !== '*' && current.version !== ifMatch) {
    const text = `The current version is ${current.version}, not ${ifMatch}; read it and decide again.`;
    throw fhirError(412, 'conflict', text);
  }
}

/** @throws FhirError 404 or 410 */
export function existing(version: StoredVersion | undefined, type: string): StoredVersion {
  if (version === undefined) {
    throw fhirError(404, 'not-found', `There is no such ${type}.`);
  }
  refuseErased(version);
  if (version.deleted) {
    throw fhirError(410, 'deleted', `This ${type} was deleted.`);
  }
  return version;
}

/** @throws FhirError 404 or 410, which tell the version from the resource, of which `current` is the current version */
export function existingVersion(
  version: StoredVersion | undefined,
  type: string,
  current: StoredVersion | undefined,
): StoredVersion {
  if (version === undefined && current !== undefined) {
    throw fhirError(404, 'not-found', `This ${type} has no such version.`);
  }
  return existing(version, type);
}

export function unchanged(stored: StoredVersion): WriteResult {
  return { stored, outcome: 'unchanged', warnings: [] };
}

function present(result: WriteResult | undefined): WriteResult {
  if (result === undefined) {
    throw new FhirError(500, [error('exception', 'The write came to no result.')]);
  }
  return result;
}
