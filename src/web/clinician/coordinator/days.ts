import { dayHere } from '../age.ts';

/** The first and the last day of a period, as FHIR writes days. */
export interface Days {
  readonly start: string;
  readonly end: string;
}

export const DAY = /^\d{4}-\d\d-\d\d$/;

/** From New Year until today, where this device is. */
export function thisYear(now: Date): Days {
  const end = dayHere(now);
  return { start: `${end.slice(0, 4)}-01-01`, end };
}

/** How many calendar months a period touches. */
export function monthsIn({ start, end }: Days): number {
  const month = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return month(end) - month(start) + 1;
}
