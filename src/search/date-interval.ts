/** A time as closed interval, ms since 1970 UTC. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

const DAY_MS = 86_400_000;

/**
 * What a FHIR date, dateTime or instant stands for: from the first to the last millisecond of what it tells, so 2026-03 is
 * the whole of March. A date, and a time without zone, is in UTC. A fraction of a second is exact to the millisecond.
 * Undefined if it is none.
 */
export function dateInterval(text: string): Interval | undefined {
  const { length } = text;
  const year = digits(text, 0, 4);
  if (year < 0 || length === 5 || length === 6 || length === 8 || length === 9) {
    return undefined;
  }
  if (length === 4) {
    return { lo: utc(year, 0, 1), hi: utc(year + 1, 0, 1) - 1 };
  }
  const month = digits(text, 5, 7) - 1;
  if (text[4] !== '-' || month < 0 || month > 11) {
    return undefined;
  }
  if (length === 7) {
    return { lo: utc(year, month, 1), hi: utc(year, month + 1, 1) - 1 };
  }
  const day = digits(text, 8, 10);
  const start = utc(year, month, day);
  if (text[7] !== '-' || day < 1 || day > 31 || (day > 28 && start >= utc(year, month + 1, 1))) {
    return undefined;
  }
  return length === 10 ? { lo: start, hi: start + DAY_MS - 1 } : timeInterval(text, start);
}

function timeInterval(text: string, start: number): Interval | undefined {
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  if (text[10] !== 'T' || text[13] !== ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
    return undefined;
  }
  let at = 16;
  let unit = 60_000;
  let ms = start + (hour * 60 + minute) * 60_000;
  if (text[at] === ':') {
    const second = digits(text, 17, 19);
    if (second < 0 || second > 60) {
      return undefined;
    }
    ms += second * 1000;
    unit = 1000;
    at = 19;
    if (text[at] === '.') {
      const end = endOfDigits(text, at + 1);
      if (end === at + 1) {
        return undefined;
      }
      ms += Number(text.slice(at + 1, Math.min(end, at + 4)).padEnd(3, '0'));
      unit = 1;
      at = end;
    }
  }
  const offset = offsetMinutes(text, at);
  return offset === undefined ? undefined : { lo: ms - offset * 60_000, hi: ms - offset * 60_000 + unit - 1 };
}

/** Minutes east of UTC; 0 without a zone. */
function offsetMinutes(text: string, at: number): number | undefined {
  const sign = text[at];
  if (sign === undefined || (sign === 'Z' && text.length === at + 1)) {
    return 0;
  }
  const hours = digits(text, at + 1, at + 3);
  const minutes = digits(text, at + 4, at + 6);
  if ((sign !== '+' && sign !== '-') || text[at + 3] !== ':' || text.length !== at + 6 || hours < 0 || minutes < 0) {
    return undefined;
  }
  return hours > 14 || minutes > 59 ? undefined : (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** The number that stands there in decimal digits; -1 if something else does. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) {
      return -1;
    }
    number = number * 10 + digit;
  }
  return number;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (digits(text, end, end + 1) >= 0) {
    end += 1;
  }
  return end;
}

/** Date.UTC takes the years 0 to 99 for those after 1900. */
function utc(year: number, month: number, day: number): number {
  return year < 100
    ? new Date(Date.UTC(2000, month, day)).setUTCFullYear(year, month, day)
    : Date.UTC(year, month, day);
}
