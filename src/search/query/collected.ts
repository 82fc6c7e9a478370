import type { QueryConfig } from 'pg';
import { fhirError } from '../../model/issue.ts';
import type { Queryable } from '../../model/queryable.ts';
import type { SearchLimits } from './limits.ts';
import type { SortKey } from './nodes.ts';
import { sortText } from './sort-text.ts';
import { contentsStatement, type MatchRow, matchesStatement } from './sql/collect.ts';
import type { Asked, Way } from './sql/page-statement.ts';
import type { Statement } from './sql/statement.ts';

/** Contents that are in memory at the same time; one more resource, however large, may be. */
const CHUNK_BYTES = 4_000_000;
const CHUNK_MAX = 500;

/** Whether an order needs the contents of all matches: no index holds the values. */
export function needsContents(sort: readonly SortKey[]): boolean {
  return sort.some(({ by }) => by.kind === 'content');
}

/**
 * All matches, with the texts that they are sorted by, read from their contents. The order and the page are then
 * PostgreSQL's, as for other searches.
 *
 * @param way how the matches are found
 * @throws FhirError 400 too-costly for more matches than are collected
 */
export async function collected(
  db: Queryable,
  statement: () => Statement,
  asked: Asked,
  way: Way,
  baseUrl: string,
  { content_sort_max }: SearchLimits,
): Promise<Way> {
  const config = matchesStatement(statement(), { ...asked, sort: [] }, way, content_sort_max + 1);
  const { rows: matches } = await db.query<MatchRow>(config);
  if (matches.length > content_sort_max) {
    throw tooMany(asked.sort, content_sort_max);
  }
  const readers = asked.sort.map(({ by, descending }) =>
    by.kind === 'content' ? sortText(by.param, descending, baseUrl) : undefined,
  );
  const known = new Map<string, readonly (string | null)[]>();
  for (const chunk of chunks(matches)) {
    for (const { rid, content } of await contents(db, contentsStatement(statement(), chunk))) {
      const resource: unknown = JSON.parse(content);
      known.set(
        rid,
        readers.map((read) => read?.(resource) ?? null),
      );
    }
  }
  return {
    kind: 'collected',
    matches,
    texts: readers.map((read, i) => read && matches.map(({ rid }) => known.get(rid)?.[i] ?? null)),
  };
}

async function contents(db: Queryable, config: QueryConfig): Promise<readonly { rid: string; content: string }[]> {
  return (await db.query<{ rid: string; content: string }>(config)).rows;
}

/** Rids of matches, few or light enough to be read together. */
function* chunks(matches: readonly MatchRow[]): Generator<readonly string[]> {
  let chunk: string[] = [];
  let bytes = 0;
  for (const { rid, bytes: more } of matches) {
    if (chunk.length > 0 && (chunk.length >= CHUNK_MAX || bytes + more > CHUNK_BYTES)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(rid);
    bytes += more;
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}

function tooMany(sort: readonly SortKey[], most: number): Error {
  const codes = sort.flatMap(({ by }) => (by.kind === 'content' ? [by.param.code] : []));
  return fhirError(
    400,
    'too-costly',
    `More than ${most} resources match: too many to be sorted by ${codes.join(' and ')}. Narrow the search, or sort by a date or by _lastUpdated.`,
  );
}
