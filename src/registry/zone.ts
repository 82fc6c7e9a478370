/** A day of the calendar, as in FHIR's date: year, month 1 to 12, day. */
export interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface LocalTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** What calendar and clock show in a zone (IANA name) at an instant. */
export function localOf(instant: Date, zone: string): LocalDate & LocalTime {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) {
    parts[type] = Number(value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/**
 * The instant at which calendar and clock of a zone show a date and time. A time that the clock skips in spring is taken
 * as much later as the clock jumps (02:30 becomes 03:30); of a time that comes twice in autumn, the first is taken.
 */
export function instantOf(date: LocalDate, time: LocalTime, zone: string): Date {
  const wanted = Date.UTC(date.year, date.month - 1, date.day, time.hour, time.minute, time.second);
  const before = wanted - offset(wanted - 86_400_000, zone);
  const after = wanted - offset(wanted + 86_400_000, zone);
  if (before === after || before + offset(before, zone) === wanted) {
    return new Date(before);
  }
  return new Date(after + offset(after, zone) === wanted ? after : before);
}

/** How far a zone's clock is ahead of UTC at an instant, in ms. */
function offset(instant: number, zone: string): number {
  const local = localOf(new Date(instant), zone);
  return (
    Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second) -
    Math.floor(instant / 1000) * 1000
  );
}

/** The date a number of days later (earlier, if negative). */
export function plusDays(date: LocalDate, days: number): LocalDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** The instant some days later at which the zone's clock shows the same time; ms are kept. */
export function plusLocalDays(instant: Date, days: number, zone: string): Date {
  const local = localOf(instant, zone);
  const moved = instantOf(plusDays(local, days), local, zone);
  return new Date(moved.getTime() + (((instant.getTime() % 1000) + 1000) % 1000));
}

/** The first instant strictly after another at which the zone's clock shows a time of day. */
export function nextTimeOfDay(after: Date, time: LocalTime, zone: string): Date {
  const today = localOf(after, zone);
  for (let days = 0; ; days += 1) {
    const candidate = instantOf(plusDays(today, days), time, zone);
    if (candidate > after) {
      return candidate;
    }
  }
}

/** The day that the calendar of a zone shows at an instant, as FHIR's date. */
export function dateIn(instant: Date, zone: string): string {
  const { year, month, day } = localOf(instant, zone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** The day that a FHIR date or dateTime is of, in the calendar of a zone; a date is of its own, however precise. */
export function dayOf(told: string, zone: string): string {
  const at = told.includes('T') ? new Date(told) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? told.slice(0, 10) : dateIn(at, zone);
}

/** FHIR time, `hh:mm:ss`; undefined if it is not one. */
export function parseTime(text: string): LocalTime | undefined {
  const match = /^(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text);
  return match === null
    ? undefined
    : { hour: Number(match[1]), minute: Number(match[2]), second: Number(match[3] ?? '0') };
}

/** FHIR date of full precision, `yyyy-mm-dd`; undefined if it is not one. */
export function parseDate(text: string): LocalDate | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match === null ? undefined : { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
}
