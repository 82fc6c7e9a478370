import { pointsOf } from '../boxes.ts';
import type { Box } from '../nodes.ts';
import { numberTest } from './number.ts';

/** Nobody is older. */
const YEARS_MAX = 200;
const DAY_MS = 86_400_000;

/**
 * The birth dates of those whose age in whole years, on the day of `now` in UTC, passes a comparison such as `ge18`. Of an
 * incomplete birth date all days must.
 */
export function birthBoxes(parameter: string, value: string, now: Date): readonly Box[] {
  const asked = numberTest(parameter, value);
  return pointsOf(asked.prefix, asked).flatMap(({ lo, hi }) => {
    const youngest = Math.max(0, Math.ceil(lo));
    const oldest = Math.min(YEARS_MAX, Math.floor(hi));
    // Who was born on the first of these days turns `oldest` + 1 tomorrow.
    const first = yearsAgo(now, oldest + 1) + DAY_MS;
    const last = yearsAgo(now, youngest) + DAY_MS - 1;
    return oldest < youngest ? [] : [{ loMin: first, loMax: last, hiMin: first, hiMax: last }];
  });
}

/** The start of the same day that many years before; of 29 February, of the 28th where there is none. */
function yearsAgo(now: Date, years: number): number {
  const [year, month, day] = [now.getUTCFullYear() - years, now.getUTCMonth(), now.getUTCDate()];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, lastOfMonth));
}
