import type { Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { typeName, typeNumber } from '../model/resource-types.ts';
import { idOfRid, type Rid, ridOfId, shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../model/version-row.ts';
import { Reading } from './reading.ts';

/** The current version of a resource, a tombstone included; undefined if there never was one that the caller may read. */
export async function read(
  db: Queryable,
  caller: Caller,
  type: string,
  id: string,
): Promise<StoredVersion | undefined> {
  const rid = ridOfId(id);
  if (rid !== undefined) {
    const reading = new Reading(caller, [shardOfRid(rid), rid, typeNumber(type)]);
    const result = await db.query<VersionRow>(
      reading.prepared(
        'read',
        `select ${versionColumns('r')} from resource r
        where r.shard = $1::int2 and r.rid = $2::int8 and r.type = $3::int2 and r.id is null and ${reading.permitted('read', 'r', { type })}`,
      ),
    );
    if (result.rows[0]) {
      return toStoredVersion(result.rows[0]);
    }
  }
  const reading = new Reading(caller, [typeNumber(type), id]);
  const result = await db.query<VersionRow>(
    reading.prepared(
      'read_located',
      `select ${versionColumns('r')} from locator l
      join resource r on r.shard = ((l.rid >> 10) & 4095)::int2 and r.rid = l.rid
      where l.type = $1::int2 and l.id = $2::text and ${reading.permitted('read', 'r', { type })}`,
    ),
  );
  return result.rows[0] && toStoredVersion(result.rows[0]);
}

/** Current versions by rid, in the order of the rids asked for; those that do not exist are left out. */
export async function readRids(db: Queryable, caller: Caller, rids: readonly Rid[]): Promise<readonly StoredVersion[]> {
  const reading = new Reading(caller, [rids.map(shardOfRid), rids]);
  const result = await db.query<VersionRow>(
    reading.prepared(
      'read_rids',
      `select ${versionColumns('r')} from unnest($1::int2[], $2::int8[]) with ordinality as w (shard, rid, position)
      join resource r on r.shard = w.shard and r.rid = w.rid where ${reading.permitted('read', 'r')} order by w.position`,
    ),
  );
  return result.rows.map(toStoredVersion);
}

/** Current versions (tombstones too) by `Type/id`; those that never were, or may not be read, are left out. */
export async function readMany(
  db: Queryable,
  caller: Caller,
  wanted: readonly { type: string; id: string }[],
): Promise<ReadonlyMap<string, StoredVersion>> {
  const found = new Map<string, StoredVersion>();
  const add = async (rids: readonly Rid[]): Promise<void> => {
    for (const version of rids.length > 0 ? await readRids(db, caller, rids) : []) {
      found.set(`${version.type}/${version.id}`, version);
    }
  };
  await add(wanted.flatMap(({ id }) => ridOfId(id) ?? []));
  const rest = wanted.filter(({ type, id }) => !found.has(`${type}/${id}`));
  await add(rest.length > 0 ? [...(await locate(db, rest)).values()] : []);
  return found;
}

/** One version, current or superseded. */
export async function readVersion(
  db: Queryable,
  caller: Caller,
  current: StoredVersion,
  version: number,
): Promise<StoredVersion | undefined> {
  if (version === current.version) {
    return current;
  }
  const reading = new Reading(caller, [shardOfRid(current.rid), current.rid, version]);
  const result = await db.query<VersionRow>(
    reading.prepared(
      'vread',
      `select ${versionColumns('h')} from history h
      where h.shard = $1 and h.rid = $2 and h.version = $3
        and ${reading.permitted('read', 'h', { type: current.type, rows: 'superseded' })}`,
    ),
  );
  return result.rows[0] && toStoredVersion(result.rows[0]);
}

/** Where the ids that clients gave live. Answers only those that exist; deleted resources keep their place. */
export async function locate(
  db: Queryable,
  wanted: readonly { type: string; id: string }[],
): Promise<ReadonlyMap<string, Rid>> {
  const result = await db.query<{ type: number; id: string; rid: Rid }>({
    name: 'locate',
    text: `select l.type, l.id, l.rid from unnest($1::int2[], $2::text[]) as w (type, id)
      join locator l on l.type = w.type and l.id = w.id`,
    values: [wanted.map((w) => typeNumber(w.type)), wanted.map((w) => w.id)],
  });
  return new Map(result.rows.map((row) => [`${typeName(row.type)}/${row.id}`, row.rid]));
}

/** Which resource has a rid, of whatever type, deleted or not. */
export async function ownerOfRid(db: Queryable, rid: Rid): Promise<{ type: string; id: string } | undefined> {
  const result = await db.query<{ type: number; id: string | null }>({
    name: 'owner_of_rid',
    text: 'select type, id from resource where shard = $1 and rid = $2',
    values: [shardOfRid(rid), rid],
  });
  const row = result.rows[0];
  return row && { type: typeName(row.type), id: row.id ?? idOfRid(rid) };
}

/** Current resources of a type that have a posting, newest first, at most a hundred. */
export async function findByToken(
  db: Queryable,
  caller: Caller,
  type: string,
  h: string,
): Promise<readonly StoredVersion[]> {
  const reading = new Reading(caller, [h, typeNumber(type)]);
  const result = await db.query<VersionRow>(
    reading.prepared(
      'by_token',
      `select ${versionColumns('r')} from token_idx t
      join resource r on r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid
      where t.h = $1 and r.type = $2 and not r.deleted and ${reading.permitted('search', 'r', { type })}
      order by r.updated desc limit 100`,
    ),
  );
  return result.rows.map(toStoredVersion);
}

/** All current resources of a type; for definitions, of which there are few. */
export async function currentOfType(db: Queryable, caller: Caller, type: string): Promise<readonly StoredVersion[]> {
  const reading = new Reading(caller, [typeNumber(type)]);
  const result = await db.query<VersionRow>(
    reading.prepared(
      'current_of_type',
      `select ${versionColumns('r')} from resource r
      where r.type = $1 and not r.deleted and ${reading.permitted('search', 'r', { type })} order by r.rid`,
    ),
  );
  return result.rows.map(toStoredVersion);
}

/**
 * A text that changes whenever a resource of these types does, or the completeness of a search parameter: by it a
 * process notices what other processes did.
 */
export async function typesState(db: Queryable, types: readonly string[]): Promise<string> {
  const result = await db.query<{ state: string }>({
    name: 'types_state',
    text: `select concat((select count(*) || ' ' || coalesce(sum(r.version), 0) || ' ' || coalesce(max(r.updated), 0)
        from resource r where r.type = any($1::int2[])), ' ',
      (select count(*) || ' ' || count(*) filter (where complete) from search_parameter), ' ',
      (select value from setting where name = 'definitions')) as state`,
    values: [types.map(typeNumber)],
  });
  return result.rows[0]?.state ?? '';
}

/** A row of the table setting. @throws Error if the database has none of this name */
export async function readSetting(db: Queryable, name: string): Promise<string> {
  const result = await db.query<{ value: string }>({
    text: 'select value from setting where name = $1',
    values: [name],
  });
  const value = result.rows[0]?.value;
  if (value === undefined) {
    throw new Error(`the database lacks the setting ${name}`);
  }
  return value;
}
