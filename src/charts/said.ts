import type { Wording } from '../forms/score/rule.ts';
import type { ChartWords } from './words.ts';
import { en } from './words-en.ts';
import { nb } from './words-nb.ts';
import { nn } from './words-nn.ts';
import { sv } from './words-sv.ts';

/** Languages of charts, as BCP 47 tags. */
export type ChartLanguage = 'nb' | 'nn' | 'sv' | 'en';

export const chartWords: Readonly<Record<ChartLanguage, ChartWords>> = { nb, nn, sv, en };

/** Nynorsk writes days and numbers as Bokmål does; Chromium knows no Nynorsk, and would write them as the browser speaks. */
const LOCALES: Readonly<Record<ChartLanguage, string>> = { nb: 'nb-NO', nn: 'nb-NO', sv: 'sv-SE', en: 'en-GB' };

/** A language as charts have it; of what is not there, the one that is nearest. */
export function chartLanguage(tag: string): ChartLanguage {
  const primary = tag.toLowerCase().split(/[-_]/, 1)[0];
  return primary === 'nn' || primary === 'sv' || primary === 'en' ? primary : 'nb';
}

/** A text of a rule, in a language. */
export function worded(wording: Wording, language: ChartLanguage): string {
  return wording[language === 'nn' ? 'nb' : language];
}

/** How numbers and days are written. */
export interface Writing {
  readonly words: ChartWords;
  readonly language: ChartLanguage;
  /** At most two decimals; those that tell nothing are left out. */
  number(value: number): string;
  /** 3. mars 2026; of a month mars 2026, of a year the year */
  day(instant: string): string;
  /** 03.03.26, for an axis */
  shortDay(instant: string): string;
  /** Two or more, as a sentence names them: a, b og c */
  list(all: readonly string[]): string;
}

/**
 * @param timeZone IANA name, whose days are told of instants; a date has no zone. Of a date that lacks its day or its month
 *   what it has is told
 */
export function writing(language: ChartLanguage, timeZone: string): Writing {
  const locale = LOCALES[language];
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const lists = new Intl.ListFormat(locale);
  const long = dates(locale, timeZone, { day: 'numeric', month: 'long', year: 'numeric' });
  const short = dates(locale, timeZone, { day: '2-digit', month: '2-digit', year: '2-digit' });
  return {
    words: chartWords[language],
    language,
    // a hyphen may be broken at and read as a dash; Intl's minus is U+2212 in these languages
    number: (value) => numbers.format(value),
    day: long,
    shortDay: short,
    list: (all) => lists.format(all),
  };
}

const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?$/;

/** Writes FHIR's dates and dateTimes; what is neither as it stands. */
function dates(
  locale: string,
  timeZone: string,
  style: Readonly<Record<'day' | 'month' | 'year', 'numeric' | '2-digit' | 'long'>>,
): (date: string) => string {
  const { day: _, ...ofMonth } = style;
  const of = (options: object, zone = 'UTC') => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  const [instants, days, months] = [of(style, timeZone), of(style), of(ofMonth)];
  return (date) => {
    const at = new Date(date);
    if (Number.isNaN(at.getTime())) return date;
    if (!DATE.test(date)) return instants.format(at);
    if (date.length === 'yyyy'.length) return date;
    return (date.length === 'yyyy-mm'.length ? months : days).format(at);
  };
}

/** Fills in {names}. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
