import { type ScaleTime, scaleUtc } from 'd3-scale';
import { at, type Drawing, fitted, type Mark, rectangle, widthOf } from './drawing.ts';
import { dot } from './line-chart.ts';
import { filled, type Writing } from './said.ts';

/** A course of a patient, with what happened in it. */
export interface TimelineCourse {
  readonly title: string;
  readonly start: string;
  /** Undefined: it goes on. */
  readonly end: string | undefined;
  readonly events: readonly TimelineEvent[];
}

export interface TimelineEvent {
  readonly kind: EventKind;
  readonly at: string;
  readonly title: string;
}

export type EventKind = 'form' | 'answer' | 'order' | 'consent';

const FONT = 13;
const ROW = 58;
const LEGEND = 26;
const AXIS = 26;
const SIZE = 6;

/**
 * Courses beneath each other on one axis of time, what happened in each as marks on it: a shape for every kind.
 *
 * @param now where a course that goes on ends
 */
export function timeline(
  courses: readonly TimelineCourse[],
  { width, now }: { readonly width: number; readonly now: string },
  how: Writing,
): Drawing {
  const { words, day, shortDay, number } = how;
  const instants = courses.flatMap(({ start, end, events }) => [start, end ?? now, ...events.map((each) => each.at)]);
  const times = instants.map((instant) => Date.parse(instant));
  const [first, last] = times.length === 0 ? [0, 1] : [Math.min(...times), Math.max(...times)];
  const x = scaleUtc()
    .domain([first, Math.max(last, first + 1)])
    .range([10, width - 14]);
  const kinds = [...new Set(courses.flatMap(({ events }) => events.map(({ kind }) => kind)))];
  const above = legend(kinds, width, how);
  const height = above.height + courses.length * ROW + AXIS;
  const foot = height - AXIS;
  const marks: Mark[] = [
    ...above.marks,
    ...courses.flatMap((course, index): Mark[] => {
      const middle = above.height + index * ROW + 36;
      const [from, to] = [x(Date.parse(course.start)), x(Date.parse(course.end ?? now))];
      return [
        {
          text: fitted(course.title, FONT, width - 20),
          x: 10,
          y: middle - 16,
          size: FONT,
          anchor: 'start',
          bold: true,
        },
        {
          path: rectangle(from, middle - 2, Math.max(to - from, 2), 4),
          ink: course.end === undefined ? 'track' : 'bar',
        },
        ...course.events.map(
          (event): Mark => ({ path: shape(event.kind, x(Date.parse(event.at)), middle), ink: inkOf(event.kind) }),
        ),
      ];
    }),
    { path: `M10,${foot}H${width - 14}`, ink: 'axis' },
    ...ticks(x, width, foot, shortDay),
  ];
  const events = courses.flatMap((course) => course.events.map((event) => ({ ...event, course: course.title })));
  return {
    width,
    height,
    title: words.timeline,
    sentence: filled(words.timelineSentence, { courses: number(courses.length), events: number(events.length) }),
    marks,
    table: {
      columns: [words.day, words.what, words.kind, words.course],
      rows: events
        .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
        .map((event) => [day(event.at), event.title, words.event[event.kind], event.course]),
    },
  };
}

/** Each kind's mark with its name, in as many lines as they need. */
function legend(kinds: readonly EventKind[], width: number, { words }: Writing): { marks: Mark[]; height: number } {
  let left = 10;
  let line = 0;
  const marks = kinds.flatMap((kind): Mark[] => {
    const text = words.event[kind];
    const room = 26 + widthOf(text, FONT - 1);
    if (left > 10 && left + room > width) {
      left = 10;
      line += 1;
    }
    const [from, top] = [left, line * LEGEND];
    left += room;
    return [
      { path: shape(kind, from + SIZE, top + 12), ink: inkOf(kind) },
      { text, x: at(from + 18), y: top + 16, size: FONT - 1, anchor: 'start', quiet: true },
    ];
  });
  return { marks, height: (line + 1) * LEGEND };
}

function inkOf(kind: EventKind) {
  return kind === 'answer' ? 'solid' : 'hollow';
}

function shape(kind: EventKind, x: number, y: number): string {
  const p = (dx: number, dy: number): string => `${at(x + dx)},${at(y + dy)}`;
  switch (kind) {
    case 'form':
      return rectangle(x - SIZE + 1, y - SIZE + 1, 2 * SIZE - 2, 2 * SIZE - 2);
    case 'answer':
      return dot(x, y, SIZE);
    case 'order':
      return `M${p(0, -SIZE)}L${p(SIZE, SIZE)}L${p(-SIZE, SIZE)}Z`;
    case 'consent':
      return `M${p(0, -SIZE - 1)}L${p(SIZE + 1, 0)}L${p(0, SIZE + 1)}L${p(-SIZE - 1, 0)}Z`;
  }
}

function ticks(
  x: ScaleTime<number, number>,
  width: number,
  foot: number,
  shortDay: (instant: string) => string,
): Mark[] {
  let free = Number.NEGATIVE_INFINITY;
  let last = '';
  return x.ticks(Math.max(2, Math.floor(width / 130))).flatMap((tick): Mark[] => {
    const place = at(x(tick));
    const text = shortDay(tick.toISOString());
    const half = widthOf(text, FONT - 1) / 2;
    // a short course has several ticks a day, and a day is told once
    if (text === last || place - half < free || place - half < 0 || place + half > width) return [];
    free = place + half + 10;
    last = text;
    return [
      { path: `M${place},${foot}V${foot + 5}`, ink: 'axis' },
      { text, x: place, y: foot + 19, size: FONT - 1, anchor: 'middle' },
    ];
  });
}
