import type { Queryable } from '../model/queryable.ts';
import { typeName } from '../model/resource-types.ts';
import { idOfRid, type Rid, shardOfRid } from '../model/rid.ts';
import type { AuditRow } from '../store/audit-row.ts';
import type { Agents, AuditAgent } from './agents.ts';
import { auditRowColumns } from './chain-store.ts';
import type { EventPlace } from './event-id.ts';
import { interactionName } from './interactions.ts';
import type { PatientKey, PatientKeys } from './patient-keys.ts';
import { ciphered, type Seen, unpacked } from './seen.ts';

/** A row about a patient, as it can be read with the patient's key. */
export interface AuditEntry extends EventPlace {
  /** ms since 1970 */
  readonly at: number;
  readonly interaction: string;
  readonly operation: string | undefined;
  /** Of the request's path. */
  readonly type: string | undefined;
  /** HTTP's */
  readonly status: number;
  readonly agent: AuditAgent | undefined;
  readonly seen: readonly SeenResource[];
}

export interface SeenResource extends Seen {
  readonly id: string;
}

export interface EntryFilter {
  /** ms since 1970, both included */
  readonly from?: number;
  readonly to?: number;
  readonly interactions?: readonly number[];
  readonly failed?: boolean;
  /** Only what comes after this entry in the list, which runs from the newest to the oldest. */
  readonly after?: { readonly at: number; readonly chain: number; readonly n: string };
  /** What no column tells: the rows that are left out are read all the same. */
  readonly keeps?: (entry: AuditEntry) => boolean;
}

/** What a look-up works with; `db` may be any reader. */
export interface LookUp {
  readonly db: Queryable;
  readonly keys: PatientKeys;
  readonly agents: Agents;
}

const ROWS_AT_ONCE = 500;
/** Rows that one look-up goes through. */
const ROWS_MAX = 20_000;

/** What the audit holds about a patient, newest first. Nothing where the patient's key is gone. */
export async function entriesOf(
  lookUp: LookUp,
  patient: Rid,
  filter: EntryFilter,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const key = (await lookUp.keys.stored([patient])).get(patient);
  const entries: AuditEntry[] = [];
  let after = filter.after;
  for (let read = 0; key !== undefined && read < ROWS_MAX && entries.length < limit; read += ROWS_AT_ONCE) {
    const rows = await rowsOf(lookUp.db, key, { ...filter, ...(after === undefined ? {} : { after }) });
    const readable = await entriesIn(lookUp, patient, key, rows);
    entries.push(...readable.filter((entry) => filter.keeps?.(entry) ?? true));
    after = rows.at(-1);
    if (rows.length < ROWS_AT_ONCE) {
      break;
    }
  }
  return entries.slice(0, limit);
}

/** One entry; undefined where there is none, or the patient's key is gone. */
export async function entryAt(lookUp: LookUp, { chain, n, patient }: EventPlace): Promise<AuditEntry | undefined> {
  const key = (await lookUp.keys.stored([patient])).get(patient);
  if (key === undefined) {
    return undefined;
  }
  const { rows } = await lookUp.db.query<AuditRow>({
    text: `select ${auditRowColumns('a')} from audit a where a.chain = $1 and a.n = $2 and a.patient = $3`,
    values: [chain, n, key.surrogate],
  });
  return (await entriesIn(lookUp, patient, key, rows))[0];
}

async function rowsOf(db: Queryable, key: PatientKey, filter: EntryFilter): Promise<readonly AuditRow[]> {
  const { from, to, interactions, failed, after } = filter;
  const { rows } = await db.query<AuditRow>({
    name: 'audit_of_patient',
    text: `select ${auditRowColumns('a')} from audit a
      where a.patient = $1 and a.at >= $2 and a.at <= $3 and ($4::int2[] is null or a.interaction = any($4))
        and ($5::bool is null or (a.status >= 400) = $5)
        and ($6::int8 is null or (a.at, a.chain, a.n) < ($6, $7::int4, $8::int8))
      order by a.at desc, a.chain desc, a.n desc limit ${ROWS_AT_ONCE}`,
    values: [
      key.surrogate,
      from ?? 0,
      to ?? Number.MAX_SAFE_INTEGER,
      interactions ?? null,
      failed ?? null,
      after?.at ?? null,
      after?.chain ?? null,
      after?.n ?? null,
    ],
  });
  return rows;
}

async function entriesIn(
  { db, agents }: LookUp,
  patient: Rid,
  key: PatientKey,
  rows: readonly AuditRow[],
): Promise<readonly AuditEntry[]> {
  const seen = rows.map((row) => (row.sealed === null ? [] : unpacked(ciphered(key.cipher, row, row.sealed))));
  const [named, ids] = await Promise.all([
    agents.named(
      rows.map(({ agent }) => agent),
      key,
    ),
    idsOf(
      db,
      seen.flat().map(({ rid }) => rid),
    ),
  ]);
  return rows.map((row, i) => ({
    chain: row.chain,
    n: row.n,
    patient,
    at: row.at,
    interaction: interactionName(row.interaction),
    operation: row.operation ?? undefined,
    type: row.type === null ? undefined : typeName(row.type),
    status: row.status,
    agent: named.get(row.agent),
    seen: (seen[i] ?? []).map((one) => ({ ...one, id: ids.get(one.rid) ?? idOfRid(one.rid) })),
  }));
}

/** The ids that clients gave; all others follow from the rid. */
async function idsOf(db: Queryable, rids: readonly Rid[]): Promise<ReadonlyMap<Rid, string>> {
  const { rows } = await db.query<{ rid: Rid; id: string }>({
    name: 'audit_ids',
    text: `select r.rid, r.id from unnest($1::int2[], $2::int8[]) w (shard, rid)
      join resource r on r.shard = w.shard and r.rid = w.rid where r.id is not null`,
    values: [rids.map(shardOfRid), rids],
  });
  return new Map(rows.map(({ rid, id }) => [rid, id]));
}
