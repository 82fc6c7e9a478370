import type { FormLanguage } from '../form/contract.ts';

/** Few browsers know Northern Sami: it has no day in words here, which would be a Norwegian one. */
const TAGS: Readonly<Record<FormLanguage, readonly string[]>> = {
  nb: ['nb-NO'],
  nn: ['nn-NO', 'nb-NO'],
  sv: ['sv-SE'],
  en: ['en-GB'],
  se: ['nb-NO'],
};

/** An instant as a day: `torsdag 5. mars`, with the year where it is another than that of `now`; in Northern Sami `05.03.2026`. */
export function dayText(
  instant: string,
  { language, timeZone, now }: { language: FormLanguage; timeZone: string; now: string },
): string {
  const year = (at: string) => new Date(at).toLocaleString('en', { year: 'numeric', timeZone });
  const inWords = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  return new Intl.DateTimeFormat([...TAGS[language]], {
    ...(language === 'se' ? { day: '2-digit', month: '2-digit' } : inWords),
    ...(language !== 'se' && year(instant) === year(now) ? {} : { year: 'numeric' }),
    timeZone,
  }).format(new Date(instant));
}

/** An instant as a date: `5. mars 2026`. */
export function dateText(instant: string, language: FormLanguage, timeZone: string): string {
  return new Intl.DateTimeFormat([...TAGS[language]], { dateStyle: 'long', timeZone }).format(new Date(instant));
}

const DAY_CHARACTERS = '2026-03-05'.length;

/** An instant with its time of day: `5. mars 2026 kl. 10:12`; of what is known by its day, that day. */
export function timeText(instant: string, language: FormLanguage, timeZone: string): string {
  if (instant.length <= DAY_CHARACTERS) return dateText(instant, language, 'UTC');
  const parts = { dateStyle: 'long', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat([...TAGS[language]], parts).format(new Date(instant));
}
