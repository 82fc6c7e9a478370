const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Nobody is woken by a reminder. */
const EARLIEST_HOUR = 9;
const LATEST_HOUR = 19;
/** Whoever is reminded needs some time left to answer. */
const LEFT_MS_MIN = 2 * HOUR_MS;

/**
 * When to remind somebody who wants to answer so many days later: about the same time of day, but by day.
 * @param until instant of the order's end, where it has one
 * @returns an instant; undefined where the order ends before
 */
export function reminderAt(
  days: number,
  { now, until, timeZone }: { now: string; until: string | undefined; timeZone: string },
): string | undefined {
  const same = new Date(Date.parse(now) + days * DAY_MS);
  const hour = Number(same.toLocaleString('en', { hour: 'numeric', hourCycle: 'h23', timeZone }));
  const by = hour < EARLIEST_HOUR ? EARLIEST_HOUR - hour : Math.min(0, LATEST_HOUR - hour);
  const at = same.getTime() + by * HOUR_MS;
  if (until !== undefined && at + LEFT_MS_MIN > Date.parse(until)) return undefined;
  return new Date(at).toISOString();
}
