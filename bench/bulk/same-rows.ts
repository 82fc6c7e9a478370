import type pg from 'pg';
import type { Postings } from '../../src/store/prepared-write.ts';
import type { Copier, Template } from './copier.ts';

/**
 * What the bulk writer would store for a course that the real write path has stored, and what is there: the differences as
 * text, none where both are the same.
 */
export async function differences(pool: pg.Pool, copier: Copier, template: Template): Promise<readonly string[]> {
  const found: string[] = [];
  for (const write of copier.itself(template).rounds.flat()) {
    const named = `${write.type} version ${write.version}`;
    const rows = await pool.query<Stored>(
      `select version, updated, date, patient, anchor, deleted, id, encode(present, 'hex') as present, content
       from resource where rid = $1 and version = $2
       union all select version, updated, null, patient, anchor, deleted, id, null, content
       from history where rid = $1 and version = $2`,
      [write.rid, write.version],
    );
    const [row] = rows.rows;
    const own: Stored = {
      version: write.version,
      updated: String(write.updated),
      date: row?.present === null || write.date === undefined ? null : String(Math.round(write.date)),
      patient: write.patient ?? null,
      anchor: write.anchor ?? null,
      deleted: write.deleted,
      id: write.clientId ? write.id : null,
      present: row?.present === null ? null : write.present.toString('hex'),
      content: write.content,
    };
    for (const column of Object.keys(own) as (keyof Stored)[]) {
      if (row?.[column] !== own[column]) found.push(`${named}: ${column}`);
    }
  }
  const [expected, there] = [derived(copier, template), await indexRows(pool, template)];
  found.push(...[...expected.symmetricDifference(there)].map((row) => `index row ${row}`));
  return found;
}

interface Stored {
  readonly version: number;
  readonly updated: string;
  readonly date: string | null;
  readonly patient: string | null;
  readonly anchor: string | null;
  readonly deleted: boolean;
  readonly id: string | null;
  readonly present: string | null;
  readonly content: string;
}

/** The index rows that are left when all versions are stored. */
function derived(copier: Copier, template: Template): ReadonlySet<string> {
  const rows = new Set<string>();
  for (const { rid, add, remove } of copier.itself(template).rounds.flat()) {
    for (const line of lines(rid, remove)) rows.delete(line);
    for (const line of lines(rid, add)) rows.add(line);
  }
  return rows;
}

function lines(rid: string, { tokens, ranges, strings }: Postings): readonly string[] {
  return [
    ...tokens.map(({ h }) => `${rid} ${h}`),
    ...ranges.map(({ h, lo, hi }) => `${rid} ${h} ${lo} ${hi}`),
    ...strings.map(({ h, value }) => `${rid} ${h} ${value}`),
  ];
}

async function indexRows(pool: pg.Pool, { recording }: Template): Promise<ReadonlySet<string>> {
  const rids = [...new Set(recording.versions.map(({ rid }) => rid))];
  const { rows } = await pool.query<{ rid: string; h: string; lo: number | null; hi: number; value: string | null }>(
    `select rid, h, null::float8 as lo, null::float8 as hi, null as value from token_idx where rid = any($1::int8[])
     union all select rid, h, lo, hi, null from range_idx where rid = any($1::int8[])
     union all select rid, h, null, null, value from string_idx where rid = any($1::int8[])`,
    [rids],
  );
  return new Set(
    rows.map(({ rid, h, lo, hi, value }) =>
      lo === null ? (value === null ? `${rid} ${h}` : `${rid} ${h} ${value}`) : `${rid} ${h} ${lo} ${hi}`,
    ),
  );
}
