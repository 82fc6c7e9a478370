import { typeName } from '../../../model/resource-types.ts';
import { idOfRid } from '../../../model/rid.ts';
import type { StoredVersion } from '../../../model/stored.ts';

/** What a StoredVersion is made of; the searches answer no deleted resource. */
export interface FoundRow {
  rid: string;
  type: number;
  version: number;
  updated: string;
  id: string | null;
  content: string;
}

/** The columns of a FoundRow. @param alias of a row of `resource` */
export function foundColumns(alias: string): string {
  return ['rid', 'type', 'version', 'updated', 'id', 'content'].map((column) => `${alias}.${column}`).join(', ');
}

export function foundVersion(row: FoundRow): StoredVersion {
  return {
    rid: row.rid,
    type: typeName(row.type),
    id: row.id ?? idOfRid(row.rid),
    version: row.version,
    updated: Number(row.updated),
    deleted: false,
    content: row.content,
  };
}
