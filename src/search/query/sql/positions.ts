import { hash64 } from '../../hash64.ts';
import type { NearCriterion } from '../nodes.ts';
import { inBox } from './probe.ts';
import type { Statement } from './statement.ts';

/** SQL: rows (h, lo_min, lo_max, hi_min, hi_max, latitude, longitude, haversine), one for each box of a circle. */
export function circleRows(statement: Statement, { key, circles }: NearCriterion): string {
  const rows = circles.flatMap((circle) => circle.boxes.map((box) => ({ ...circle, ...box })));
  const column = (of: (row: (typeof rows)[number]) => number): string => statement.value(rows.map(of), 'float8[]');
  const h = statement.value(
    rows.map(() => hash64(key, statement.seed)),
    'int8[]',
  );
  const bounds = [
    column((row) => row.loMin),
    column((row) => row.loMax),
    column((row) => row.hiMin),
    column((row) => row.hiMax),
  ];
  const circle = [column((row) => row.latitude), column((row) => row.longitude), column((row) => row.haversine)];
  return `unnest(${[h, ...bounds, ...circle].join(', ')})`;
}

export const CIRCLE_COLUMNS = '(h, lo_min, lo_max, hi_min, hi_max, latitude, longitude, haversine)';

/** SQL that is true where a row of range_idx (lo latitude, hi longitude) lies in a circle: the haversine formula. */
export function inCircle(x: string, c: string): string {
  return `${inBox(x, c)} and power(sind((${x}.lo - ${c}.latitude) / 2), 2)
    + cosd(${x}.lo) * cosd(${c}.latitude) * power(sind((${x}.hi - ${c}.longitude) / 2), 2) <= ${c}.haversine`;
}
