import { typeName } from './resource-types.ts';
import { idOfRid } from './rid.ts';
import type { StoredVersion } from './stored.ts';

/** A row of `resource` or `history`, as far as a StoredVersion is made of it. */
export interface VersionRow {
  type: number;
  version: number;
  rid: string;
  updated: string;
  /** Left out by a statement that finds what is not deleted only. */
  deleted?: boolean;
  id: string | null;
  content: string;
  patient?: string | null;
  anchor?: string | null;
}

/** SQL: the columns of a VersionRow. @param alias of the table */
export function versionColumns(alias: string): string {
  return ['type', 'version', 'rid', 'updated', 'deleted', 'id', 'content', 'patient', 'anchor']
    .map((column) => `${alias}.${column}`)
    .join(', ');
}

export function toStoredVersion(row: VersionRow): StoredVersion {
  return {
    rid: row.rid,
    type: typeName(row.type),
    id: row.id ?? idOfRid(row.rid),
    version: row.version,
    updated: Number(row.updated),
    deleted: row.deleted ?? false,
    content: row.content,
    ...(row.patient == null ? {} : { patient: row.patient }),
    ...(row.anchor == null ? {} : { anchor: row.anchor }),
  };
}
