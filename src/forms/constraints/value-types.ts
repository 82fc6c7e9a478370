const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const DATE_TIME = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(.+))?)?)?$/;
/** A dateTime with a time has minutes and a zone (R4 datatypes.html#dateTime). */
const ZONED = /^(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d{1,9})?)?$/;

/** Whether a value is of the type that the JSON name of its element says: R4's lexical forms, and days that exist. */
export function isOfType(key: string, value: unknown): boolean {
  switch (key) {
    case 'valueBoolean':
      return typeof value === 'boolean';
    case 'valueInteger':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
    case 'valueDecimal':
      return typeof value === 'number' && Number.isFinite(value);
    case 'valueCoding':
    case 'valueQuantity':
    case 'valueReference':
    case 'valueAttachment':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'valueDate':
      return typeof value === 'string' && isDay(DATE.exec(value));
    case 'valueDateTime':
      return typeof value === 'string' && isDateTime(value);
    case 'valueTime':
      return typeof value === 'string' && TIME.test(value);
    case 'valueString':
    case 'valueUri':
      return typeof value === 'string' && value !== '';
    default:
      return false;
  }
}

/** A complete URI (RFC 3986): a scheme, and no sign that must be escaped. */
export function isUri(value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s\p{Cc}<>"{}|\\^`]+$/u.test(value) && URL.canParse(value);
}

function isDateTime(value: string): boolean {
  const parts = DATE_TIME.exec(value);
  const time = parts?.[4];
  if (!isDay(parts)) {
    return false;
  }
  return time === undefined || TIME.test(ZONED.exec(time)?.[1] ?? '');
}

/** Whether year, month and day, as far as they are told, exist. */
function isDay(parts: RegExpExecArray | null): boolean {
  if (parts === null) {
    return false;
  }
  const [, year = '', month = '01', day = '01'] = parts;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}
