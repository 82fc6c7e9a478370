import { createHash } from 'node:crypto';
import type { SearchParameter } from '@medplum/fhirtypes';
import type pg from 'pg';
import { systemCaller } from '../../model/caller.ts';
import type { Queryable } from '../../model/queryable.ts';
import { isResourceType, typeName, typeNumber } from '../../model/resource-types.ts';
import type { CustomSearchParameter } from '../../search/parameters/registry.ts';
import { lockWriters } from '../../store/locks.ts';
import { currentOfType } from '../../store/read.ts';
import { inTransaction } from '../../store/transaction.ts';

/** Ordinals below belong to R4's own parameters. */
const ORDINAL_MIN = 64;
/** Any number: one process at a time places parameters. */
const PLACING_LOCK = 14;

/** A parameter of one type whose rows are still to be made. */
export interface PendingParameter {
  readonly type: string;
  readonly code: string;
}

/** The parameters that the store holds, and the generation of this set of them. */
export interface CustomParameters {
  readonly parameters: readonly CustomSearchParameter[];
  readonly generation: string;
}

interface Place {
  readonly type: number;
  readonly code: string;
  readonly ordinal: number;
  readonly fingerprint: string;
  readonly complete: boolean;
}

/**
 * The active SearchParameter resources with their places. A parameter that is new, that has changed or that is no longer
 * active gets a place that is not complete, and the set a new generation.
 *
 * A generation begins while nobody writes (lockWriters), and a write is stored only if it was worked out in the
 * generation in force. So when rows are made for the resources that are there, every other process makes them for those
 * that come, though it may hear of the parameter only when its write is refused.
 */
export async function customParameters(pool: pg.Pool): Promise<CustomParameters> {
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(${PLACING_LOCK}, 0)`);
    const resources = (await currentOfType(client, systemCaller, 'SearchParameter'))
      .map((stored) => JSON.parse(stored.content) as SearchParameter)
      .filter((parameter) => parameter.status === 'active' && parameter.expression !== undefined);
    const places = await placed(client, resources);
    const { rows } = await client.query<{ value: string }>("select value from setting where name = 'definitions'");
    return {
      parameters: resources.map((resource) => ({
        resource,
        placed: places
          .filter((place) => place.code === resource.code && (resource.base as string[]).includes(typeName(place.type)))
          .map((place) => ({ ...place, type: typeName(place.type) })),
      })),
      generation: rows[0]?.value ?? '0',
    };
  });
}

async function placed(client: pg.PoolClient, resources: readonly SearchParameter[]): Promise<readonly Place[]> {
  const before = await places(client);
  const wanted = new Map(
    resources.flatMap((resource) =>
      resource.base
        .filter(isResourceType)
        .map((type) => [
          `${typeNumber(type)} ${resource.code}`,
          { type: typeNumber(type), code: resource.code, fingerprint: fingerprint(resource) },
        ]),
    ),
  );
  const known = new Map(before.map((place) => [`${place.type} ${place.code}`, place]));
  const changed = [...wanted].filter(([key, { fingerprint: now }]) => known.get(key)?.fingerprint !== now);
  const retired = before.filter((place) => place.fingerprint !== '' && !wanted.has(`${place.type} ${place.code}`));
  if (changed.length === 0 && retired.length === 0) {
    return before;
  }
  await lockWriters(client);
  for (const [, { type, code, fingerprint: now }] of changed) {
    await client.query({
      text: `insert into search_parameter (type, code, ordinal, fingerprint, complete)
        select $1, $2, coalesce((select max(ordinal) + 1 from search_parameter where type = $1), ${ORDINAL_MIN}), $3, false
        on conflict (type, code) do update set fingerprint = $3, complete = false`,
      values: [type, code, now],
    });
  }
  for (const { type, code } of retired) {
    await client.query({
      text: "update search_parameter set fingerprint = '', complete = false where type = $1 and code = $2",
      values: [type, code],
    });
  }
  await client.query(
    `insert into setting (name, value) values ('definitions', '1')
     on conflict (name) do update set value = setting.value::int8 + 1`,
  );
  return places(client);
}

async function places(client: pg.PoolClient): Promise<readonly Place[]> {
  return (await client.query<Place>('select type, code, ordinal, fingerprint, complete from search_parameter')).rows;
}

/** The parameters whose rows are still to be made. */
export async function pendingParameters(db: Queryable): Promise<readonly PendingParameter[]> {
  const result = await db.query<{ type: number; code: string }>({
    text: 'select type, code from search_parameter where not complete order by type, code',
  });
  return result.rows.map(({ type, code }) => ({ type: typeName(type), code }));
}

function fingerprint({ code, type, expression, target, component }: SearchParameter): string {
  return createHash('sha256')
    .update(JSON.stringify([code, type, expression, target ?? [], component ?? []]))
    .digest('hex');
}
