/** Any text; undefined if it is empty. */
export function text(value: string): string | undefined {
  return value === '' ? undefined : value;
}

/** Text that may not be empty. */
export function nonEmpty(value: string): string {
  if (value === '') throw new Error('must not be empty');
  return value;
}

/** A whole number within limits, both included. */
export function integer(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
    return number;
  };
}

/** One of some words. */
export function oneOf<const T extends string>(...words: T[]): (value: string) => T {
  return (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new Error(`must be one of ${words.join(', ')}`);
    return word;
  };
}

/** An http(s) address, without the slash at its end; undefined if empty. */
export function webAddress(value: string): string | undefined {
  if (value === '') return undefined;
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new Error('must be an address such as https://svar.example.org');
  }
  return url.href.replace(/\/+$/, '');
}

/** An instant with its offset from UTC, as FHIR's data type instant; undefined if empty. */
export function instant(value: string): Date | undefined {
  if (value === '') return undefined;
  const date = new Date(value);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) || Number.isNaN(date.getTime())) {
    throw new Error('must be an instant with an offset, such as 2026-03-02T08:00:00+01:00');
  }
  return date;
}

/** A JSON value; undefined if empty. What it may hold, whoever uses it checks. */
export function json(value: string): unknown {
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw new Error('must be JSON');
  }
}

/** yes or no. */
export function yesOrNo(value: string): boolean {
  if (value !== 'yes' && value !== 'no') throw new Error('must be yes or no');
  return value === 'yes';
}

/** A time zone that this machine knows, as IANA names it. */
export function timeZone(value: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
  } catch {
    throw new Error('must be a time zone such as Europe/Oslo');
  }
  return value;
}

/** Values separated by commas; none if empty. */
export function listOf<T>(read: (value: string) => T): (value: string) => readonly T[] {
  return (value) =>
    value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .map(read);
}

/** An origin as browsers send it: scheme, host and port, nothing more. */
export function origin(value: string): string {
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== value) {
    throw new Error('must be origins such as https://app.example.org, without a path');
  }
  return value;
}

const SECRET_BYTES_MIN = 32;
/** Random bytes of this number have fewer different ones once in a billion; what people make up has. */
const SECRET_VARIETY_MIN = 16;

/** Random bytes in base64; undefined if empty. */
export function secret(value: string): Buffer | undefined {
  if (value === '') return undefined;
  const bytes = Buffer.from(value, 'base64');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value) || bytes.length < SECRET_BYTES_MIN) {
    throw new Error('must be 32 random bytes or more in base64, as openssl rand -base64 32 makes them');
  }
  if (new Set(bytes).size < SECRET_VARIETY_MIN) throw new Error('is not random: make one by openssl rand -base64 32');
  return bytes;
}
