import { dateOf, partsOfText } from '../form/views/date-parts.ts';

/** The day that somebody has typed, as FHIR writes days; '' for nothing, undefined for what is no day. */
export function typedDay(text: string): string | undefined {
  const bare = text.trim();
  if (bare === '') return '';
  // 20260305, as Swedes write it too; partsOfText reads eight digits as 05032026
  const turned = bare.replace(/^((?:18|19|20|21)\d\d)(0\d|1[0-2])(\d\d)$/, '$1-$2-$3');
  return [turned, bare].flatMap((one) => dayIn(one) ?? [])[0];
}

function dayIn(text: string): string | undefined {
  const parts = partsOfText(text);
  const day = parts && dateOf(parts, false);
  return day === 'none' ? undefined : day;
}

/** A day as people of a language type it, with all its digits; '' for none. */
export function writtenDay(day: string, locale: string): string {
  if (day === '') return '';
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(locale, {
    ...{ timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' },
  });
}
