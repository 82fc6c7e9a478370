import { bodyMap } from '../body-map.ts';
import type { Drawing } from '../drawing.ts';
import { levelBars } from '../level-bars.ts';
import { lineChart } from '../line-chart.ts';
import type { Writing } from '../said.ts';
import type { Profile } from './profile.ts';

/** A drawing on its place of the sheet, in points; `scale` from the drawing's own units. */
export interface Placed {
  readonly drawing: Drawing;
  readonly x: number;
  /** Of the top of its heading, which is HEADING high; the sentence follows it, then the drawing. */
  readonly y: number;
  readonly width: number;
  readonly scale: number;
  /** Each number stands beside what it tells: where its sentence has no room, it may be left out. */
  readonly tellsItself: boolean;
}

export interface Room {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Above each drawing: its title, and two lines of words. */
export const HEADING = 44;
const BETWEEN = 16;
const SCALE = 0.72;
const LINE_HEIGHT_MAX = 190;
/** Lower than this, more stand beside each other. */
const LINE_HEIGHT_MIN = 96;
const COLUMNS = [2, 3];
/** Where those are too low for as many as there are. */
const NARROW_COLUMNS = [3, 4, 5];
const NARROW_SCALE = 0.55;
const LINE_WIDTH_MIN = 150;
/** Of the sheet: bars take no more, where there are lines too. */
const LEVELS_SHARE = 0.55;
/** Smaller than this nothing is read. */
const SCALE_MIN = 0.35;
const MAP_HEIGHT = 300;
const SHARED_WIDTH = 0.36;

/**
 * A profile on one sheet, whatever it holds: bars above (beside the body, where there is a map of it), lines in columns
 * below, as high as there is room for.
 */
export function profilePage({ levels, lines, pain }: Profile, room: Room, title: string, how: Writing): Placed[] {
  const placed: Placed[] = [];
  const painWidth = pain === undefined ? 0 : room.width * SHARED_WIDTH;
  let top = room.top;
  let taken = 0;
  if (levels.length > 0) {
    const width = room.width - (pain === undefined ? 0 : painWidth + BETWEEN);
    const most = room.height * (lines.length === 0 ? 1 : LEVELS_SHARE) - HEADING;
    const scale = Math.max(SCALE_MIN, Math.min(SCALE, most / levelBars(title, levels, width / SCALE, how).height));
    const drawing = levelBars(title, levels, width / scale, how);
    placed.push({ drawing, x: room.left, y: top, width, scale, tellsItself: true });
    taken = HEADING + drawing.height * scale;
  }
  if (pain !== undefined) {
    const drawing = bodyMap(pain, MAP_HEIGHT, how);
    const scale = Math.min(SCALE, painWidth / drawing.width);
    placed.push({
      drawing,
      x: room.left + room.width - painWidth,
      y: top,
      width: painWidth,
      scale,
      tellsItself: false,
    });
    taken = Math.max(taken, HEADING + drawing.height * scale);
  }
  if (taken > 0) top += taken + BETWEEN;
  const left = room.top + room.height - top;
  const heightIn = (columns: number): number =>
    left / Math.max(1, Math.ceil(lines.length / columns)) - HEADING - BETWEEN;
  const widthIn = (columns: number): number => (room.width - (columns - 1) * BETWEEN) / columns;
  const readable = (columns: number): number =>
    Math.min(heightIn(columns) / LINE_HEIGHT_MIN, widthIn(columns) / LINE_WIDTH_MIN);
  const wide = COLUMNS.find((each) => heightIn(each) >= LINE_HEIGHT_MIN);
  const columns = wide ?? NARROW_COLUMNS.toSorted((a, b) => readable(b) - readable(a))[0] ?? 3;
  const scale = wide === undefined ? NARROW_SCALE : SCALE;
  const height = Math.min(LINE_HEIGHT_MAX, heightIn(columns));
  const width = widthIn(columns);
  for (const [index, series] of lines.entries()) {
    placed.push({
      drawing: lineChart(series, { width: width / scale, height: height / scale }, how),
      x: room.left + (index % columns) * (width + BETWEEN),
      y: top + Math.floor(index / columns) * (HEADING + height + BETWEEN),
      width,
      scale,
      tellsItself: false,
    });
  }
  return placed;
}
