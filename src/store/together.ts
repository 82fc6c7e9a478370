import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Queryable } from '../model/queryable.ts';
import { mergedStatement, onlyReads } from './merged-statement.ts';

/** What one statement asks for at most. */
const TOGETHER_MAX = 500;

interface Asked {
  readonly config: QueryConfig;
  resolve(rows: readonly QueryResultRow[]): void;
  reject(problem: unknown): void;
}

/**
 * A connection that answers statements of one shape, asked in one turn of the event loop by several who work on it at the
 * same time, by one statement (`mergedStatement`). Equal ones are asked once; those who asked then share the rows.
 *
 * Only prepared statements that read are gathered. All others are passed on as they come.
 */
export class Together implements Queryable {
  readonly #db: Queryable;
  #waiting = new Map<string, Asked[]>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  query<R extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<R>> {
    if (config.name === undefined || !onlyReads(config.text)) {
      return this.#db.query<R>(config);
    }
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) {
        setImmediate(() => this.#ask());
      }
      const alike = this.#waiting.get(config.text) ?? [];
      this.#waiting.set(config.text, alike);
      alike.push({ config, resolve: (rows) => resolve(resultOf(rows as readonly R[])), reject });
    });
  }

  #ask(): void {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const alike of waiting.values()) {
      for (let from = 0; from < alike.length; from += TOGETHER_MAX) {
        this.#askAlike(alike.slice(from, from + TOGETHER_MAX));
      }
    }
  }

  #askAlike(alike: readonly Asked[]): void {
    const groups = [...Map.groupBy(alike, ({ config }) => JSON.stringify(config.values)).values()];
    const configs = groups.flatMap(([first]) => first?.config ?? []);
    const merged = mergedStatement(configs);
    if (merged === undefined) {
      for (const [i, group] of groups.entries()) {
        this.#answer([group], this.#db.query(configs[i] as QueryConfig), () => 0);
      }
    } else {
      this.#answer(groups, this.#db.query<{ together: number }>(merged), ({ together }) => together - 1);
    }
  }

  /** @param placeOf which of the groups a row is for */
  #answer<R extends QueryResultRow>(
    groups: readonly (readonly Asked[])[],
    asked: Promise<QueryResult<R>>,
    placeOf: (row: R) => number,
  ): void {
    asked.then(
      (result) => {
        const rows: R[][] = groups.map(() => []);
        for (const row of result.rows) rows[placeOf(row)]?.push(row);
        for (const [i, group] of groups.entries()) {
          for (const { resolve } of group) resolve(rows[i] ?? []);
        }
      },
      (problem) => {
        for (const { reject } of groups.flat()) reject(problem);
      },
    );
  }
}

function resultOf<R extends QueryResultRow>(rows: readonly R[]): QueryResult<R> {
  return { rows: [...rows], rowCount: rows.length, command: 'SELECT', oid: 0, fields: [] };
}
