import { createHash } from 'node:crypto';
import type { SearchParameter } from '@medplum/fhirtypes';
import type pg from 'pg';
import { systemCaller } from '../../model/caller.ts';
import type { Queryable } from '../../model/queryable.ts';
import { isResourceType, typeName, typeNumber } from '../../model/resource-types.ts';
import type { CustomSearchParameter } from '../../search/parameters/registry.ts';
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

/**
 * The active SearchParameter resources with their places. A parameter that is new, or whose definition has changed, gets
 * a place that is not complete.
 */
export async function customParameters(pool: pg.Pool): Promise<readonly CustomSearchParameter[]> {
  const resources = (await currentOfType(pool, systemCaller, 'SearchParameter'))
    .map((stored) => JSON.parse(stored.content) as SearchParameter)
    .filter((parameter) => parameter.status === 'active' && parameter.expression !== undefined);
  const places = await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(${PLACING_LOCK}, 0)`);
    for (const resource of resources) {
      for (const type of resource.base.filter(isResourceType)) {
        await client.query({
          text: `insert into search_parameter (type, code, ordinal, fingerprint, complete)
            select $1, $2, coalesce((select max(ordinal) + 1 from search_parameter where type = $1), ${ORDINAL_MIN}), $3, false
            on conflict (type, code) do update set fingerprint = $3, complete = false
              where search_parameter.fingerprint <> $3`,
          values: [typeNumber(type), resource.code, fingerprint(resource)],
        });
      }
    }
    const placed = await client.query<{ type: number; code: string; ordinal: number; complete: boolean }>(
      'select type, code, ordinal, complete from search_parameter',
    );
    return placed.rows.map((row) => ({ ...row, type: typeName(row.type) }));
  });
  return resources.map((resource) => ({
    resource,
    placed: places.filter((place) => place.code === resource.code && (resource.base as string[]).includes(place.type)),
  }));
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
