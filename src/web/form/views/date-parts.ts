/** A date as it is written in three fields; each may be empty, or hold what is no number. */
export interface DateParts {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}

export const NO_DATE: DateParts = { day: '', month: '', year: '' };

const YEAR = /^(1[89]|20|21)\d\d$/;

/** The fields of a FHIR date or dateTime, which may lack its day or its month too. */
export function partsOf(date: string | undefined): DateParts {
  const [, year = '', month = '', day = ''] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(date ?? '') ?? [];
  return { day: day.replace(/^0/, ''), month: month.replace(/^0/, ''), year };
}

/**
 * The FHIR date of three fields. 'none' where all are empty; undefined where they are no date (31 April, a year of two
 * digits). @param partial whether a month or a year alone is an answer
 */
export function dateOf({ day, month, year }: DateParts, partial: boolean): string | 'none' | undefined {
  const [d, m, y] = [day.trim(), month.trim(), year.trim()];
  if (d === '' && m === '' && y === '') return 'none';
  if (!YEAR.test(y)) return undefined;
  if (m === '') return partial && d === '' ? y : undefined;
  if (!/^(0?[1-9]|1[0-2])$/.test(m)) return undefined;
  const withMonth = `${y}-${m.padStart(2, '0')}`;
  if (d === '') return partial ? withMonth : undefined;
  if (!/^\d\d?$/.test(d)) return undefined;
  const whole = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  const exists = whole.getUTCDate() === Number(d) && whole.getUTCMonth() === Number(m) - 1;
  return exists ? `${withMonth}-${d.padStart(2, '0')}` : undefined;
}

/** The fields of a whole date that was typed or pasted at one place: 5.3.2026, 05/03-2026, 05032026, 2026-03-05. */
export function partsOfText(text: string): DateParts | undefined {
  const turned = /^\s*(\d{4})-(\d\d?)-(\d\d?)\s*$/.exec(text);
  if (turned) return { year: turned[1] ?? '', month: turned[2] ?? '', day: turned[3] ?? '' };
  const found = /^\s*(\d\d?)[./\- ]+(\d\d?)[./\- ]+(\d{4})\s*$/.exec(text) ?? /^\s*(\d\d)(\d\d)(\d{4})\s*$/.exec(text);
  return found ? { day: found[1] ?? '', month: found[2] ?? '', year: found[3] ?? '' } : undefined;
}

/** A time of day as people write it, 930, 9.30 or 09:30, as FHIR writes it; undefined where it is none. */
export function timeOf(text: string): string | undefined {
  const [, hour, minute = '00'] = /^\s*([01]?\d|2[0-3])(?:[.:]?([0-5]\d))?\s*$/.exec(text) ?? [];
  return hour === undefined ? undefined : `${hour.padStart(2, '0')}:${minute}:00`;
}

/** A day and a time there, with the offset that the device's clock has on that day. */
export function dateTimeOf(date: string, time: string): string {
  const minutes = -new Date(`${date}T${time}`).getTimezoneOffset();
  const two = (number: number) => String(Math.trunc(number)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${date}T${time}${offset}`;
}

/** A FHIR date, dateTime or time as people read it here: 5.3.2026, 14:30. */
export function dateText(value: string): string {
  const { day, month, year } = partsOf(value);
  const time = /(?:T|^)(\d\d:\d\d)/.exec(value)?.[1];
  return [[day, month, year].filter(Boolean).join('.'), time].filter(Boolean).join(' ');
}
