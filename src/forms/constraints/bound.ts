import type { Quantity } from '@medplum/fhirtypes';
import { compareTemporal } from '../../fhirpath/temporal.ts';
import { member } from '../answers.ts';
import { compareQuantities, quantityInWords } from './quantity.ts';

/** A least or greatest value: a number, a date, dateTime or time, or a quantity. */
export type Bound = number | string | Quantity;

/**
 * Where an answer's value lies as seen from a bound: negative below, positive above. Undefined where that is not known and
 * so no fault: dates of unlike precision (2026 is not before 2026-03). `units` where the units can not be compared.
 */
export function compareToBound(value: unknown, bound: Bound): number | 'units' | undefined {
  if (typeof bound === 'number') {
    const number = typeof value === 'number' ? value : member(value, 'value');
    return typeof number === 'number' ? number - bound : undefined;
  }
  if (typeof bound === 'string') {
    return typeof value === 'string' ? compareTimes(value, bound) : undefined;
  }
  const given: Quantity | undefined =
    typeof value === 'number'
      ? { ...bound, value }
      : typeof value === 'object' && value !== null
        ? (value as Quantity)
        : undefined;
  const order = given === undefined ? undefined : compareQuantities(given, bound);
  // What is less than the least value lies below it.
  return order === 0 ? (SIDES[given?.comparator ?? ''] ?? 0) : order;
}

const SIDES: Readonly<Record<string, number>> = { '<': -1, '>': 1 };

/** A bound as it is told to a person. */
export function boundInWords(bound: Bound): string | number {
  return typeof bound === 'object' ? quantityInWords(bound) : bound;
}

function compareTimes(value: string, bound: string): number | undefined {
  // Against a mere date the day counts on which it was where it was written, not the day in UTC.
  const days = value.includes('T') !== bound.includes('T') && value.includes('-') && bound.includes('-');
  return days ? compareTemporal(value.slice(0, 10), bound.slice(0, 10)) : compareTemporal(value, bound);
}
