import nodeCron, { type ScheduledTask } from 'node-cron';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A pattern that does not fire within this time never does (29 February comes at least every eight years). */
const HORIZON_MS = 9 * 366 * 24 * HOUR_MS;

/** node-cron's own matcher, with the minutes that it can fire at; made once for each pattern. */
const tasks = new Map<string, { task: ScheduledTask; minutes: readonly number[] }>();

/**
 * The first instant after `after` (ms since 1970) that matches a cron pattern of five fields in a time zone, as node-cron
 * matches it: a local time that a clock change skips does not fire that day.
 */
export function nextFire(pattern: string, timezone: string, after: number): number | undefined {
  const { task, minutes } = matcher(pattern, timezone);
  // all time zones are at whole quarters of an hour from UTC, so a local minute is a UTC minute plus 0, 15, 30 or 45
  const offsets = [...new Set(minutes.flatMap((minute) => [0, 15, 30, 45].map((quarter) => (minute + quarter) % 60)))];
  const candidates = offsets.sort((a, b) => a - b);
  const start = Math.floor(after / HOUR_MS) * HOUR_MS;
  for (let hour = start; hour < start + HORIZON_MS; hour += HOUR_MS) {
    for (const minute of candidates) {
      const instant = hour + minute * MINUTE_MS;
      if (instant > after && task.match(new Date(instant))) {
        return instant;
      }
    }
  }
  return undefined;
}

function matcher(pattern: string, timezone: string) {
  const key = `${pattern} ${timezone}`;
  let known = tasks.get(key);
  if (known === undefined) {
    const task = nodeCron.createTask(pattern, () => undefined, { timezone });
    known = { task, minutes: nodeCron.parse(pattern).minute };
    tasks.set(key, known);
  }
  return known;
}
