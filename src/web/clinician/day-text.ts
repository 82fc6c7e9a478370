/** A day as people of a language write it; undefined where there is none. */
export function dayText(day: string | undefined, locale: string): string | undefined {
  if (day === undefined) return undefined;
  const [year, month, date] = day.slice(0, 10).split('-').map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, date ?? 1).toLocaleDateString(locale);
}
