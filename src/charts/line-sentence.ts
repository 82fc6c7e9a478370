import type { Table } from './drawing.ts';
import { filled, type Writing } from './said.ts';
import { type Course, courseOf, type Series } from './series.ts';
import type { ChartWords } from './words.ts';

/** A series in one sentence: what it is now, what it was, whether that matters. */
export function lineSentence(series: Series, { words, number, day }: Writing): string {
  const course = courseOf(series);
  const last = series.points.at(-1);
  const missing =
    last !== undefined && last.value === undefined
      ? ` ${filled(words.latestMissing, { day: day(last.at), why: last.absent || words.missing })}`
      : '';
  if (course === undefined) return filled(words.none, { title: series.title }) + missing;
  const { latest, before } = course;
  const told = (value: number): string => [number(value), series.unit].filter(Boolean).join(' ');
  const named = {
    title: series.title,
    value: told(latest.value),
    band: latest.band === undefined ? '' : ` (${latest.band.toLowerCase()})`,
    day: day(latest.at),
  };
  if (before === undefined) return filled(words.once, named) + missing;
  if (latest.value === before.value) return filled(words.same, named) + missing;
  const verdict = verdictOf(course, words);
  const template = latest.value < before.value ? words.down : words.up;
  return filled(template, { ...named, before: told(before.value), verdict }) + missing;
}

function verdictOf({ direction, matters }: Course, words: ChartWords): string {
  if (matters === 'no') return words.tooSmall;
  if (direction === undefined || direction === 'same') return '';
  const told = { yes: words.matters, perhaps: words.mayMatter, unknown: '' }[matters ?? 'unknown'];
  return words[direction] + told;
}

/** A series as a table, the latest last. */
export function lineTable({ points, unit }: Series, { words, number, day }: Writing): Table {
  return {
    columns: [words.day, words.value, words.meaning],
    rows: points.map(({ at, value, absent, band }) => [
      day(at),
      value === undefined ? words.missing : [number(value), unit].filter(Boolean).join(' '),
      band ?? absent ?? '',
    ]),
  };
}
