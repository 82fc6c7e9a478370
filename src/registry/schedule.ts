import { type Evaluate, firstText, truth } from './evaluate.ts';
import type { Offset, Protocol, ProtocolForm } from './protocol.ts';
import { instantOf, type LocalDate, localOf, nextTimeOfDay, parseDate, plusDays, plusLocalDays } from './zone.ts';

export interface PlannedOrder {
  readonly form: ProtocolForm;
  readonly at: Date;
}

/**
 * The orders whose anchor has happened, with their time of dispatch, in the order of dispatch. `facts` must hold live
 * data only (see historic.ts). An order never lies in the past: a form whose time has gone by is dispatched at the next
 * time of day.
 */
export function dueOrders(
  protocol: Protocol,
  facts: Readonly<Record<string, unknown>>,
  now: Date,
  evaluate: Evaluate,
): PlannedOrder[] {
  const planned = new Map<string, PlannedOrder>();
  for (const form of protocol.schedule) {
    const anchor = protocol.anchors.get(form.after);
    const at =
      anchor === undefined
        ? followed(planned.get(form.after)?.at, form, protocol.zone)
        : anchored(firstText(evaluate(anchor, facts)), form, now, protocol.zone);
    if (at !== undefined && form.conditions.every((condition) => truth(evaluate(condition, facts)) !== false)) {
      planned.set(form.id, { form, at });
    }
  }
  return [...planned.values()];
}

function followed(other: Date | undefined, form: ProtocolForm, zone: string): Date | undefined {
  if (other === undefined) return undefined;
  const at = plusOffset(other, form.offset, zone);
  return form.timeOfDay === undefined ? at : nextTimeOfDay(new Date(at.getTime() - 1), form.timeOfDay, zone);
}

function anchored(anchor: string | undefined, form: ProtocolForm, now: Date, zone: string): Date | undefined {
  if (anchor === undefined) return undefined;
  const time = form.timeOfDay;
  const date = parseDate(anchor);
  if (date !== undefined) {
    const day = dateWithOffset(date, form.offset);
    const at = instantOf(day, time ?? { hour: 0, minute: 0, second: 0 }, zone);
    return at > now ? at : time === undefined ? now : nextTimeOfDay(now, time, zone);
  }
  const instant = new Date(anchor);
  if (Number.isNaN(instant.getTime())) return undefined;
  const at = plusOffset(instant, form.offset, zone);
  const from = at > now ? at : now;
  return time === undefined ? from : nextTimeOfDay(from, time, zone);
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
