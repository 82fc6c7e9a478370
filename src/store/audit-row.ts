/** A row of the table audit: see src/store/migrations/0006_audit.sql. Numbers of 64 bits are decimal strings. */
export interface AuditRow {
  readonly chain: number;
  readonly n: string;
  /** ms since 1970, by the machine's clock */
  readonly at: number;
  readonly agent: string;
  readonly patient: string | null;
  readonly mac: string;
  readonly interaction: number;
  readonly type: number | null;
  readonly status: number;
  readonly operation: string | null;
  readonly sealed: Buffer | null;
}

/** The columns of the table, with their types, in the order of auditValues(). */
export const AUDIT_COLUMNS = {
  n: 'int8',
  at: 'int8',
  agent: 'int8',
  patient: 'int8',
  mac: 'int8',
  chain: 'int4',
  interaction: 'int2',
  type: 'int2',
  status: 'int2',
  operation: 'text',
  sealed: 'bytea',
} as const;

/** Rows as columns, for unnest(). */
export function auditValues(rows: readonly AuditRow[]): unknown[] {
  return (Object.keys(AUDIT_COLUMNS) as (keyof AuditRow)[]).map((column) => rows.map((row) => row[column]));
}
