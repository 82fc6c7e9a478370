/** A day as people of a language write it, or the month or the year where no more is known; undefined where there is none. */
export function dayText(day: string | undefined, locale: string): string | undefined {
  if (day === undefined) return undefined;
  const [year = 0, month, date] = day.slice(0, 10).split('-').map(Number);
  if (month === undefined) return String(year);
  if (date === undefined)
    return new Date(year, month - 1).toLocaleDateString(locale, { month: 'long', year: 'numeric' });
  return new Date(year, month - 1, date).toLocaleDateString(locale);
}
