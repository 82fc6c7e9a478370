import type { Queryable } from '../model/queryable.ts';
import { typeName, typeNumber } from '../model/resource-types.ts';
import { idOfRid, type Rid, shardOfRid } from '../model/rid.ts';

/** A row whose place (patient and anchor) is worked out from its content. */
export interface RowToPlace {
  readonly rid: Rid;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** Of a tombstone, that of the version before. */
  readonly content: string;
  readonly patient: Rid | undefined;
  readonly anchor: Rid | undefined;
}

interface Row {
  readonly rid: Rid;
  readonly type: number;
  readonly id: string | null;
  readonly version: number;
  readonly content: string;
  readonly patient: Rid | null;
  readonly anchor: Rid | null;
}

function toPlace({ rid, type, id, version, content, patient, anchor }: Row): RowToPlace {
  return {
    ...{ rid, version, content },
    type: typeName(type),
    id: id ?? idOfRid(rid),
    patient: patient ?? undefined,
    anchor: anchor ?? undefined,
  };
}

const CONTENT = `case when r.deleted then coalesce((select h.content from history h
  where h.shard = r.shard and h.rid = r.rid and not h.deleted order by h.version desc limit 1), '') else r.content end`;

/** Types of which something is stored. */
export async function storedTypes(db: Queryable): Promise<readonly string[]> {
  const { rows } = await db.query<{ type: number }>({ text: 'select distinct type from resource' });
  return rows.map(({ type }) => typeName(type));
}

/** Current rows of a type beyond a rid that have no anchor, tombstones too. */
export async function rowsWithoutAnchor(
  db: Queryable,
  type: string,
  after: Rid,
  limit: number,
): Promise<readonly RowToPlace[]> {
  const { rows } = await db.query<Row>({
    name: 'without_anchor',
    text: `select r.rid, r.type, r.id, r.version, ${CONTENT} as content, r.patient, r.anchor from resource r
      where r.type = $1 and r.rid > $2 and r.anchor is null order by r.rid limit $3`,
    values: [typeNumber(type), after, limit],
  });
  return rows.map(toPlace);
}

/** A place in the table history, whose rows are in the order of their key. */
export interface HistoryKey {
  readonly shard: number;
  readonly rid: Rid;
  readonly version: number;
}

/** Superseded versions beyond a place that have neither patient nor anchor; deletions, which hold nothing, are left out. */
export async function historyWithoutAnchor(
  db: Queryable,
  after: HistoryKey,
  limit: number,
): Promise<readonly RowToPlace[]> {
  const { rows } = await db.query<Row>({
    name: 'history_without_anchor',
    text: `select h.rid, h.type, h.id, h.version, h.content, h.patient, h.anchor from history h
      where (h.shard, h.rid, h.version) > ($1::int2, $2::int8, $3::int4)
        and h.anchor is null and h.patient is null and not h.deleted
      order by h.shard, h.rid, h.version limit $4`,
    values: [after.shard, after.rid, after.version, limit],
  });
  return rows.map(toPlace);
}

/** Where a row belongs. */
export interface Placed extends Pick<RowToPlace, 'rid' | 'version' | 'patient' | 'anchor'> {}

/** Puts current rows in their places; those whose version has moved on have theirs already. */
export async function putInPlace(db: Queryable, placed: readonly Placed[]): Promise<void> {
  await update(db, 'resource', placed);
}

/** The same for superseded versions. */
export async function putHistoryInPlace(db: Queryable, placed: readonly Placed[]): Promise<void> {
  await update(db, 'history', placed);
}

async function update(db: Queryable, table: 'resource' | 'history', placed: readonly Placed[]): Promise<void> {
  if (placed.length > 0) {
    await db.query({
      name: `place_${table}`,
      text: `update ${table} r set patient = p.patient, anchor = p.anchor
        from unnest($1::int2[], $2::int8[], $3::int4[], $4::int8[], $5::int8[]) as p (shard, rid, version, patient, anchor)
        where r.shard = p.shard and r.rid = p.rid and r.version = p.version`,
      values: [
        placed.map(({ rid }) => shardOfRid(rid)),
        placed.map(({ rid }) => rid),
        placed.map(({ version }) => version),
        placed.map(({ patient }) => patient ?? null),
        placed.map(({ anchor }) => anchor ?? null),
      ],
    });
  }
}

/** Current resources that have one of these postings. */
export async function rowsByPostings(db: Queryable, hashes: readonly string[]): Promise<readonly RowToPlace[]> {
  const { rows } = await db.query<Row>({
    name: 'places_by_postings',
    text: `select r.rid, r.type, r.id, r.version, r.content, r.patient, r.anchor
      from (select distinct rid from token_idx where h = any($1::int8[])) t
      join resource r on r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid where not r.deleted`,
    values: [hashes],
  });
  return rows.map(toPlace);
}

/** Rids of patients beyond a rid, deleted ones left out. */
export async function patientsAfter(db: Queryable, after: Rid, limit: number): Promise<readonly Rid[]> {
  const { rows } = await db.query<{ rid: Rid }>({
    text: 'select rid from resource where type = $1 and rid > $2 and not deleted order by rid limit $3',
    values: [typeNumber('Patient'), after, limit],
  });
  return rows.map(({ rid }) => rid);
}
