/** A FHIR date, dateTime, instant or time, or a FHIRPath literal of one, as far as it is told. */
interface Parts {
  /** Year, month, day, hour, minute, second with fraction; in UTC if a zone is told. */
  readonly fields: readonly number[];
}

const DATE_TIME =
  /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2})(?::([0-9]{2})(?::([0-9]{2}(?:\.[0-9]+)?))?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?$/;
const TIME = /^([0-9]{2})(?::([0-9]{2})(?::([0-9]{2}(?:\.[0-9]+)?))?)?$/;

/**
 * Compares two dates or two times: negative, 0 or positive, or undefined where the coarser one does not tell (FHIRPath
 * N1, section Comparison; seconds and milliseconds are one precision). A time without zone counts as UTC.
 */
export function compareTemporal(a: string, b: string): number | undefined {
  if (a === b) {
    return 0;
  }
  const left = parts(a);
  const right = parts(b);
  if (left === undefined || right === undefined) {
    return undefined;
  }
  const length = Math.min(left.fields.length, right.fields.length);
  for (let i = 0; i < length; i++) {
    const difference = (left.fields[i] ?? 0) - (right.fields[i] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return left.fields.length === right.fields.length ? 0 : undefined;
}

/** The same for all dates, or times, that compare as equal. */
export function temporalKey(text: string): string {
  return parts(text)?.fields.join(' ') ?? text;
}

function parts(text: string): Parts | undefined {
  const date = DATE_TIME.exec(text);
  if (date === null) {
    const time = TIME.exec(text);
    return time === null ? undefined : { fields: numbers(time.slice(1, 4)) };
  }
  const fields = numbers(date.slice(1, 7));
  const zone = date[7];
  const offset = zone === undefined || zone === 'Z' ? 0 : offsetMinutes(zone);
  if (offset === 0) {
    return { fields };
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = fields;
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute - offset));
  return {
    fields: [
      utc.getUTCFullYear(),
      utc.getUTCMonth() + 1,
      utc.getUTCDate(),
      utc.getUTCHours(),
      utc.getUTCMinutes(),
      ...fields.slice(5),
    ].slice(0, Math.max(fields.length, 5)),
  };
}

function numbers(fields: readonly (string | undefined)[]): number[] {
  return fields.filter((field) => field !== undefined).map(Number);
}

function offsetMinutes(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}
