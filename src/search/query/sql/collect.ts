import type { QueryConfig } from 'pg';
import { type Asked, source, type Way } from './page-statement.ts';
import { resourceOf } from './resource.ts';
import type { Statement } from './statement.ts';

/** A match without its content. */
export interface MatchRow {
  rid: string;
  version: number;
  /** Of its content. */
  bytes: number;
}

/** SQL for the matches, at most `limit`. */
export function matchesStatement(statement: Statement, asked: Asked, way: Way, limit: number): QueryConfig {
  const { from, row, where } = source(statement, asked, way);
  return statement.config(
    `select ${row.rid} as rid, r.version, octet_length(r.content) as bytes from ${from} where ${where.join(' and ')} order by ${row.rid} limit ${limit}`,
  );
}

/** SQL for the contents (rid, content) of resources. */
export function contentsStatement(statement: Statement, rids: readonly string[]): QueryConfig {
  return statement.config(
    `select d.rid, r.content from unnest(${statement.value(rids, 'int8[]')}) as d (rid) ${resourceOf('d.rid', 'r')} where not r.deleted and ${statement.permitted('search', 'r')}`,
  );
}
