import type { Queryable } from '../model/queryable.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';

/** That an anchor belongs to somebody: a row of the table tie. */
export interface Tie {
  readonly rid: Rid;
  /** `Organization/x`, `Organization/x PlanDefinition/y`, `Organization/x *` or `ResearchStudy/z`. */
  readonly label: string;
  /** By who stored it; others follow from resources. */
  readonly given: boolean;
}

/** The ties of anchors as they stand. */
export async function tiesOf(db: Queryable, anchors: readonly Rid[]): Promise<readonly Tie[]> {
  const result = await db.query<Tie>({
    name: 'ties_of',
    text: `select t.rid, t.label, t.given from unnest($1::int2[], $2::int8[]) as w (shard, rid)
      join tie t on t.shard = w.shard and t.rid = w.rid`,
    values: [anchors.map(shardOfRid), anchors],
  });
  return result.rows;
}

export async function addTies(db: Queryable, ties: readonly Tie[]): Promise<void> {
  if (ties.length > 0) {
    await db.query({
      name: 'add_ties',
      text: `insert into tie (shard, rid, label, given)
        select shard, rid, label, given from unnest($1::int2[], $2::int8[], $3::text[], $4::bool[])
          as t (shard, rid, label, given)
        order by shard, rid, label
        on conflict (shard, rid, label) do update set given = excluded.given`,
      values: [
        ties.map(({ rid }) => shardOfRid(rid)),
        ties.map(({ rid }) => rid),
        ties.map(({ label }) => label),
        ties.map(({ given }) => given),
      ],
    });
  }
}

export async function removeTies(db: Queryable, ties: readonly Pick<Tie, 'rid' | 'label'>[]): Promise<void> {
  if (ties.length > 0) {
    await db.query({
      name: 'remove_ties',
      text: `delete from tie t using unnest($1::int2[], $2::int8[], $3::text[]) as g (shard, rid, label)
        where t.shard = g.shard and t.rid = g.rid and t.label = g.label`,
      values: [ties.map(({ rid }) => shardOfRid(rid)), ties.map(({ rid }) => rid), ties.map(({ label }) => label)],
    });
  }
}
