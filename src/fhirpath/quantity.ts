import { isObject } from './collection.ts';
import { canonicalUnit, UCUM } from './ucum.ts';

/** A quantity as arithmetic takes it: of FHIR, or a literal. */
export interface QuantityValue {
  readonly value: number;
  readonly unit: string;
}

/** Calendar durations (FHIRPath N1, section Quantity) by their singular, and the UCUM units that count as such. */
const CALENDAR: Readonly<Record<string, string>> = {
  year: 'year',
  a: 'year',
  month: 'month',
  mo: 'month',
  week: 'week',
  wk: 'week',
  day: 'day',
  d: 'day',
  hour: 'hour',
  h: 'hour',
  minute: 'minute',
  min: 'minute',
  second: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
};

/** Value and unit; undefined for what is no quantity, or has a comparator. */
export function quantityOf(value: unknown): QuantityValue | undefined {
  if (!isObject(value) || typeof value.value !== 'number' || value.comparator !== undefined) {
    return undefined;
  }
  const { code, unit } = value;
  return { value: value.value, unit: typeof code === 'string' ? code : typeof unit === 'string' ? unit : '1' };
}

/** `year` … `millisecond`; undefined for a unit that is no duration. */
export function calendarUnit(unit: string): string | undefined {
  const singular = unit.length > 3 && unit.endsWith('s') ? unit.slice(0, -1) : unit;
  return Object.hasOwn(CALENDAR, singular) ? CALENDAR[singular] : undefined;
}

/** A quantity in the form that literals have. */
export function quantity(value: number, unit: string): Record<string, unknown> {
  return { value, unit, code: unit, system: UCUM };
}

/** The value in another unit of the same dimension, by UCUM; undefined if there is no way. */
export function inUnit({ value, unit }: QuantityValue, wanted: string): number | undefined {
  if (unit === wanted) {
    return value;
  }
  const from = canonicalUnit(unit);
  const to = canonicalUnit(wanted);
  if (from === undefined || to === undefined || from.unit !== to.unit) {
    return undefined;
  }
  // Linear, but for an offset (Cel): two points of the wanted scale tell it.
  const zero = to.convert(0);
  const one = to.convert(1) - zero;
  return one === 0 ? undefined : Number(((from.convert(value) - zero) / one).toPrecision(12));
}
