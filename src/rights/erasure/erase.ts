import type { Patient, Resource } from '@medplum/fhirtypes';
import type { Engine } from '../../interactions/engine.ts';
import { bitmap, postings } from '../../interactions/postings.ts';
import type { Queryable } from '../../model/queryable.ts';
import { idOfRid, type Rid, shardOfRid } from '../../model/rid.ts';
import type { StoredVersion } from '../../model/stored.ts';
import { addErased, erasedDigest } from '../../store/erased.ts';
import { lockWriters } from '../../store/locks.ts';
import { forgetAccounts } from './accounts.ts';
import { mentionsOf, type Own, recordOf, referrersOf } from './found.ts';
import { deleteRows, detach, putTombstones, replacePostings, replaceVersion, versionsOf } from './rows.ts';
import { type Traces, withoutTraces } from './without-traces.ts';

/** An identifier's value that is shorter could be any text's: it is left where it stands outside the record. */
const NUMBER_CHARACTERS_MIN = 6;

export interface Erased {
  /** Resources of the record. */
  readonly resources: number;
  /** Resources of others that named the patient and do not any more. */
  readonly cleaned: number;
  /** Other Patients under the same number. */
  readonly duplicates: number;
  /** Keys of the notices that a channel may have kept. */
  readonly notices: readonly string[];
}

/** Who erases, and why. */
export interface Erasing {
  readonly by: string;
  readonly basis: string;
  readonly now: Date;
  /** The hospital for which it is done. */
  readonly tenant: Rid | undefined;
  readonly forget: readonly ((db: Queryable, patient: Rid) => Promise<void>)[];
}

/** What has to be looked for in the texts of others; the search itself stops nobody, so it is done before the commit. */
export async function mentions(engine: Engine, patient: StoredVersion): Promise<readonly Rid[]> {
  const own = await recordOf(engine.pool, patient.rid);
  const reference = `"Patient/${patient.id}`;
  const absolute = `"${engine.baseUrl}/Patient/${patient.id}`;
  return mentionsOf(engine.pool, own, [reference, absolute, ...numbersOf(patient)]);
}

/**
 * Erases a patient within a transaction: while it lasts nobody else writes. What others say of the patient is rewritten in
 * place, in superseded versions too. A tombstone is left for the patient, and for what others still refer to.
 * @param mentioned what `mentions` found before
 */
export async function erase(
  engine: Engine,
  db: Queryable,
  patient: StoredVersion,
  mentioned: readonly Rid[],
  { by, basis, now, tenant, forget }: Erasing,
): Promise<Erased> {
  await lockWriters(db);
  const whole = await recordOf(db, patient.rid);
  const outside = [...new Set([...mentioned, ...(await referrersOf(engine, db, whole))])];
  const provenances = await aboutNothingElse(engine, db, outside, whole);
  const own = [...whole, ...provenances];
  const others = outside.filter((rid) => !own.some((each) => each.rid === rid));
  const moved = new Map(own.map(({ type, id, rid }) => [`${type}/${id}`, `${type}/${idOfRid(rid)}`]));
  const traces: Traces = { moved, baseUrl: engine.baseUrl, numbers: numbersOf(patient) };
  const { cleaned, duplicates, referred } = await clean(engine, db, others, traces);

  await forgetAccounts(
    db,
    patient.id,
    own.filter(({ type }) => type === 'Task').map(({ id }) => id),
  );
  for (const forgetting of forget) {
    await forgetting(db, patient.rid);
  }
  await detach(db, patient.rid, own, others);
  await deleteRows(db, patient.rid, own);
  await putTombstones(
    db,
    own.filter(({ rid, type }) => rid === patient.rid || referred.has(`${type}/${idOfRid(rid)}`)),
    now,
    tenant,
  );
  await addErased(
    db,
    own.map(({ type, id }) => erasedDigest(engine.erasedKey, type, id)),
  );
  await db.query({
    text: 'insert into erasure (shard, patient, at, by, basis) values ($1, $2, $3, $4, $5)',
    values: [shardOfRid(patient.rid), patient.rid, now.getTime(), by, basis],
  });
  return {
    resources: own.length,
    cleaned,
    duplicates,
    notices: own.filter(({ type }) => type === 'Communication').map(({ id }) => `Communication/${id}`),
  };
}

/** Records of what was done to this record alone go with it. */
async function aboutNothingElse(
  engine: Engine,
  db: Queryable,
  outside: readonly Rid[],
  record: readonly Own[],
): Promise<readonly Own[]> {
  const erased = new Set(record.map(({ type, id }) => `${type}/${id}`));
  const found: Own[] = [];
  for (const { table, rid, content } of await versionsOf(db, outside)) {
    const resource = JSON.parse(content) as Resource;
    if (table === 'resource' && resource.resourceType === 'Provenance') {
      const targets = resource.target.map(({ reference = '' }) => relative(reference, engine.baseUrl));
      if (targets.every((target) => erased.has(target))) {
        found.push({ rid, type: 'Provenance', id: resource.id ?? idOfRid(rid) });
      }
    }
  }
  return found;
}

/** Takes the patient out of what others say. @returns how many resources, and the tombstones that they refer to */
async function clean(
  engine: Engine,
  db: Queryable,
  others: readonly Rid[],
  traces: Traces,
): Promise<{ cleaned: number; duplicates: number; referred: ReadonlySet<string> }> {
  const cleaned = new Set<Rid>();
  const duplicates = new Set<Rid>();
  const referred = new Set<string>();
  const definitions = engine.definitions();
  for (const version of await versionsOf(db, others)) {
    // a second record under the same number is told of, not damaged
    const isPatient = (JSON.parse(version.content) as Resource).resourceType === 'Patient';
    const text = withoutTraces(version.content, isPatient ? { ...traces, numbers: [] } : traces);
    if (isPatient && traces.numbers.some((number) => version.content.includes(number))) {
      duplicates.add(version.rid);
    }
    if (text === undefined) continue;
    cleaned.add(version.rid);
    await replaceVersion(db, version, text);
    const resource = JSON.parse(text) as Resource;
    for (const reference of definitions.referencesOf(resource)) {
      if (reference.kind === 'relative') referred.add(`${reference.type}/${reference.id}`);
    }
    if (version.table === 'resource') {
      const rows = definitions.extract(resource);
      await replacePostings(db, version.rid, bitmap(rows.present), postings(rows, engine.hashSeed));
    }
  }
  return { cleaned: cleaned.size, duplicates: duplicates.size, referred };
}

function numbersOf({ content }: StoredVersion): readonly string[] {
  const { identifier = [] } = JSON.parse(content) as Patient;
  return identifier.flatMap(({ value = '' }) => (value.length >= NUMBER_CHARACTERS_MIN ? [value] : []));
}

function relative(reference: string, baseUrl: string): string {
  const own = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  return own.replace(/\/_history\/[^/]*$/, '');
}
