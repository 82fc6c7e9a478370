import { scaleLinear } from 'd3-scale';
import { at, type Drawing, type Mark, rectangle, wrapped } from './drawing.ts';
import { filled, type Writing } from './said.ts';

/** One bar: what it counts, and how many. */
export interface Counted {
  readonly label: string;
  readonly count: number;
}

const FONT = 13;
const ROW = 28;
const BAR = 16;
const LINE = 16;
/** Below this a label stands above its bar. */
const BESIDE_MIN = 400;
/** Room for the number beside the longest bar. */
const NUMBER = 56;

/**
 * Counts as bars of one colour, each with its whole label and its number as text beside it. Where there is nothing to count
 * there are no bars: the sentence says so.
 */
export function countBars(title: string, counts: readonly Counted[], width: number, how: Writing): Drawing {
  const { words, number } = how;
  const most = Math.max(0, ...counts.map(({ count }) => count));
  const isBeside = width >= BESIDE_MIN;
  const left = isBeside ? Math.min(300, width * 0.45) : 1;
  const x = scaleLinear()
    .domain([0, Math.max(most, 1)])
    .range([left, width - NUMBER]);
  const marks: Mark[] = [];
  let foot = 0;
  for (const { label, count } of most === 0 ? [] : counts) {
    const lines = wrapped(label, FONT, isBeside ? left - 12 : width);
    const above = isBeside ? 0 : lines.length * LINE + 2;
    const row = isBeside ? Math.max(ROW, lines.length * LINE + 8) : above + ROW;
    const top = foot + above + (isBeside ? (row - BAR) / 2 : 2);
    const first = isBeside ? foot + row / 2 - (lines.length * LINE) / 2 + 13 : foot + 13;
    const end = Math.max(x(count), left + 1);
    marks.push(
      ...lines.map(
        (text, index): Mark => ({
          ...{ text, x: isBeside ? at(left - 10) : 0, y: at(first + index * LINE), size: FONT },
          anchor: isBeside ? 'end' : 'start',
        }),
      ),
      { path: rectangle(left, top, end - left, BAR), ink: 'bar' },
      { text: number(count), x: at(end + 8), y: at(top + 13), size: FONT, anchor: 'start', bold: true },
    );
    foot += row;
  }
  return {
    width,
    height: foot + 4,
    title,
    sentence: sentenceOf(counts, most, how),
    marks,
    table: { columns: [words.what, words.count], rows: counts.map((each) => [each.label, number(each.count)]) },
  };
}

function sentenceOf(counts: readonly Counted[], most: number, { words, number, list }: Writing): string {
  if (most === 0) return words.nothing;
  const longest = counts.filter(({ count }) => count === most).map(({ label }) => label);
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  return filled(longest.length > 1 ? words.barsTied : words.bars, {
    label: list(longest),
    count: number(most),
    all: number(all),
  });
}
