import { scaleLinear } from 'd3-scale';
import { at, type Drawing, fitted, type Mark, rectangle } from './drawing.ts';
import { lineSentence } from './line-sentence.ts';
import type { Writing } from './said.ts';
import { courseOf, type Series } from './series.ts';

const FONT = 13;
const ROW = 34;
const BAR = 12;
/** Below this a label stands above its bar. */
const BESIDE_MIN = 480;
const LABEL_ABOVE = 18;

/**
 * Several measurements side by side on their own scales, each a bar from the lowest possible value to the latest one, with
 * a hollow mark where it was before: what is read in half a minute.
 *
 * @param title of all of them
 */
export function levelBars(title: string, all: readonly Series[], width: number, how: Writing): Drawing {
  const { words, number } = how;
  const isBeside = width >= BESIDE_MIN;
  const above = isBeside ? 0 : LABEL_ABOVE;
  const row = ROW + above;
  // half of a stroke stands outside of what it outlines
  const label = isBeside ? Math.min(270, width * 0.42) : 1;
  const value = 76;
  const room = width - label - value;
  const marks = all.flatMap((series, index): Mark[] => {
    const middle = index * row + above + ROW / 2;
    const course = courseOf(series);
    const { min, max } = series.range ?? { min: 0, max: highest(series) };
    const x = (each: number): number => label + ((Math.min(Math.max(each, min), max) - min) / (max - min)) * room;
    const said: Mark[] = [
      {
        text: fitted(series.title, FONT, isBeside ? label - 10 : width),
        x: 0,
        y: isBeside ? middle + 4.5 : middle - 13,
        size: FONT,
        anchor: 'start',
      },
      { path: rectangle(label, middle - BAR / 2, room, BAR), ink: 'track' },
    ];
    if (course === undefined) {
      return [...said, { text: words.missing, x: width, y: middle + 4.5, size: FONT, anchor: 'end', quiet: true }];
    }
    const { latest, before } = course;
    const end = x(latest.value);
    const was = before === undefined ? undefined : at(x(before.value));
    return [
      ...said,
      { path: rectangle(label, middle - BAR / 2, Math.max(end - label, 1.5), BAR), ink: 'bar' },
      ...(was === undefined ? [] : [{ path: diamond(was, middle), ink: 'hollow' } as const]),
      {
        text: number(latest.value),
        x: width - 34,
        y: middle + 5,
        size: FONT + 2,
        anchor: 'end',
        bold: true,
      },
      ...(series.range === undefined
        ? []
        : [
            {
              text: `/ ${number(max)}`,
              x: width - 30,
              y: middle + 5,
              size: FONT - 2,
              anchor: 'start',
              quiet: true,
            } as const,
          ]),
    ];
  });
  const isCompared = all.some((series) => courseOf(series)?.before !== undefined);
  const foot = all.length * row;
  if (isCompared) {
    marks.push(
      { path: diamond(label + 5, foot + 9), ink: 'hollow' },
      { text: words.before, x: label + 16, y: foot + 13, size: FONT - 1, anchor: 'start', quiet: true },
    );
  }
  return {
    width,
    height: Math.max(1, all.length) * row + (isCompared ? 20 : 0),
    title,
    sentence: all.map((series) => lineSentence(series, how)).join(' '),
    marks,
    table: {
      columns: [words.what, words.now, words.before],
      rows: all.map((series) => {
        const course = courseOf(series);
        return [
          series.title,
          course === undefined ? words.missing : number(course.latest.value),
          course?.before === undefined ? '' : number(course.before.value),
        ];
      }),
    },
  };
}

function diamond(x: number, y: number): string {
  return `M${at(x)},${at(y - 8)}L${at(x + 5)},${at(y)}L${at(x)},${at(y + 8)}L${at(x - 5)},${at(y)}Z`;
}

/** Of a measurement without an upper end: a round number above all that was measured. */
function highest({ points }: Series): number {
  const top = Math.max(1, ...points.flatMap(({ value }) => value ?? []));
  return scaleLinear().domain([0, top]).nice(4).domain()[1] ?? top;
}
