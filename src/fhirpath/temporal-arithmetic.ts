import { calendarUnit, type QuantityValue } from './quantity.ts';

const MOMENT =
  /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?$/;
const TIME = /^([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?$/;
const MILLISECONDS: Readonly<Record<string, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};
const DAY = 86_400_000;

/**
 * A date, dateTime or time with a duration added (FHIRPath N1, section Date/Time arithmetic): in the precision that it
 * has, months by the calendar with the last day of a shorter month, a time round the clock. Undefined where the unit is
 * no duration or the result is not in the years 1 to 9999.
 */
export function addDuration(moment: string, { value, unit }: QuantityValue, sign: 1 | -1): string | undefined {
  const duration = calendarUnit(unit);
  if (duration === undefined) {
    return undefined;
  }
  const time = TIME.exec(moment);
  if (time !== null && !/^[0-9]{4}/.test(moment)) {
    return addToTime(time, duration, value * sign);
  }
  const parts = MOMENT.exec(moment);
  return parts === null ? undefined : addToDate(parts, duration, value * sign);
}

function addToTime(parts: RegExpExecArray, duration: string, value: number): string | undefined {
  const step = MILLISECONDS[duration];
  if (step === undefined || step >= DAY) {
    return undefined;
  }
  const [hour = '00', minute, second, fraction] = parts.slice(1);
  const start =
    Number(hour) * 3_600_000 + Number(minute ?? 0) * 60_000 + Number(second ?? 0) * 1000 + milliseconds(fraction);
  const total = (((start + Math.trunc(value) * step) % DAY) + DAY) % DAY;
  const whole = new Date(total).toISOString().slice(11, 23);
  return whole.slice(0, minute === undefined ? 2 : second === undefined ? 5 : fraction === undefined ? 8 : 12);
}

function addToDate(parts: RegExpExecArray, duration: string, value: number): string | undefined {
  const [year = '', month, day, hour, minute, second, fraction, zone] = parts.slice(1);
  const start = new Date(0);
  start.setUTCFullYear(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  start.setUTCHours(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), milliseconds(fraction));
  const moved = move(start, duration, value, month === undefined ? 'year' : day === undefined ? 'month' : 'day');
  if (Number.isNaN(moved.getTime()) || moved.getUTCFullYear() < 1 || moved.getUTCFullYear() > 9999) {
    return undefined;
  }
  const whole = moved.toISOString();
  if (hour === undefined) {
    return whole.slice(0, month === undefined ? 4 : day === undefined ? 7 : 10);
  }
  const length = minute === undefined ? 13 : second === undefined ? 16 : fraction === undefined ? 19 : 23;
  return whole.slice(0, length) + (zone ?? '');
}

/** Durations finer than the precision of the date count in its own unit: 2026-01 plus 31 days is 2026-02. */
function move(start: Date, duration: string, value: number, precision: 'year' | 'month' | 'day'): Date {
  const moved = new Date(start);
  if (duration === 'year' || duration === 'month') {
    const months = Math.trunc(duration === 'year' ? value * 12 : value);
    return addMonths(moved, precision === 'year' ? Math.trunc(months / 12) * 12 : months);
  }
  const step = MILLISECONDS[duration] ?? 0;
  const whole = step >= 60_000 ? Math.trunc(value) : value;
  if (precision !== 'day') {
    const days = (whole * step) / DAY;
    return addMonths(moved, precision === 'year' ? Math.trunc(days / 365) * 12 : Math.trunc(days / 30));
  }
  moved.setTime(start.getTime() + whole * step);
  return moved;
}

function addMonths(date: Date, months: number): Date {
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date;
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
}
