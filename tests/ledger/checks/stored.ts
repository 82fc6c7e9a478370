import type { Resource } from '@medplum/fhirtypes';
import type pg from 'pg';
import { typeName } from '../../../src/model/resource-types.ts';
import { idOfRid } from '../../../src/model/rid.ts';

/** One version as the tables hold it. */
export interface StoredRow {
  readonly rid: string;
  readonly shard: number;
  readonly type: string;
  readonly id: string;
  readonly clientId: string | null;
  readonly version: number;
  readonly deleted: boolean;
  readonly content: string;
  readonly resource: Resource | undefined;
}

export interface CurrentRow extends StoredRow {
  readonly date: string | null;
  readonly patient: string | null;
  readonly present: Buffer;
}

/** Everything that a database holds of resources, read in one snapshot. */
export interface Stored {
  readonly current: readonly CurrentRow[];
  readonly history: readonly StoredRow[];
}

interface Row {
  type: number;
  id: string | null;
  rid: string;
  shard: number;
  version: number;
  deleted: boolean;
  content: string;
}

export async function readStored(pool: pg.Pool): Promise<Stored> {
  const columns = 'shard, type, version, rid, deleted, id, content';
  const current = await pool.query<Row & { date: string | null; patient: string | null; present: Buffer }>(
    `select ${columns}, date, patient, present from resource`,
  );
  const history = await pool.query<Row>(`select ${columns} from history`);
  return {
    current: current.rows.map((row) => ({ ...row, ...stored(row) })),
    history: history.rows.map(stored),
  };
}

function stored(row: Row): StoredRow {
  return {
    ...row,
    type: typeName(row.type),
    id: row.id ?? idOfRid(row.rid),
    clientId: row.id,
    resource: row.content === '' ? undefined : (JSON.parse(row.content) as Resource),
  };
}
