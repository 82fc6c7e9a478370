import type { Queryable } from '../model/queryable.ts';
import { typeName } from '../model/resource-types.ts';
import { idOfRid, type Rid } from '../model/rid.ts';
import type { Counts, Findings } from './finding.ts';
import { WRITING } from './interactions.ts';
import type { PatientKeys } from './patient-keys.ts';
import { ciphered, type RowPlace, unpacked } from './seen.ts';

interface VersionPlace {
  patient: Rid;
  rid: Rid;
  version: number;
  type: number;
  id: string | null;
}

const VERSIONS_AT_ONCE = 5000;

/**
 * Every version of a resource about a patient that was made since the audit began has the row that was stored with it. An
 * erasure leaves no version that is about the patient.
 * @param db a transaction on one snapshot
 */
export async function verifyVersions(
  db: Queryable,
  keys: PatientKeys,
  findings: Findings,
  counts: Counts,
): Promise<void> {
  const since = "(select value::int8 from setting where name = 'audit_since')";
  const part = (table: string): string =>
    `select patient, rid, version, type, id from ${table}
     where patient is not null and updated >= ${since}`;
  await db.query({
    text: `declare versions no scroll cursor for
      select * from (${part('resource')} union all ${part('history')}) v order by patient`,
  });
  let kept: VersionPlace[] = [];
  for (;;) {
    const { rows } = await db.query<VersionPlace>({ text: `fetch ${VERSIONS_AT_ONCE} from versions` });
    const all = [...kept, ...rows];
    // the last patient may have more
    const last = rows.length < VERSIONS_AT_ONCE ? undefined : rows.at(-1)?.patient;
    await verifyPatients(
      db,
      keys,
      all.filter(({ patient }) => patient !== last),
      findings,
      counts,
    );
    kept = all.filter(({ patient }) => patient === last);
    if (last === undefined) {
      break;
    }
  }
  await db.query({ text: 'close versions' });
}

async function verifyPatients(
  db: Queryable,
  keys: PatientKeys,
  versions: readonly VersionPlace[],
  findings: Findings,
  counts: Counts,
): Promise<void> {
  const patients = [...new Set(versions.map(({ patient }) => patient))];
  const found = await keys.stored(patients);
  const bySurrogate = new Map([...found.values()].map((key) => [key.surrogate, key]));
  const { rows } = await db.query<RowPlace & { patient: string; sealed: Buffer | null }>({
    text: `select a.patient, a.chain, a.n, a.at::float8 as at, a.sealed from unnest($1::int8[]) w (patient)
      join audit a on a.patient = w.patient where a.interaction = any($2::int2[])`,
    values: [[...bySurrogate.keys()], WRITING],
  });
  const written = new Set<string>();
  for (const { patient, sealed, ...place } of rows) {
    const key = bySurrogate.get(patient);
    if (key !== undefined && sealed !== null) {
      for (const { rid, version } of readable(() => unpacked(ciphered(key.cipher, place, sealed)))) {
        written.add(`${rid} ${version}`);
      }
    }
  }
  for (const { rid, version, type, id } of versions) {
    counts.versions += 1;
    if (!written.has(`${rid} ${version}`)) {
      findings.add('version without row', `${typeName(type)}/${id ?? idOfRid(rid)}/_history/${version}`);
    }
  }
}

/** What a changed row holds may be anything; that it was changed is told elsewhere. */
function readable<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
