import type { Resource } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import type { Query } from '../interactions/types.ts';
import { asServer } from '../model/caller.ts';
import { shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Exchange } from '../rest/exchange.ts';

/** Read at a time. Files are large: of those fewer, so that no more than a page of them is in memory. */
const PAGE = 200;

/**
 * What an operation of this room has stored by the server's own right. Others may store what looks the same, of their own
 * hospital: that has their hospital as its anchor, what the server stores has none (docs/decisions/0050-access.md).
 * @param options.page how many are read at a time @param options.kept what is kept of each
 */
export async function foundOwn<R extends Resource>(
  engine: Engine,
  { caller }: Exchange,
  type: R['resourceType'],
  query: Query,
  { page = PAGE, kept = (one) => one }: { readonly page?: number; readonly kept?: (one: R) => R } = {},
): Promise<R[]> {
  const { witness: _, ...server } = asServer(caller);
  const found: R[] = [];
  const whole: Query = [...query, ['_count', String(page)]];
  let next: string | undefined;
  do {
    const asked: Query = next === undefined ? whole : [...whole, ['_page', next]];
    const { matches, next: after } = await engine.search(engine.readers, server, type, asked, { lenient: false });
    found.push(...(await ownOf<R>(engine, matches)).map(kept));
    next = after;
  } while (next !== undefined);
  return found;
}

async function ownOf<R extends Resource>({ readers }: Engine, matches: readonly StoredVersion[]): Promise<R[]> {
  const rids = matches.map(({ rid }) => rid);
  const { rows } = await readers.query<{ rid: string }>({
    text: `select rid::text from resource
      where shard = any($1::int2[]) and rid = any($2::int8[]) and anchor is null and patient is null`,
    values: [[...new Set(rids.map(shardOfRid))], rids],
  });
  const own = new Set(rows.map(({ rid }) => rid));
  return matches.filter(({ rid }) => own.has(String(rid))).map(({ content }) => JSON.parse(content) as R);
}
