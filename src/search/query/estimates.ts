import type { QueryConfig } from 'pg';
import type { Queryable } from '../../model/queryable.ts';
import type { ResourceType } from '../../model/resource-types.ts';
import type { Criterion } from './nodes.ts';
import { membersOf } from './sql/members.ts';
import { type Asked, countStatement, jointStatement } from './sql/page-statement.ts';
import type { Statement } from './sql/statement.ts';

const KEPT_MS = 60_000;
const KEPT_MAX = 10_000;
/** What a criterion that identifies few resources is taken to match. */
const FEW = 10;

/**
 * How many resources match a criterion, as far as a search's way depends on it: counted up to a bound by the criterion's
 * own index, and remembered for a minute. The planner's statistics know nothing of single values.
 */
export class Estimates {
  readonly #known = new Map<string, { readonly count: number; readonly until: number }>();
  readonly #now: () => number;

  /** @param now ms, of a clock that does not stand still */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The number of matches, at most `bound`; undefined where no index finds them. */
  async of(
    db: Queryable,
    statement: () => Statement,
    criterion: Criterion,
    types: readonly ResourceType[],
    bound: number,
  ): Promise<number | undefined> {
    if (criterion.kind === 'id') {
      return criterion.ids.length;
    }
    if (criterion.kind === 'token' && (criterion.few || criterion.keys.length === 0)) {
      return criterion.keys.length * FEW;
    }
    return this.#counted(db, keyFor(criterion, types, bound), () => {
      const made = statement();
      const members = membersOf(made, criterion, types);
      return (
        members && made.config(`select count(*)::int8 as n from (select 1 from (${members.sql}) a limit ${bound}) b`)
      );
    });
  }

  /** What is remembered of a criterion's matches. */
  known(criterion: Criterion, types: readonly ResourceType[], bound: number): number | undefined {
    const known = this.#known.get(keyFor(criterion, types, bound));
    return known !== undefined && known.until > this.#now() ? known.count : undefined;
  }

  /** How many resources of some types a caller may reach, at most `bound`; undefined where that has no bounds. */
  reach(
    db: Queryable,
    statement: () => Statement,
    types: readonly ResourceType[],
    bound: number,
  ): Promise<number | undefined> {
    return this.#ofCaller(db, 'reach', statement(), types, bound, (made) => made.reached(types));
  }

  /** How many ties a caller may find resources by, at most `bound`; undefined where there are none. */
  ties(
    db: Queryable,
    statement: () => Statement,
    types: readonly ResourceType[],
    bound: number,
  ): Promise<number | undefined> {
    return this.#ofCaller(db, 'ties', statement(), types, bound, (made) => made.ties(types));
  }

  #ofCaller(
    db: Queryable,
    what: string,
    made: Statement,
    types: readonly ResourceType[],
    bound: number,
    rows: (made: Statement) => string | undefined,
  ): Promise<number | undefined> {
    return this.#counted(db, `${what} ${bound} ${types.join()} ${made.audience(types)}`, () => {
      const sql = rows(made);
      return sql === undefined
        ? undefined
        : made.config(`select count(*)::int8 as n from (select 1 from (${sql}) a limit ${bound}) b`);
    });
  }

  /** How many of the newest `sample` resources of a type the caller sees and satisfy all criteria. */
  async share(db: Queryable, statement: () => Statement, asked: Asked, sample: number): Promise<number> {
    const made = statement();
    const key = `share ${sample} ${asked.types.join()} ${made.audience(asked.types)} ${JSON.stringify(asked.where)}`;
    const way = { kind: 'type', sample } as const;
    return (await this.#counted(db, key, () => countStatement(made, { ...asked, sort: [] }, way))) ?? 0;
  }

  /** How many of the first `sample` matches of one criterion are seen and satisfy all criteria, counted to `atMost`. */
  async joint(
    db: Queryable,
    statement: () => Statement,
    asked: Asked,
    criterion: Criterion,
    sample: number,
    atMost: number,
  ): Promise<number | undefined> {
    const made = statement();
    const key = `joint ${atMost} ${asked.types.join()} ${made.audience(asked.types)} ${JSON.stringify([criterion, asked.where])}`;
    return this.#counted(db, key, () => jointStatement(made, { ...asked, sort: [] }, criterion, sample, atMost));
  }

  async #counted(db: Queryable, key: string, config: () => QueryConfig | undefined): Promise<number | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#now()) {
      return known.count;
    }
    const made = config();
    if (made === undefined) {
      return undefined;
    }
    const result = await db.query<{ n: string }>(made);
    const count = Number(result.rows[0]?.n ?? 0);
    if (this.#known.size >= KEPT_MAX) {
      this.#known.clear();
    }
    this.#known.set(key, { count, until: this.#now() + KEPT_MS });
    return count;
  }
}

function keyFor(criterion: Criterion, types: readonly ResourceType[], bound: number): string {
  return `${bound} ${types.join()} ${JSON.stringify(criterion)}`;
}
