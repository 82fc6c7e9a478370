import type { ItemWording, Licence, LicensedWording } from './licensed-wording.ts';

/** A file of texts that cannot be taken; each fault says where and what, for the operator. */
export class WordingFaults extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'WordingFaults';
    this.faults = faults;
  }
}

/**
 * Reads a file of licensed texts, as docs/operations.md describes it.
 *
 * @param file the file's JSON object
 * @throws WordingFaults with everything that is wrong with it
 */
export function readWording(file: Readonly<Record<string, unknown>>): LicensedWording {
  const faults: string[] = [];
  const read = reader(faults);
  const { questionnaire, language, licence, title, items, ...unknown } = file;
  read.nothing('', unknown);
  const [url = '', version = ''] = read.text('questionnaire', questionnaire).split('|');
  if (typeof questionnaire === 'string' && version === '') {
    faults.push('questionnaire: names no version; expected <url>|<version>');
  }
  const wording: LicensedWording = {
    url,
    version,
    language: languageTag(read.text('language', language), faults),
    licence: readLicence(read, licence),
    title: title === undefined ? undefined : read.text('title', title),
    items: new Map(
      Object.entries(read.object('items', items)).map(([linkId, item]) => [linkId, readItem(read, linkId, item)]),
    ),
  };
  if (faults.length > 0) throw new WordingFaults(faults);
  return wording;
}

function readLicence(read: Reader, value: unknown): Licence {
  const { holder, reference, terms, until, ...unknown } = read.object('licence', value);
  read.nothing('licence.', unknown);
  return {
    holder: read.text('licence.holder', holder),
    reference: read.text('licence.reference', reference),
    terms: read.text('licence.terms', terms),
    until: read.date('licence.until', until),
  };
}

function readItem(read: Reader, linkId: string, value: unknown): ItemWording {
  const { text, prefix, options, ...unknown } = read.object(linkId, value);
  read.nothing(`${linkId}: `, unknown);
  const displays = Object.entries(options === undefined ? {} : read.object(`${linkId}, options`, options));
  return {
    text: text === undefined ? undefined : read.text(linkId, text),
    prefix: prefix === undefined ? undefined : read.text(`${linkId}, prefix`, prefix),
    options: new Map(displays.map(([name, display]) => [name, read.text(`${linkId}, option ${name}`, display)])),
  };
}

/** The tag as BCP 47 writes it (`nb-no` is nb-NO), of a language that is known. */
function languageTag(tag: string, faults: string[]): string {
  if (tag === '') return tag;
  try {
    const [canonical = ''] = Intl.getCanonicalLocales(tag);
    const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
    if (names.of(canonical) !== undefined) return canonical;
  } catch {
    // told below
  }
  faults.push('language: is no BCP 47 tag of a known language, such as nb, sv or en');
  return tag;
}

type Reader = ReturnType<typeof reader>;

function reader(faults: string[]) {
  return {
    text(where: string, value: unknown): string {
      if (typeof value === 'string' && value.trim() !== '') return value.trim();
      const problem = value === undefined ? 'is missing' : typeof value === 'string' ? 'is empty' : 'is not a text';
      faults.push(`${where}: ${problem}`);
      return '';
    },

    object(where: string, value: unknown): Readonly<Record<string, unknown>> {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
      faults.push(`${where}: ${value === undefined ? 'is missing' : 'is not an object'}`);
      return {};
    },

    /** Null is a licence without end; that it has none has to be said. */
    date(where: string, value: unknown): string | undefined {
      if (value === null) return undefined;
      if (typeof value === 'string' && isDate(value)) return value;
      faults.push(`${where}: is no date such as 2027-12-31; null is a licence without end`);
      return undefined;
    },

    nothing(within: string, unknown: object): void {
      for (const name of Object.keys(unknown)) faults.push(`${within}${name}: is not known here`);
    },
  };
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
