import type { Duration } from '@medplum/fhirtypes';

const DAY_MS = 86_400_000;
const LENGTH_MS: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  h: DAY_MS / 24,
  d: DAY_MS,
  wk: 7 * DAY_MS,
};
const MONTHS: Readonly<Record<string, number>> = { mo: 1, a: 12 };

/**
 * When a period that ends now began: its length is in UCUM's units of time, months and years by the calendar (UTC).
 * Undefined for what is no period.
 */
export function periodStart({ value, code }: Duration, now: Date): Date | undefined {
  if (value === undefined || value < 0 || code === undefined) {
    return undefined;
  }
  const length = LENGTH_MS[code];
  if (length !== undefined) {
    return new Date(now.getTime() - value * length);
  }
  const months = MONTHS[code];
  if (months === undefined || !Number.isInteger(value * months)) {
    return undefined;
  }
  const start = new Date(now);
  const day = start.getUTCDate();
  start.setUTCMonth(start.getUTCMonth() - value * months);
  // 31 March less a month is the last of February, not 3 March.
  if (start.getUTCDate() !== day) start.setUTCDate(0);
  return start;
}
