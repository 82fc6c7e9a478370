import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** A pool or a client within a transaction. */
export interface Queryable {
  query<R extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<R>>;
}
