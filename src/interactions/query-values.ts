import { fhirError } from '../model/issue.ts';
import { dateInterval, type Interval } from '../search/date-interval.ts';
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
