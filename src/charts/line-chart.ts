import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { at, type Drawing, fitted, type Mark, rectangle, widthOf } from './drawing.ts';
import { lineSentence, lineTable } from './line-sentence.ts';
import { filled, type Writing } from './said.ts';
import { courseOf, type Series, type SeriesPoint, smallestFrom } from './series.ts';

const FONT = 13;
const DAY_MS = 86_400_000;
const TOP = 30;
const BOTTOM = 30;
const LEFT = 44;
/** Room for the value beside the latest point. */
const RIGHT = 20;
/** Radius of a point. */
const DOT = 4;
/** Labels of days that would touch are left out. */
const BETWEEN_LABELS = 12;

export interface LineOptions {
  readonly width: number;
  readonly height: number;
  /** Ends the axis of time there at the latest point or later, so that several charts can share one. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * A score over time: bands between the cut-offs, each with its name; the range around the value before within which a
 * change is smaller than the smallest that matters; a gap and a cross where an answer gave no value; an arrow that says
 * which way is better.
 */
export function lineChart(series: Series, options: LineOptions, how: Writing): Drawing {
  const { width, height } = options;
  const plot = { left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
  const [low, high] = extent(series);
  const y = scaleLinear()
    .domain([low, high])
    .range([plot.bottom - 6, plot.top + 6]);
  const times = [...series.points.map(({ at: instant }) => Date.parse(instant)), ...ends(options)];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const margin = first === last ? DAY_MS : 0;
  const x = scaleUtc()
    .domain([first - margin, last + margin])
    .range([plot.left + 14, plot.right - 22]);
  const place = (point: SeriesPoint): number => at(x(Date.parse(point.at)));
  const behind = bands(series, { ...plot, low, high, y });
  const marks: Mark[] = [
    ...behind.fills,
    ...smallest(series, { ...plot, low, high, x: place, y }, how),
    ...behind.names,
    ...valueAxis(plot, y, how),
    ...timeAxis(series, plot, place, how),
    ...lines(series, place, y),
    ...points(series, plot, place, y, how),
    ...direction(series, plot, how),
  ];
  return {
    width,
    height,
    title: series.title,
    sentence: lineSentence(series, how),
    marks,
    table: lineTable(series, how),
  };
}

interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Scaled extends Plot {
  readonly low: number;
  readonly high: number;
  readonly y: (value: number) => number;
}

function ends({ from, to }: LineOptions): number[] {
  return [from, to].flatMap((each) => (each === undefined ? [] : [Date.parse(each)]));
}

/** Above this a range is what can be stored, not what is seen: an axis of it would press the line to its foot. */
const WHOLE_RANGE_MAX = 100;

/** The possible values; where those are not known, or far more than what was measured, up to a round number above that. */
function extent({ range, points }: Series): readonly [number, number] {
  const values = points.flatMap(({ value }) => value ?? []);
  const low = Math.min(range?.min ?? 0, ...values);
  if (range !== undefined && range.max <= WHOLE_RANGE_MAX) return [low, Math.max(range.max, ...values)];
  const top = Math.max(low + 1, ...values);
  const round = scaleLinear().domain([0, top]).nice(4).domain()[1] ?? top;
  return [low, Math.max(top, Math.min(round, range?.max ?? round))];
}

function bands(series: Series, { left, right, low, high, y }: Scaled): { fills: Mark[]; names: Mark[] } {
  const starts = series.bands.map(({ from }) => Math.max(low, from ?? low));
  const fills: Mark[] = [];
  const names: Mark[] = [];
  for (const [index, { title }] of series.bands.entries()) {
    const from = starts[index] ?? low;
    if (from >= high) continue;
    const bottom = y(from);
    const top = y(Math.min(high, starts[index + 1] ?? high));
    fills.push({
      path: rectangle(left, top, right - left, bottom - top),
      ink: index % 2 === 0 ? 'bandLow' : 'bandHigh',
    });
    if (from > low) names.push({ path: `M${left},${at(bottom)}H${right}`, ink: 'cutOff' });
    if (bottom - top < FONT + 2) continue;
    const size = FONT - 1;
    const text = fitted(title, size, right - left - 12);
    names.push({ text, x: left + 6, y: at(top + FONT), size, anchor: 'start', quiet: true });
  }
  return { fills, names };
}

function valueAxis(
  { left, top, bottom }: Plot,
  y: { (value: number): number; ticks(count: number): number[]; domain(): number[] },
  { number }: Writing,
): Mark[] {
  const [low = 0, high = 1] = y.domain();
  const count = Math.max(1, Math.min(4, Math.floor((bottom - top) / (2 * FONT))));
  const inner = y.ticks(count).filter((tick) => far(y(tick), y(low)) && far(y(tick), y(high)));
  return [
    { path: `M${left},${top}V${bottom}`, ink: 'axis' },
    ...[low, ...inner, high].map(
      (tick): Mark => ({
        text: number(tick),
        x: left - 6,
        y: at(y(tick) + FONT * 0.35),
        size: FONT - 1,
        anchor: 'end',
        quiet: true,
      }),
    ),
  ];
}

function far(one: number, other: number): boolean {
  return Math.abs(one - other) > FONT + 4;
}

/** Around the value before the latest one. */
function smallest(
  series: Series,
  { left, right, low, high, x, y }: Scaled & { readonly x: (point: SeriesPoint) => number },
  { words, number }: Writing,
): Mark[] {
  const before = courseOf(series)?.before;
  const amount = before && smallestFrom(series, before.value);
  if (before === undefined || amount === undefined) return [];
  const top = y(Math.min(high, before.value + amount));
  const bottom = y(Math.max(low, before.value - amount));
  const from = x(before);
  const size = FONT - 2;
  // beside the arrow, where nothing is drawn over it
  const free = right - left - widthOf(words.higherIsBetter, FONT) - 44;
  const text = [words.smallest, words.smallestShort]
    .map((template) => filled(template, { amount: `± ${number(amount)}` }))
    .find((each) => widthOf(each, size) < free);
  const legend = right - widthOf(text ?? '', size);
  return [
    { path: rectangle(from, top, right - from, bottom - top), ink: 'smallest' },
    ...(text === undefined
      ? []
      : [
          { path: rectangle(legend - 24, 6, 18, 10), ink: 'smallest' } as const,
          { text, x: legend, y: 16, size, anchor: 'start', quiet: true } as const,
        ]),
  ];
}

function timeAxis(
  { points }: Series,
  { left, right, bottom }: Plot,
  x: (point: SeriesPoint) => number,
  { shortDay }: Writing,
): Mark[] {
  const marks: Mark[] = [{ path: `M${left},${bottom}H${right}`, ink: 'axis' }];
  // the latest day is told first: the others where there is room left
  let free = right + RIGHT;
  for (const point of points.toReversed()) {
    marks.push({ path: `M${x(point)},${bottom}V${bottom + 5}`, ink: 'axis' });
    const text = shortDay(point.at);
    const half = widthOf(text, FONT - 1) / 2;
    const middle = Math.min(Math.max(x(point), left + half - 20), right + RIGHT - half);
    if (middle + half > free) continue;
    free = middle - half - BETWEEN_LABELS;
    marks.push({ text, x: at(middle), y: bottom + 20, size: FONT - 1, anchor: 'middle' });
  }
  return marks;
}

/** A line from value to value; dashed over what is missing. */
function lines({ points }: Series, x: (point: SeriesPoint) => number, y: (value: number) => number): Mark[] {
  const draw = line<SeriesPoint & { value: number }>()
    .x((point) => at(x(point)))
    .y((point) => at(y(point.value)));
  const runs: (SeriesPoint & { value: number })[][] = [[]];
  for (const point of points) {
    if (point.value === undefined) runs.push([]);
    else runs.at(-1)?.push({ ...point, value: point.value });
  }
  const measured = runs.filter((run) => run.length > 0);
  const gaps = measured.slice(1).flatMap((run, index) => {
    const [end, start] = [measured[index]?.at(-1), run[0]];
    return end === undefined || start === undefined ? [] : [draw([end, start]) ?? ''];
  });
  return [
    ...gaps.map((path): Mark => ({ path, ink: 'gap' })),
    ...measured.filter((run) => run.length > 1).map((run): Mark => ({ path: draw(run) ?? '', ink: 'line' })),
  ];
}

/** Hollow points, the latest solid and larger, with their values; a cross on the axis where the value is missing. */
function points(
  { points: all }: Series,
  { bottom, top: plotTop }: Plot,
  x: (point: SeriesPoint) => number,
  y: (value: number) => number,
  { number, words }: Writing,
): Mark[] {
  const latest = all.findLast(({ value }) => value !== undefined);
  const told = labelled(all, x, ({ value }) => (value === undefined ? words.missing : number(value)));
  return all.flatMap((point): Mark[] => {
    const left = x(point);
    if (point.value === undefined) {
      const [a, b, up, down] = [at(left - 4), at(left + 4), bottom - 14, bottom - 6];
      return [
        { path: `M${a},${up}L${b},${down}M${a},${down}L${b},${up}`, ink: 'missing' },
        ...(told.has(point)
          ? [{ text: words.missing, x: left, y: bottom - 19, size: FONT - 2, anchor: 'middle', quiet: true } as const]
          : []),
      ];
    }
    const top = at(y(point.value));
    const isLatest = point === latest;
    return [
      { path: dot(left, top, isLatest ? 5.5 : DOT), ink: isLatest ? 'solid' : 'hollow' },
      ...(told.has(point)
        ? [
            {
              text: number(point.value),
              x: left,
              // below its point where there is no room above it
              y: at(top - FONT - 9 < plotTop ? top + 19 : top - 9),
              size: isLatest ? FONT + 2 : FONT - 1,
              anchor: 'middle',
              ...(isLatest && { bold: true }),
            } as const,
          ]
        : []),
    ];
  });
}

/** The points whose labels lie over no other point: beside the latest value, those that stand free. */
function labelled(
  all: readonly SeriesPoint[],
  x: (point: SeriesPoint) => number,
  textOf: (point: SeriesPoint) => string,
): ReadonlySet<SeriesPoint> {
  const latest = all.findLast(({ value }) => value !== undefined);
  const reach = (point: SeriesPoint): number => widthOf(textOf(point), FONT) / 2 + DOT;
  return new Set(
    all.filter(
      (point) =>
        point === latest || all.every((other) => other === point || Math.abs(x(other) - x(point)) >= reach(point)),
    ),
  );
}

/** A circle of Bézier curves: pdfkit draws arcs of a full turn as nothing. */
export function dot(x: number, y: number, radius: number): string {
  const bow = radius * 0.5523;
  const p = (dx: number, dy: number): string => `${at(x + dx)},${at(y + dy)}`;
  return (
    `M${p(radius, 0)}C${p(radius, bow)} ${p(bow, radius)} ${p(0, radius)}C${p(-bow, radius)} ${p(-radius, bow)} ${p(-radius, 0)}` +
    `C${p(-radius, -bow)} ${p(-bow, -radius)} ${p(0, -radius)}C${p(bow, -radius)} ${p(radius, -bow)} ${p(radius, 0)}Z`
  );
}

/** Above the plot: an arrow upwards, and what higher means. */
function direction({ higherIs }: Series, { left }: Plot, { words }: Writing): Mark[] {
  if (higherIs === undefined) return [];
  const [x, y] = [left - 0.5, 6];
  return [
    { path: `M${x},${y + 11}V${y}M${x - 4},${y + 5}L${x},${y}L${x + 4},${y + 5}`, ink: 'missing' },
    {
      text: higherIs === 'better' ? words.higherIsBetter : words.higherIsWorse,
      x: left + 9,
      y: y + 10,
      size: FONT - 1,
      anchor: 'start',
      quiet: true,
    },
  ];
}
