/**
 * The form of each primitive type of R4 in JSON: whether a value could be one. Each takes time linear in the text and
 * cannot overflow the stack; the patterns printed in the specification do neither (base64Binary), or, read as
 * JavaScript, refuse a no-break space in a string.
 *
 * Sizes: a string has at most 1,048,576 characters (R4 datatypes, string); base64Binary and xhtml have no limit here.
 */
export type PrimitiveForm = (value: unknown) => boolean;

const STRING_CHARS_MAX = 1_048_576;
/** For forms whose pattern repeats a group, which needs stack for each repetition. */
const SHORT_CHARS_MAX = 200;

// What JSON allows and FHIR does not: control characters other than tab, line feed and carriage return.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const VISIBLE = /\S/;
const SPACE = /\s/;
const SPACED_BADLY = /^\s|\s$|\s\s|[^\S ]/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const OID = /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Text with something to see in it, well-formed UTF-16, without control characters. */
function isString(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length <= STRING_CHARS_MAX &&
    value.isWellFormed() &&
    VISIBLE.test(value) &&
    !CONTROL.test(value)
  );
}

function isUri(value: unknown): boolean {
  return isString(value) && !SPACE.test(String(value));
}

/** No white space but single spaces inside. */
function isCode(value: unknown): boolean {
  return isString(value) && !SPACED_BADLY.test(String(value));
}

/** A day that the calendar has: 2021-02-30 is none. Year 0000 is not in R4's pattern. */
function isDate(value: unknown): boolean {
  const parts = typeof value === 'string' && value.length <= 10 ? DATE.exec(value) : null;
  return parts !== null && isCalendarDay(parts[1], parts[2], parts[3]);
}

function isInstant(value: unknown): boolean {
  const parts = typeof value === 'string' && value.length <= SHORT_CHARS_MAX ? DATE_TIME.exec(value) : null;
  return parts !== null && isCalendarDay(parts[1], parts[2], parts[3]);
}

function isCalendarDay(yearText: string | undefined, monthText: string | undefined, dayText: string | undefined) {
  const year = Number(yearText);
  const month = Number(monthText ?? 1);
  const day = Number(dayText ?? 1);
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return year > 0 && day > 0 && day <= (DAYS[month - 1] ?? 0) + leap;
}

/** Groups of four base64 characters, white space between characters ignored, `=` only at the end (RFC 4648). */
function isBase64(value: unknown): boolean {
  if (typeof value !== 'string') {
    return false;
  }
  let count = 0;
  let padding = 0;
  for (let at = 0; at < value.length; at++) {
    const char = value.charCodeAt(at);
    if (char === 0x3d) {
      padding++;
      count++;
    } else if (
      (char >= 0x61 && char <= 0x7a) ||
      (char >= 0x41 && char <= 0x5a) ||
      (char >= 0x2f && char <= 0x39) ||
      char === 0x2b
    ) {
      if (padding > 0) {
        return false;
      }
      count++;
    } else if (char !== 0x20 && (char < 0x09 || char > 0x0d)) {
      return false;
    }
  }
  return count > 0 && count % 4 === 0 && padding <= 2;
}

function isInteger(min: number, max: number): PrimitiveForm {
  return (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

const INT_MAX = 2_147_483_647;

/** By the name of the primitive type. */
export const primitiveForms = {
  base64Binary: isBase64,
  boolean: (value) => typeof value === 'boolean',
  canonical: isUri,
  code: isCode,
  date: isDate,
  dateTime: (value) => isDate(value) || isInstant(value),
  decimal: (value) => typeof value === 'number' && Number.isFinite(value),
  id: (value) => typeof value === 'string' && ID.test(value),
  instant: isInstant,
  integer: isInteger(-INT_MAX - 1, INT_MAX),
  markdown: isString,
  oid: (value) => typeof value === 'string' && value.length <= SHORT_CHARS_MAX && OID.test(value),
  positiveInt: isInteger(1, INT_MAX),
  string: isString,
  time: (value) => typeof value === 'string' && value.length <= SHORT_CHARS_MAX && TIME.test(value),
  unsignedInt: isInteger(0, INT_MAX),
  uri: isUri,
  url: isUri,
  uuid: (value) => typeof value === 'string' && UUID.test(value),
  xhtml: (value) => typeof value === 'string' && value.isWellFormed() && !CONTROL.test(value),
} satisfies Record<string, PrimitiveForm>;

export type PrimitiveType = keyof typeof primitiveForms;

export function isPrimitiveType(type: string): type is PrimitiveType {
  return Object.hasOwn(primitiveForms, type);
}
