import { accessKey, type Caller } from '../../model/caller.ts';
import { FhirError, fhirError, type Issue } from '../../model/issue.ts';
import type { Queryable } from '../../model/queryable.ts';
import type { StoredVersion } from '../../model/stored.ts';
import { toStoredVersion } from '../../model/version-row.ts';
import type { PageTokens } from '../page-token.ts';
import { collected, needsContents } from './collected.ts';
import { type ConceptLookup, withConcepts } from './concepts.ts';
import type { Estimates } from './estimates.ts';
import { included } from './includes.ts';
import { type SearchLimits, searchLimits } from './limits.ts';
import { withLists } from './lists.ts';
import type { Query, SearchRequest, SortKey } from './nodes.ts';
import { type PageRows, pageRows } from './page-rows.ts';
import { type Plan, plan } from './plan.ts';
import type { Position } from './sql/order.ts';
import { countStatement, type PageRow, type Way } from './sql/page-statement.ts';
import { Statement } from './sql/statement.ts';

/** What a search needs beside the database and the request. */
export interface SearchEnv {
  /** Setting hash_seed. */
  readonly hashSeed: string;
  /** The server's own base url, without a slash at the end. */
  readonly baseUrl: string;
  readonly tokens: PageTokens;
  /** One for each process. */
  readonly estimates: Estimates;
  readonly limits?: SearchLimits;
  readonly terminology?: ConceptLookup;
}

/** One page of a search; the interactions' Page. */
export interface SearchPage {
  readonly matches: readonly StoredVersion[];
  readonly includes: readonly StoredVersion[];
  readonly total?: number;
  readonly next?: string;
  readonly previous?: string;
  readonly used: Query;
  readonly notices: readonly Issue[];
}

/** Parameters whose values are expressions: the statements that they make are of as many shapes. */
const ANY_SHAPE = /(?:^|[.:])_(?:filter|text|content)$/;

/**
 * Runs a search: as a rule one prepared statement for the page, and one more for each thing that is asked beside it
 * (includes, total) or not known yet (how many match, once a minute). The connection's `statement_timeout` is the limit of
 * what a search may cost.
 *
 * @throws FhirError 400 for a foreign page token, 503 where the search takes too long
 */
export async function search(
  db: Queryable,
  caller: Caller,
  request: SearchRequest,
  env: SearchEnv,
): Promise<SearchPage> {
  const limits = env.limits ?? searchLimits;
  const prepared = !request.used.some(([name]) => ANY_SHAPE.test(name));
  const statement = (): Statement => new Statement(caller, env.hashSeed, prepared);
  const binding = (): string => bindingOf(caller, request);
  const position = request.page === undefined ? undefined : positionOf(env.tokens.open(request.page, binding()));
  try {
    const coded = await withConcepts(request.where, env.terminology);
    const asked = { ...request, where: await withLists(db, statement, coded, env.baseUrl) };
    const byContents = needsContents(asked.sort);
    const planned = (guess: boolean): Promise<Plan> =>
      plan(db, byContents ? { ...asked, sort: [], whole: true } : asked, env.estimates, statement, limits, guess);
    const rowsOf = async (way: Way): Promise<PageRows> => {
      const through = byContents ? await collected(db, statement, asked, way, env.baseUrl, limits) : way;
      return pageRows(db, statement, asked, through, position);
    };
    let chosen = await planned(request.count > 0);
    if (request.count === 0) {
      const total = await count(db, statement(), asked, chosen);
      return { matches: [], includes: [], total, used: request.used, notices: request.notices };
    }
    let rows = await rowsOf(chosen.way);
    if (rows.shown.length === 0 && chosen.way.kind === 'members' && chosen.way.atMost !== undefined) {
      chosen = await planned(false);
      rows = await rowsOf(chosen.way);
    }
    const matches = rows.shown.map(toStoredVersion);
    const added =
      request.includes.length === 0
        ? { resources: [], notices: [] }
        : await included(db, { caller, seed: env.hashSeed, baseUrl: env.baseUrl, limits }, matches, request.includes);
    const totalled = await totalOf(db, statement, asked, chosen, rows.complete ? matches.length : undefined);
    const seal = (row: PageRow | undefined, back: boolean): string | undefined =>
      row && env.tokens.seal([row.rid, back ? 1 : 0, ...valuesOf(row, request.sort)], binding());
    return {
      matches,
      includes: added.resources,
      ...(totalled.total === undefined ? {} : { total: totalled.total }),
      ...(rows.more ? { next: seal(rows.shown.at(-1), false) } : {}),
      ...(rows.fewer ? { previous: seal(rows.shown[0], true) } : {}),
      used: request.used,
      notices: [...request.notices, ...added.notices, ...totalled.notices],
    };
  } catch (error) {
    throw tooLong(error) ? costly() : error;
  }
}

function valuesOf(row: PageRow, sort: readonly SortKey[]): readonly (string | null)[] {
  return sort.map((_, i) => row[`s${i}`] ?? null);
}

/**
 * What a page token is good for: this caller, with this access, and this query; a page that was reached by `_offset` is
 * left by links without it.
 */
function bindingOf(caller: Caller, { types, used }: SearchRequest): string {
  const query = used.filter(([name]) => name !== '_page' && name !== '_offset');
  return JSON.stringify([accessKey(caller), types, query]);
}

/** Tokens are sealed by this server: what opens has this form. */
function positionOf(place: unknown): Position {
  if (!Array.isArray(place)) {
    throw new Error('a page token holds no place');
  }
  const [rid, back, ...values] = place;
  return { rid: String(rid), back: back === 1, values: values.map((value) => (value === null ? null : String(value))) };
}

interface Total {
  readonly total?: number;
  readonly notices: readonly Issue[];
}

/** At most this many matches are counted for an estimate. */
const ESTIMATE_MAX = 10_000;

async function totalOf(
  db: Queryable,
  statement: () => Statement,
  request: SearchRequest,
  chosen: Plan,
  known: number | undefined,
): Promise<Total> {
  if (request.total === 'none') {
    return { notices: [] };
  }
  if (known !== undefined) {
    return { total: known, notices: [] };
  }
  const atMost = request.total === 'estimate' ? ESTIMATE_MAX : undefined;
  try {
    const total = await count(db, statement(), request, chosen, atMost);
    return {
      total,
      notices: total === atMost ? [told(`The total is an estimate: there are at least ${ESTIMATE_MAX} matches.`)] : [],
    };
  } catch (error) {
    if (!tooLong(error)) {
      throw error;
    }
    return { notices: [told('The total was left out: counting took too long.')] };
  }
}

function told(diagnostics: string): Issue {
  return { severity: 'information', code: 'informational', diagnostics };
}

async function count(
  db: Queryable,
  statement: Statement,
  request: SearchRequest,
  { counted }: Plan,
  atMost?: number,
): Promise<number> {
  const result = await db.query<{ n: string }>(countStatement(statement, request, counted, atMost));
  return Number(result.rows[0]?.n ?? 0);
}

/** PostgreSQL's query_canceled: the statement passed its time limit. */
function tooLong(error: unknown): boolean {
  return error instanceof Error && !(error instanceof FhirError) && 'code' in error && error.code === '57014';
}

function costly(): FhirError {
  return fhirError(
    503,
    'too-costly',
    'The search took too long and was stopped. Narrow it, for instance by a patient, a code or a period.',
  );
}
