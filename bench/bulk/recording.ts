import type pg from 'pg';
import { typeName } from '../../src/model/resource-types.ts';
import { idOfRid, type Rid } from '../../src/model/rid.ts';
import type { Tie } from '../../src/store/ties.ts';

/** One version of a resource as it is stored. */
export interface RecordedVersion {
  readonly rid: Rid;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly updated: number;
  readonly deleted: boolean;
  readonly anchor: Rid | undefined;
  readonly content: string;
}

export interface RecordedEvent {
  readonly rid: Rid;
  readonly version: number;
  readonly bot: string;
  readonly interaction: 'create' | 'update' | 'delete';
  readonly due: number;
}

/** All that the database holds of one patient: what the real write path and the bots have made of a course. */
export interface Recording {
  readonly patient: Rid;
  /** In the order in which they were made. */
  readonly versions: readonly RecordedVersion[];
  readonly ties: readonly Tie[];
  /** What waits in the outbox. */
  readonly events: readonly RecordedEvent[];
}

/** Records a patient. Audit rows are not recorded: copies get their own. */
export async function record(pool: pg.Pool, patient: Rid): Promise<Recording> {
  const columns = 'rid, type, version, updated, deleted, id, anchor, content';
  const versions = await pool.query<Row>(
    `select ${columns} from resource where patient = $1
     union all select ${columns} from history where patient = $1 order by updated, rid, version`,
    [patient],
  );
  const ties = await pool.query<Tie>(
    'select rid, label, given from tie where rid = any($1::int8[]) order by rid, label',
    [[...new Set(versions.rows.map(({ rid }) => rid))]],
  );
  const events = await pool.query<Omit<RecordedEvent, 'due'> & { due: string }>(
    'select rid, version, bot, interaction, due from outbox where stream = $1 order by n',
    [patient],
  );
  return {
    patient,
    versions: versions.rows.map((row) => ({
      ...row,
      type: typeName(row.type),
      id: row.id ?? idOfRid(row.rid),
      updated: Number(row.updated),
      anchor: row.anchor ?? undefined,
    })),
    ties: ties.rows,
    events: events.rows.map((row) => ({ ...row, due: Number(row.due) })),
  };
}

interface Row {
  readonly rid: Rid;
  readonly type: number;
  readonly version: number;
  readonly updated: string;
  readonly deleted: boolean;
  readonly id: string | null;
  readonly anchor: Rid | null;
  readonly content: string;
}
