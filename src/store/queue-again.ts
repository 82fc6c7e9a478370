import type { Queryable } from '../model/queryable.ts';
import type { Rid } from '../model/rid.ts';
import { takeLocks } from './locks.ts';

/**
 * Hands resources that have a posting over to a follow bot again, a page of them: rows of the outbox as an update leaves
 * them, under the locks under which those get their numbers. A resource that waits for the bot already is left alone.
 *
 * @param after the last rid of the page before; '0' at first
 * @param limit rows of a page; so many locks may be taken at once
 * @returns the last rid of the page, undefined after the last page; and how many of it wait now that did not before
 */
export async function queueAgain(
  transaction: Queryable,
  { bot, h, after, limit }: { readonly bot: string; readonly h: string; readonly after: Rid; readonly limit: number },
): Promise<{ readonly last: Rid | undefined; readonly queued: number }> {
  const page = await transaction.query<{ rid: Rid; shard: number }>({
    name: 'queue_again_page',
    text: `select t.rid, ((coalesce(r.patient, r.rid) >> 10) & 4095)::int2 as shard
      from (select distinct rid from token_idx where h = $1 and rid > $2 order by rid limit $3) t
      join resource r on r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid
      order by t.rid`,
    values: [h, after, limit],
  });
  const shards = [...new Set(page.rows.map(({ shard }) => shard))].sort((a, b) => a - b);
  await takeLocks(transaction, { exclusive: shards, shared: [], targets: [], deleted: [] });
  const added = await transaction.query({
    name: 'queue_again',
    text: `insert into outbox (shard, n, stream, bot, type, rid, version, interaction, due)
      select e.shard, e.k + coalesce((select max(o.n) from outbox o where o.shard = e.shard), 0),
        e.stream, $1, e.type, e.rid, e.version, 'update', 0
      from (select s.*, row_number() over (partition by s.shard order by s.rid) as k
        from (select ((coalesce(r.patient, r.rid) >> 10) & 4095)::int2 as shard, coalesce(r.patient, r.rid) as stream,
            r.type, r.rid, r.version
          from resource r join unnest($2::int8[]) as p(rid) on r.shard = ((p.rid >> 10) & 4095)::int2 and r.rid = p.rid
          where not r.deleted
            and not exists (select 1 from outbox o where o.rid = r.rid and o.bot = $1 and not o.parked)) s
        where s.shard = any($3::int2[])) e`,
    values: [bot, page.rows.map(({ rid }) => rid), shards],
  });
  return { last: page.rows.at(-1)?.rid, queued: added.rowCount ?? 0 };
}
