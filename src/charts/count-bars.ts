import { scaleLinear } from 'd3-scale';
import { at, type Drawing, fitted, type Mark, rectangle } from './drawing.ts';
import { filled, type Writing } from './said.ts';

/** One bar: what it counts, and how many. */
export interface Counted {
  readonly label: string;
  readonly count: number;
}

const FONT = 13;
const ROW = 28;
const BAR = 16;

/** Counts as bars of one colour, each with its label and its number as text beside it. */
export function countBars(title: string, counts: readonly Counted[], width: number, how: Writing): Drawing {
  const { words, number } = how;
  const most = Math.max(1, ...counts.map(({ count }) => count));
  const label = Math.min(300, width * 0.45);
  const x = scaleLinear()
    .domain([0, most])
    .range([label, width - 56]);
  const marks = counts.flatMap(({ label: text, count }, index): Mark[] => {
    const top = index * ROW + 6;
    const end = Math.max(x(count), label + 1);
    return [
      { text: fitted(text, FONT, label - 12), x: at(label - 10), y: top + 13, size: FONT, anchor: 'end' },
      { path: rectangle(label, top, end - label, BAR), ink: 'bar' },
      { text: number(count), x: at(end + 8), y: top + 13, size: FONT, anchor: 'start', bold: true },
    ];
  });
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const longest = counts.find(({ count }) => count === most);
  return {
    width,
    height: Math.max(1, counts.length) * ROW + 4,
    title,
    sentence:
      longest === undefined || all === 0
        ? words.nothing
        : filled(words.bars, { label: longest.label, count: number(most), all: number(all) }),
    marks,
    table: { columns: [words.what, words.count], rows: counts.map((each) => [each.label, number(each.count)]) },
  };
}
