import { localOf } from '../../registry/zone.ts';

/** A list for people: columns of text, all to the left. Columns that are empty in every row are left out. */
export function listText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = head.flatMap((_, column) => (rows.some((row) => (row[column] ?? '') !== '') ? [column] : []));
  const widths = shown.map((column) =>
    Math.max(head[column]?.length ?? 0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) => shown.map((column, at) => (row[column] ?? '').padEnd(widths[at] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** An instant as the clock of a zone shows it: `2026-03-02 16:30`. */
export function instantText(instant: string | undefined, zone: string): string {
  const at = new Date(instant ?? '');
  if (Number.isNaN(at.getTime())) return '';
  const { year, month, day, hour, minute } = localOf(at, zone);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}
