import { parseDate, plusDays } from '../../registry/zone.ts';

/** What an approval lets of dates be seen. */
export const dateHandlings = ['shift', 'month', 'quarter', 'year'] as const;

export type DateHandling = (typeof dateHandlings)[number];

/**
 * A date as an extract gives it. Only the day of a dateTime counts; a partial date is never made finer, and cannot be
 * shifted.
 * @param days by how many it is shifted, where it is
 * @returns undefined where the text is no date, or none that can be given so
 */
export function givenDate(text: string, handling: DateHandling, days: number): string | undefined {
  const parts = /^(\d{4})(?:-(\d{2}))?(?:-\d{2})?/.exec(text);
  if (parts === null) return undefined;
  const [, year, month] = parts;
  switch (handling) {
    case 'shift': {
      const date = parseDate(text.slice(0, 10));
      if (date === undefined) return undefined;
      const moved = plusDays(date, days);
      return new Date(Date.UTC(moved.year, moved.month - 1, moved.day)).toISOString().slice(0, 10);
    }
    case 'month':
      return month === undefined ? undefined : `${year}-${month}`;
    case 'quarter':
      return month === undefined ? undefined : `${year}-Q${Math.ceil(Number(month) / 3)}`;
    case 'year':
      return year;
  }
}

/** The group of ten years that an age belongs to: too many are old enough to be known by their age alone. */
export function ageGroup(birthDate: string | undefined, at: string | undefined): string {
  if (birthDate === undefined || at === undefined) return '';
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const [atYear = 0, atMonth = 1, atDay = 1] = at.slice(0, 10).split('-').map(Number);
  const age = atYear - year - (atMonth < month || (atMonth === month && atDay < day) ? 1 : 0);
  if (age < 18) return '0-17';
  if (age >= 80) return '80-';
  const from = age < 30 ? 18 : Math.floor(age / 10) * 10;
  return `${from}-${age < 30 ? 29 : from + 9}`;
}
