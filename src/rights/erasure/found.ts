import type { Engine } from '../../interactions/engine.ts';
import { referringNames } from '../../interactions/referrers.ts';
import type { Queryable } from '../../model/queryable.ts';
import { typeName, typeNumber } from '../../model/resource-types.ts';
import { idOfRid, type Rid } from '../../model/rid.ts';
import { hash64 } from '../../search/hash64.ts';
import { keyOf, resourceForm } from '../../search/keys.ts';

/** A resource of the patient's record. */
export interface Own {
  readonly rid: Rid;
  readonly type: string;
  readonly id: string;
}

/** In the compartment of one of its members, and about the others too: the erased member is taken out of it. */
const SHARED = ['Group'];

/** What names patients without being about one of them: it stays, without naming the erased one. */
const OF_MANY = [...SHARED, 'List', 'MeasureReport', 'Provenance'];

/**
 * All resources of a record, those included that were deleted; and what hangs on the patient or on one of the courses and
 * names no patient: a Binary in the patient's security context, a Task that is based on the referral.
 */
export async function recordOf(db: Queryable, patient: Rid): Promise<readonly Own[]> {
  const { rows } = await db.query<{ rid: Rid; type: number; id: string | null }>({
    text: `with own as (select rid, type, id from resource
        where (patient = $1 or rid = $1) and type <> all($2::int2[]))
      select rid, type, id from own
      union select r.rid, r.type, r.id from own join resource r on r.anchor = own.rid
        where r.patient is null and r.type <> all($3::int2[])
      order by rid`,
    values: [patient, SHARED.map(typeNumber), OF_MANY.map(typeNumber)],
  });
  return rows.map(({ rid, type, id }) => ({ rid, type: typeName(type), id: id ?? idOfRid(rid) }));
}

/** Resources outside a record that refer to something in it now. */
export async function referrersOf(engine: Engine, db: Queryable, own: readonly Own[]): Promise<readonly Rid[]> {
  const { parameters } = engine.definitions();
  const hashes = own.flatMap(({ type, id }) =>
    referringNames(parameters, type).map((name) => hash64(keyOf(name, resourceForm(type, id)), engine.hashSeed)),
  );
  const { rows } = await db.query<{ rid: Rid }>({
    text: 'select distinct rid from token_idx where h = any($1::int8[]) and rid <> all($2::int8[])',
    values: [hashes, own.map(({ rid }) => rid)],
  });
  return rows.map(({ rid }) => rid);
}

/**
 * Resources outside a record one of whose versions names the patient, by a reference or by a number: every row is looked
 * at, since superseded versions have no index.
 */
export async function mentionsOf(
  db: Queryable,
  own: readonly Own[],
  texts: readonly string[],
): Promise<readonly Rid[]> {
  const named = 'exists (select 1 from unnest($1::text[]) t where strpos(v.content, t) > 0)';
  const { rows } = await db.query<{ rid: Rid }>({
    text: `select v.rid from resource v where v.rid <> all($2::int8[]) and ${named}
      union select v.rid from history v where v.rid <> all($2::int8[]) and ${named}`,
    values: [texts, own.map(({ rid }) => rid)],
  });
  return rows.map(({ rid }) => rid);
}
