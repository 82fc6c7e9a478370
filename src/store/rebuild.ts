import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../model/version-row.ts';
import type { Postings } from './prepared-write.ts';

/** Current resources of a type beyond a rid. */
export async function batchOf(
  db: Queryable,
  type: string,
  after: Rid,
  limit: number,
): Promise<readonly (StoredVersion & { present: Buffer })[]> {
  const result = await db.query<VersionRow & { present: Buffer }>({
    name: 'batch',
    text: `select ${versionColumns('r')}, r.present from resource r
      where r.type = $1 and r.rid > $2 and not r.deleted order by r.rid limit $3`,
    values: [typeNumber(type), after, limit],
  });
  return result.rows.map((row) => ({ ...toStoredVersion(row), present: row.present }));
}

/** Makes the postings of one parameter of one resource what they should be; `param` is the parameter's number. */
export async function putPostings(
  db: Queryable,
  rid: Rid,
  param: number,
  present: Buffer,
  { tokens, ranges, strings }: Postings,
): Promise<void> {
  const shard = shardOfRid(rid);
  await db.query({
    name: 'clear_postings',
    text: `with t as (delete from token_idx where rid = $2 and h = any($3::int8[])),
      r as (delete from range_idx where rid = $2 and h = any($4::int8[])),
      s as (delete from string_idx where rid = $2 and h = any($5::int8[]))
      update resource set present = $6 where shard = $1 and rid = $2`,
    values: [shard, rid, tokens.map((t) => t.h), ranges.map((t) => t.h), strings.map((t) => t.h), present],
  });
  await db.query({
    name: 'add_postings',
    text: `with t as (insert into token_idx (h, rid, param, shard) select h, $2, $3, $1 from unnest($4::int8[]) h),
      r as (insert into range_idx (h, rid, param, shard, lo, hi)
        select h, $2, $3, $1, lo, hi from unnest($5::int8[], $6::float8[], $7::float8[]) as x (h, lo, hi))
      insert into string_idx (h, rid, param, shard, value, exact)
        select h, $2, $3, $1, value, nullif(exact, value) from unnest($8::int8[], $9::text[], $10::text[]) as x (h, value, exact)`,
    values: [
      shard,
      rid,
      param,
      tokens.map((t) => t.h),
      ranges.map((t) => t.h),
      ranges.map((t) => t.lo),
      ranges.map((t) => t.hi),
      strings.map((t) => t.h),
      strings.map((t) => t.value),
      strings.map((t) => t.exact),
    ],
  });
}

/** Removes all postings of a parameter. */
export async function removePostings(db: Queryable, param: number): Promise<void> {
  for (const table of ['token_idx', 'range_idx', 'string_idx']) {
    await db.query({ text: `delete from ${table} where param = $1`, values: [param] });
  }
}
