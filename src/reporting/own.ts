import type { Resource } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import type { Query } from '../interactions/types.ts';
import { asServer } from '../model/caller.ts';
import { shardOfRid } from '../model/rid.ts';
import type { Exchange } from '../rest/exchange.ts';

/** Of one registry: files, loaded counts. */
const FOUND_MAX = 1000;

/**
 * What an operation of this room has stored by the server's own right. Others may store what looks the same, of their own
 * hospital: that has their hospital as its anchor, what the server stores has none (docs/decisions/0050-access.md).
 */
export async function foundOwn<R extends Resource>(
  { readers, search }: Engine,
  { caller }: Exchange,
  type: R['resourceType'],
  query: Query,
): Promise<R[]> {
  const { witness: _, ...server } = asServer(caller);
  const { matches } = await search(readers, server, type, [...query, ['_count', String(FOUND_MAX)]], {
    lenient: false,
  });
  const rids = matches.map(({ rid }) => rid);
  const { rows } = await readers.query<{ rid: string }>({
    text: `select rid::text from resource
      where shard = any($1::int2[]) and rid = any($2::int8[]) and anchor is null and patient is null`,
    values: [[...new Set(rids.map(shardOfRid))], rids],
  });
  const own = new Set(rows.map(({ rid }) => rid));
  return matches.filter(({ rid }) => own.has(String(rid))).map(({ content }) => JSON.parse(content) as R);
}
