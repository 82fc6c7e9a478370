import { type Evaluate, firstText, truth } from './evaluate.ts';
import type { Offset, Protocol, ProtocolForm } from './protocol.ts';
import {
  instantOf,
  type LocalDate,
  type LocalTime,
  localOf,
  nextTimeOfDay,
  parseDate,
  plusDays,
  plusLocalDays,
} from './zone.ts';

/** What the time of dispatch follows from. */
export interface Timetable {
  readonly protocol: Protocol;
  /** Live data only (see historic.ts). */
  readonly facts: Readonly<Record<string, unknown>>;
  /** When the forms that are ordered already go out, or went out, by their id. */
  readonly starts: ReadonlyMap<string, Date>;
  readonly now: Date;
  readonly evaluate: Evaluate;
}

export interface DispatchTime {
  /** Never in the past: a form whose time has gone by is dispatched at the next time of day. */
  readonly at: Date;
  /** Its own time has gone by. */
  readonly overdue: boolean;
  /** It follows from a date, which may be corrected: an order that is not sent moves with it. */
  readonly movable: boolean;
}

/** When a form is dispatched; undefined while its anchor has not happened, or one of its conditions is false. */
export function dispatchTime(form: ProtocolForm, timetable: Timetable): DispatchTime | undefined {
  const { protocol, facts, evaluate } = timetable;
  if (form.conditions.some((condition) => truth(evaluate(condition, facts)) === false)) return undefined;
  const anchor = protocol.anchors.get(form.after);
  return anchor === undefined
    ? followed(form, timetable)
    : anchored(firstText(evaluate(anchor, facts)), form, timetable);
}

/** Whether a form's own time is a date to come: what a person orders before goes out again then. */
export function liesAhead({ movable, overdue }: DispatchTime): boolean {
  return movable && !overdue;
}

function followed(form: ProtocolForm, timetable: Timetable): DispatchTime | undefined {
  const { protocol, starts, now } = timetable;
  const other = protocol.schedule.find(({ id }) => id === form.after);
  const planned = other === undefined ? undefined : dispatchTime(other, timetable);
  const base = starts.get(form.after) ?? planned?.at;
  if (base === undefined) return undefined;
  const after = plusOffset(base, form.offset, protocol.zone);
  const at =
    form.timeOfDay === undefined ? after : nextTimeOfDay(new Date(after.getTime() - 1), form.timeOfDay, protocol.zone);
  const movable = planned?.movable === true;
  return at > now
    ? { at, overdue: false, movable }
    : { at: nextTimeOfDay(now, localOf(at, protocol.zone), protocol.zone), overdue: true, movable };
}

function anchored(
  anchor: string | undefined,
  form: ProtocolForm,
  { now, protocol: { zone } }: Timetable,
): DispatchTime | undefined {
  if (anchor === undefined) return undefined;
  const time = form.timeOfDay;
  const date = parseDate(anchor);
  if (date !== undefined) {
    const at = instantOf(dateWithOffset(date, form.offset), time ?? MIDNIGHT, zone);
    const overdue = at <= now;
    const next = time === undefined ? now : nextTimeOfDay(now, time, zone);
    return { at: overdue ? next : at, overdue, movable: true };
  }
  const instant = new Date(anchor);
  if (Number.isNaN(instant.getTime())) return undefined;
  const at = plusOffset(instant, form.offset, zone);
  const from = at > now ? at : now;
  return {
    at: time === undefined ? from : nextTimeOfDay(from, time, zone),
    overdue: at <= now,
    movable: false,
  };
}

const MIDNIGHT: LocalTime = { hour: 0, minute: 0, second: 0 };
const NOON: LocalTime = { hour: 12, minute: 0, second: 0 };

/** When a form whose patient could not be reached is tried again: at the next time at which it is dispatched of a day. */
export function nextTry(protocol: Protocol, form: ProtocolForm, now: Date): Date {
  const time = dailyTime(protocol, form);
  return time === undefined ? plusLocalDays(now, 1, protocol.zone) : nextTimeOfDay(now, time, protocol.zone);
}

/** The instant of a day at which a form is dispatched; at noon where the registry names no time. */
export function sameTimeOn(day: LocalDate, protocol: Protocol, form: ProtocolForm): Date {
  return instantOf(day, dailyTime(protocol, form) ?? NOON, protocol.zone);
}

/** The time of day of a form, or of the one that it follows by some minutes. */
function dailyTime(protocol: Protocol, form: ProtocolForm): LocalTime | undefined {
  if (form.timeOfDay !== undefined) return form.timeOfDay;
  const other = protocol.schedule.find(({ id }) => id === form.after);
  const time = other === undefined ? undefined : dailyTime(protocol, other);
  if (time === undefined) return undefined;
  const { value, unit } = form.offset;
  const minutes = time.hour * 60 + time.minute + (unit === 'min' ? value : unit === 'h' ? 60 * value : 0);
  return { hour: Math.floor(minutes / 60) % 24, minute: minutes % 60, second: time.second };
}

/**
 * Until when staff may enter a form from paper: the midnight at the end of the last day. Undefined while its anchor has not
 * happened, and of a form that is not for paper. SmerteReg manual 1.8, "Utfylling på papir": "innen seks dager".
 */
export function paperEnd(
  form: ProtocolForm,
  { protocol, facts, evaluate }: Pick<Timetable, 'protocol' | 'facts' | 'evaluate'>,
): Date | undefined {
  const anchor = protocol.anchors.get(form.paper?.after ?? '');
  const told = anchor === undefined ? undefined : firstText(evaluate(anchor, facts));
  if (form.paper === undefined || told === undefined) return undefined;
  const instant = new Date(told);
  if (Number.isNaN(instant.getTime())) return undefined;
  const day = parseDate(told) ?? localOf(instant, protocol.zone);
  return instantOf(plusDays(day, form.paper.days + 1), MIDNIGHT, protocol.zone);
}

/** The midnight at the end of a day. */
export function endOfDay(now: Date, zone: string): Date {
  return instantOf(plusDays(localOf(now, zone), 1), MIDNIGHT, zone);
}

/** Days, weeks and months are the calendar's: the clock shows the same time, whatever it did in between. */
export function plusOffset(instant: Date, offset: Offset, zone: string): Date {
  switch (offset.unit) {
    case 'min':
      return new Date(instant.getTime() + offset.value * 60_000);
    case 'h':
      return new Date(instant.getTime() + offset.value * 3_600_000);
    case 'd':
      return plusLocalDays(instant, offset.value, zone);
    case 'wk':
      return plusLocalDays(instant, 7 * offset.value, zone);
    case 'mo': {
      const local = localOf(instant, zone);
      return instantOf(plusMonths(local, offset.value), local, zone);
    }
  }
}

function dateWithOffset(date: LocalDate, offset: Offset): LocalDate {
  switch (offset.unit) {
    case 'wk':
      return plusDays(date, 7 * offset.value);
    case 'd':
      return plusDays(date, offset.value);
    case 'mo':
      return plusMonths(date, offset.value);
    case 'h':
    case 'min':
      return date;
  }
}

/** The same day some months later, or the month's last day. */
function plusMonths(date: LocalDate, months: number): LocalDate {
  const first = new Date(Date.UTC(date.year, date.month - 1 + months, 1));
  const year = first.getUTCFullYear();
  const month = first.getUTCMonth() + 1;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, day: Math.min(date.day, days) };
}
