import type { Queryable } from '../../model/queryable.ts';
import type { SearchRequest } from './nodes.ts';
import type { Position } from './sql/order.ts';
import { countStatement, limitFor, type PageRow, pageStatement, type Way } from './sql/page-statement.ts';
import type { Statement } from './sql/statement.ts';

export interface PageRows {
  readonly shown: readonly PageRow[];
  /** There is more behind the page. */
  readonly more: boolean;
  /** There is something before it. */
  readonly fewer: boolean;
  /** The page holds all matches there are. */
  readonly complete: boolean;
}

/** The rows of one page, in the order asked for. One row more than the page has is read, to know whether there is more. */
export async function pageRows(
  db: Queryable,
  statement: () => Statement,
  request: SearchRequest,
  way: Way,
  position: Position | undefined,
): Promise<PageRows> {
  const wanted = request.count + 1;
  const back = position?.back ?? false;
  const offset = position === undefined ? request.offset : 0;
  const read = async (by: Way, from: Position | undefined, skip: number, rows: number): Promise<PageRow[]> => {
    const config = pageStatement(statement(), request, by, {
      position: from,
      back,
      offset: skip,
      limit: limitFor(rows),
    });
    const result = await db.query<PageRow>(config);
    return result.rows.slice(0, rows);
  };
  const rows =
    way.kind === 'sorted'
      ? await sortedThenUnsorted(read, position, offset, wanted, async () => {
          const result = await db.query<{ n: string }>(countStatement(statement(), request, way));
          return Number(result.rows[0]?.n ?? 0);
        })
      : await read(way, position, offset, wanted);
  const beyond = rows.length > request.count;
  const page = rows.slice(0, request.count);
  const shown = back ? page.reverse() : page;
  return {
    shown,
    more: shown.length > 0 && (back || beyond),
    fewer: shown.length > 0 && (back ? beyond : position !== undefined || offset > 0),
    complete: !beyond && position === undefined && offset === 0,
  };
}

type Read = (way: Way, position: Position | undefined, offset: number, rows: number) => Promise<PageRow[]>;

/** Along the index of the first sort key, and on among the resources that have no value for it; or the other way. */
async function sortedThenUnsorted(
  read: Read,
  position: Position | undefined,
  offset: number,
  wanted: number,
  sortedTotal: () => Promise<number>,
): Promise<PageRow[]> {
  const sorted: Way = { kind: 'sorted' };
  const unsorted: Way = { kind: 'unsorted' };
  const inUnsorted = position !== undefined && position.values[0] === null;
  if (position?.back) {
    if (!inUnsorted) {
      return read(sorted, position, 0, wanted);
    }
    const last = await read(unsorted, position, 0, wanted);
    return last.length === wanted ? last : [...last, ...(await read(sorted, undefined, 0, wanted - last.length))];
  }
  if (inUnsorted) {
    return read(unsorted, position, 0, wanted);
  }
  const first = await read(sorted, position, offset, wanted);
  if (first.length === wanted) {
    return first;
  }
  const skip = first.length === 0 && offset > 0 ? Math.max(0, offset - (await sortedTotal())) : 0;
  return [...first, ...(await read(unsorted, undefined, skip, wanted - first.length))];
}
