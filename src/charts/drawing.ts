/**
 * A chart as plain geometry: what React draws as SVG and pdfkit on paper, from the same paths. Units are those of the
 * drawing's own width and height; y grows downwards.
 */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What it shows, in a few words. */
  readonly title: string;
  /** What it tells, in a sentence: the drawing in words, for whoever does not see it and whoever has no time. */
  readonly sentence: string;
  /** From back to front. */
  readonly marks: readonly Mark[];
  /** The same as numbers. */
  readonly table: Table;
}

export type Mark = PathMark | TextMark;

export interface PathMark {
  /** SVG path data, absolute commands. */
  readonly path: string;
  readonly ink: Ink;
}

export interface TextMark {
  readonly text: string;
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** Quieter, yet dark enough to be read. */
  readonly quiet?: boolean;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How a path is drawn; each differs from the others in more than its colour. */
export interface InkStyle {
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly fill?: string;
}

const DARK = '#123f6b';
const GREY = '#5f6b76';

/** On white: lines have 3:1 at least, fills beneath text leave it 4.5:1. */
export const inks = {
  axis: { stroke: GREY, width: 1 },
  grid: { stroke: '#d5dbe1', width: 1 },
  /** Where one band ends and the next begins. */
  cutOff: { stroke: GREY, width: 1, dash: [5, 4] },
  bandLow: { fill: '#f6f8fa' },
  bandHigh: { fill: '#e8eef4' },
  /** Within this a change is too small to matter. */
  smallest: { stroke: '#7a4a00', width: 1.25, dash: [1.5, 3], fill: '#fff4dc' },
  line: { stroke: DARK, width: 2.5 },
  /** Over a time without a value. */
  gap: { stroke: DARK, width: 1.25, dash: [2, 5] },
  solid: { fill: DARK },
  hollow: { stroke: DARK, width: 2, fill: '#ffffff' },
  missing: { stroke: DARK, width: 1.75 },
  track: { stroke: GREY, width: 1, fill: '#ffffff' },
  bar: { fill: '#2f6aa3' },
  body: { stroke: GREY, width: 1, fill: '#f6f8fa' },
  pain: { stroke: '#5c0f1a', width: 1.25, fill: '#e9a3a8' },
  hatch: { stroke: '#5c0f1a', width: 1.25 },
} as const satisfies Readonly<Record<string, InkStyle>>;

export type Ink = keyof typeof inks;

/** Rounded to hundredths: paths stay short, and equal on every machine. */
export function at(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A rectangle as a path. */
export function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${at(x)},${at(y)}H${at(x + width)}V${at(y + height)}H${at(x)}Z`;
}

/** A text's width as far as it can be told without a font: on the safe side for Noto Sans and system fonts. */
export function widthOf(text: string, size: number): number {
  return [...text].length * size * 0.56;
}

/** The text, or as much of it as there is room for. */
export function fitted(text: string, size: number, room: number): string {
  if (widthOf(text, size) <= room) return text;
  const letters = Math.max(1, Math.floor(room / (size * 0.56)) - 1);
  return `${[...text].slice(0, letters).join('').trimEnd()}…`;
}

/** The text in lines that have room, broken at its spaces; a word that is longer than a line is cut. */
export function wrapped(text: string, size: number, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && widthOf(longer, size) <= room) lines[lines.length - 1] = longer;
    else lines.push(fitted(word, size, room));
  }
  return lines;
}
