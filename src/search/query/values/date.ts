import { dateInterval } from '../../date-interval.ts';
import type { Interval, Prefix } from '../nodes.ts';
import { badValue } from '../refusals.ts';
import { splitPrefix } from './prefix.ts';

export interface DateTest extends Interval {
  readonly prefix: Prefix;
}

/**
 * A searched date: `ge2026-03`. A partial date is the whole time it names. A `+` of a time zone that was not escaped in the
 * URL arrives as a space.
 *
 * @param now for `ap`: a tenth of the time between now and the date, either way (R4 §3.1.1.4.5)
 */
export function dateTest(parameter: string, value: string, now: Date): DateTest {
  const { prefix, rest } = splitPrefix(value);
  const interval = dateInterval(rest.replace(' ', '+'));
  if (interval === undefined) {
    throw badValue(parameter, 'expected a date such as 2026, 2026-03, 2026-03-02 or 2026-03-02T08:00:00+01:00');
  }
  if (prefix === 'ap') {
    const slack = Math.round(Math.abs(now.getTime() - interval.lo) / 10);
    return { prefix, lo: interval.lo - slack, hi: interval.hi + slack };
  }
  return { prefix, ...interval };
}
