/** A span of a number line; of time in milliseconds. Both ends belong to it unless `open` says that hi does not. */
export interface Span {
  readonly lo: number;
  readonly hi: number;
  readonly open?: boolean;
}

export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof prefixes)[number];

/** R4 §3.1.1.4.5, the table of prefixes. `ap` is left to the implementer: overlap with the asked span, which is widened. */
export function passes(prefix: Prefix, asked: Span, value: Span): boolean {
  const within =
    asked.lo <= value.lo && (asked.open ? value.hi < asked.hi || value.hi === asked.lo : value.hi <= asked.hi);
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return value.hi > asked.hi;
    case 'lt':
      return value.lo < asked.lo;
    case 'ge':
      return value.hi > asked.hi || within;
    case 'le':
      return value.lo < asked.lo || within;
    case 'sa':
      return value.lo > asked.hi;
    case 'eb':
      return value.hi < asked.lo;
    case 'ap':
      return value.lo <= asked.hi && value.hi >= asked.lo;
  }
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** All that a date, dateTime or instant may mean; without a zone it is in UTC. */
export function spanOfDate(text: string): Span | undefined {
  const parts = DATE.exec(text);
  if (parts === null) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = parts;
  if (hour === undefined) {
    const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
    const lo = Date.UTC(y, m - 1, d);
    const after = day ? Date.UTC(y, m - 1, d + 1) : month ? Date.UTC(y, m, 1) : Date.UTC(y + 1, 0, 1);
    return { lo, hi: after - 1 };
  }
  const ms = (fraction ?? '0').padEnd(3, '0').slice(0, 3);
  const lo = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}.${ms}${zone}`);
  return { lo, hi: lo + (fraction ? 0 : second ? 999 : 59_999) };
}

/** What a number searched for with equality stands for: 100 is [99.5, 100.5) (R4 §3.1.1.4.6). */
export function spanOfNumber(text: string, prefix: Prefix): Span {
  const number = Number(text);
  if (prefix === 'ap') {
    return { lo: number - Math.abs(number) / 10, hi: number + Math.abs(number) / 10 };
  }
  if (prefix !== 'eq' && prefix !== 'ne') {
    return { lo: number, hi: number };
  }
  const [digits = '', power = '0'] = text.toLowerCase().split('e');
  const half = 10 ** (Number(power) - (digits.split('.')[1]?.length ?? 0)) / 2;
  return { lo: number - half, hi: number + half, open: true };
}
