import type { Interval, Prefix } from '../nodes.ts';
import { badValue } from '../refusals.ts';
import { splitPrefix } from './prefix.ts';

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+\- ]\d\d:\d\d)?)?)?)?$/;

export interface DateTest extends Interval {
  readonly prefix: Prefix;
}

/**
 * A searched date: `ge2026-03`. A partial date is the whole time it names; without a time zone it is UTC's.
 *
 * @param now for `ap`: a tenth of the time between now and the date, either way (R4 §3.1.1.4.5)
 */
export function dateTest(parameter: string, value: string, now: Date): DateTest {
  const { prefix, rest } = splitPrefix(value);
  const interval = dateInterval(rest);
  if (interval === undefined) {
    throw badValue(parameter, 'expected a date such as 2026, 2026-03, 2026-03-02 or 2026-03-02T08:00:00+01:00');
  }
  if (prefix === 'ap') {
    const slack = Math.round(Math.abs(now.getTime() - interval.lo) / 10);
    return { prefix, lo: interval.lo - slack, hi: interval.hi + slack };
  }
  return { prefix, ...interval };
}

/** The milliseconds that a date or date-time stands for; undefined where it is none. */
export function dateInterval(text: string): Interval | undefined {
  const match = DATE.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const y = Number(year);
  const m = month === undefined ? 0 : Number(month) - 1;
  const d = day === undefined ? 1 : Number(day);
  if (m < 0 || m > 11 || d < 1 || d > daysOf(y, m)) {
    return undefined;
  }
  const start = utc(y, m, d);
  if (month === undefined) {
    return { lo: start, hi: utc(y + 1, 0, 1) - 1 };
  }
  if (day === undefined) {
    return { lo: start, hi: utc(y, m + 1, 1) - 1 };
  }
  if (hour === undefined) {
    return { lo: start, hi: start + 86_400_000 - 1 };
  }
  const offset = zoneMinutes(zone);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60 || offset === undefined) {
    return undefined;
  }
  const time = start + (Number(hour) * 60 + Number(minute) - offset) * 60_000 + Number(second ?? 0) * 1000;
  if (second === undefined) {
    return { lo: time, hi: time + 59_999 };
  }
  if (fraction === undefined) {
    return { lo: time, hi: time + 999 };
  }
  const ms = time + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { lo: ms, hi: ms };
}

/** A `+` that was not escaped in the URL arrives as a space. */
function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') {
    return 0;
  }
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59) {
    return undefined;
  }
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

function daysOf(year: number, month: number): number {
  return new Date(utc(year, month + 1, 1) - 1).getUTCDate();
}
