import { type FhirError, fhirError } from '../model/issue.ts';
import { dateInterval, type Interval } from '../search/date-interval.ts';
import { searchLimits } from '../search/query/limits.ts';
import type { Query } from './types.ts';

/** The first value of a parameter that is not empty. */
export function firstValue(query: Query, name: string): string | undefined {
  return query.find(([key, value]) => key === name && value !== '')?.[1];
}

/**
 * The time that a parameter names: a partial date is the whole time it tells, as in searches. A `+` of a time zone that was
 * not escaped in the URL arrives as a space.
 *
 * @throws FhirError 400
 */
export function timeOf(query: Query, name: string): Interval | undefined {
  const value = firstValue(query, name);
  const interval = value === undefined ? undefined : dateInterval(value.replace(' ', '+'));
  if (value !== undefined && interval === undefined) {
    throw fhirError(400, 'value', `${name} needs a date or an instant, such as 2026-03-02T08:00:00Z.`);
  }
  return interval;
}

/**
 * How many entries a page has, as in searches: what is asked for is shortened to what a page may hold.
 *
 * @param usual where nothing is asked for
 * @param least 0 where the total alone may be asked for
 * @throws FhirError 400
 */
export function countOf(query: Query, { usual, least }: { readonly usual: number; readonly least: 0 | 1 }): number {
  const count = wholeNumber(query, '_count') ?? usual;
  if (count < least) {
    throw fhirError(400, 'value', '_count needs a whole number, one or more.');
  }
  if (count > searchLimits.count_asked_max) {
    throw tooMany('_count', searchLimits.count_max);
  }
  return Math.min(count, searchLimits.count_max);
}

/** How many entries are passed over before the page, as in searches. @throws FhirError 400 */
export function offsetOf(query: Query): number {
  const offset = wholeNumber(query, '_offset') ?? 0;
  if (offset > searchLimits.offset_max) {
    throw tooMany('_offset', searchLimits.offset_max);
  }
  return offset;
}

function wholeNumber(query: Query, name: string): number | undefined {
  const value = firstValue(query, name);
  if (value !== undefined && !/^\d{1,15}$/.test(value)) {
    throw fhirError(400, 'value', `${name} needs a whole number, zero or more.`);
  }
  return value === undefined ? undefined : Number(value);
}

function tooMany(name: string, most: number): FhirError {
  return fhirError(400, 'too-costly', `${name} may be at most ${most}; follow the links to the next pages instead.`);
}
