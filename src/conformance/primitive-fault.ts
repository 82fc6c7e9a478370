const NUMBERS = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);

const forms: Readonly<Record<string, string>> = {
  base64Binary: 'base64 (RFC 4648): groups of four characters',
  canonical: 'a URI without white space',
  code: 'a code: no white space but single spaces inside',
  date: 'a date of the calendar: YYYY, YYYY-MM or YYYY-MM-DD',
  dateTime: 'a date of the calendar, or a date with a time to the second and a time zone',
  decimal: 'a number',
  id: 'an id: 1 to 64 letters, digits, hyphens and full stops',
  instant: 'a date of the calendar with a time to the second and a time zone',
  integer: 'a whole number of 32 bits',
  markdown: 'text of at most 1,048,576 characters without control characters',
  oid: 'an OID: urn:oid:1.2.3',
  positiveInt: 'a whole number from 1 to 2,147,483,647',
  string: 'text of at most 1,048,576 characters without control characters',
  time: 'a time: hh:mm:ss',
  unsignedInt: 'a whole number from 0 to 2,147,483,647',
  uri: 'a URI without white space',
  url: 'a URL without white space',
  uuid: 'a UUID: urn:uuid: and 36 lower-case characters',
  xhtml: 'XHTML without control characters',
};

/** What is wrong with a value that does not have the form of its primitive type. Never repeats the value. */
export function primitiveFault(type: string, value: unknown): string {
  const json = type === 'boolean' ? 'boolean' : NUMBERS.has(type) ? 'number' : 'string';
  if (Array.isArray(value)) {
    return 'This element does not repeat: a single value must stand here, not a list.';
  }
  if (typeof value !== json) {
    return `A value of type ${type} is a JSON ${json}.`;
  }
  if (typeof value === 'string' && value.trim() === '') {
    return 'A text may not be empty; leave the element out instead.';
  }
  return `A value of type ${type} must be ${forms[type] ?? 'of its form'}.`;
}
