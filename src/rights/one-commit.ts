import type { Resource } from '@medplum/fhirtypes';
import type { Engine, Unit } from '../interactions/engine.ts';
import { interactions } from '../interactions/interactions.ts';
import type { Interactions } from '../interactions/types.ts';
import { inUnit } from '../interactions/unit-of-work.ts';
import type { Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { takeLocks } from '../store/locks.ts';
import { retrying } from '../store/transaction.ts';

/** What one operation does: all of it is committed together, or nothing. */
export interface Work {
  readonly unit: Unit;
  readonly db: Queryable;
  readonly now: Date;
  /** Stores a resource: an update where it has an id, else a create. */
  save<R extends Resource>(resource: R): Promise<R>;
  /** All current resources of a type that a search finds. */
  find<R extends Resource>(type: R['resourceType'], query: readonly (readonly [string, string])[]): Promise<R[]>;
  readonly interactions: Interactions;
  /** Keeps all others from writing in the patient's record until the commit. */
  alone(patient: Rid): Promise<void>;
}

const FOUND_MAX = 1000;

/** Runs an operation in a transaction of its own; after a conflict it starts again. @param caller see asServer */
export function inOneCommit<T>(engine: Engine, caller: Caller, work: (work: Work) => Promise<T>): Promise<T> {
  return retrying(engine, () => inUnit(engine, (unit) => work(workIn(engine, unit, caller))));
}

function workIn(engine: Engine, unit: Unit, caller: Caller): Work {
  const own = interactions({ engine, unit });
  return {
    unit,
    db: unit.client,
    now: engine.clock.now(),
    interactions: own,
    async alone(patient) {
      const shard = shardOfRid(patient);
      if (!unit.held.has(shard)) {
        await takeLocks(unit.client, { exclusive: [shard], shared: [], targets: [], deleted: [] });
        unit.held.add(shard);
      }
    },
    async save(resource) {
      const { resourceType: type, id } = resource;
      const body = { resource, text: JSON.stringify(resource) };
      const { stored } =
        id === undefined ? await own.create(caller, type, body, {}) : await own.update(caller, type, { id }, body, {});
      return resourceOf(stored);
    },
    async find(type, query) {
      const page = await own.search(caller, type, [...query, ['_count', String(FOUND_MAX)]], { lenient: false });
      return page.matches.map((stored) => resourceOf(stored));
    },
  };
}

export function resourceOf<R extends Resource>({ content }: StoredVersion): R {
  return JSON.parse(content) as R;
}
