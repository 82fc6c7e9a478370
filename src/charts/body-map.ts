import {
  BODY_HALF_WIDTH,
  BODY_HEIGHT,
  type BodyRegion,
  type BodySide,
  bodyRegions,
  regionPath,
} from './body-regions.ts';
import { at, type Drawing, type Mark } from './drawing.ts';
import { filled, type Writing } from './said.ts';

/** What a patient has answered to a body map. */
export interface PainPlaces {
  readonly title: string;
  /** FHIR dateTime; undefined: not answered. */
  readonly at?: string;
  /** Places with pain, by code and as the form calls them. */
  readonly places: readonly { readonly code: string; readonly text: string }[];
}

const FONT = 13;
const HEAD = 22;
const BETWEEN = 26;

/** The body from the front and from the back; a place with pain is darker, hatched and outlined. */
export function bodyMap(pain: PainPlaces, height: number, how: Writing): Drawing {
  const { words, number, day } = how;
  const scale = (height - HEAD - FONT - 6) / BODY_HEIGHT;
  const body = BODY_HALF_WIDTH * 2 * scale;
  const painful = new Set(pain.places.map(({ code }) => code));
  const marks = (['front', 'back'] as const).flatMap((side, index) =>
    sideMarks(side, index * (body + BETWEEN), scale, painful, how),
  );
  const texts = pain.places.map(({ text }) => text);
  const sentence =
    pain.at === undefined
      ? words.notAnswered
      : texts.length === 0
        ? words.noPain
        : filled(texts.length === 1 ? words.onePlace : words.places, {
            count: number(texts.length),
            places: texts.map((text) => text.toLowerCase()).join('; '),
          });
  return {
    width: at(body * 2 + BETWEEN),
    height,
    title: pain.title,
    sentence: pain.at === undefined ? sentence : `${sentence} (${day(pain.at)})`,
    marks,
    table: { columns: [words.painful], rows: texts.map((text) => [text]) },
  };
}

function sideMarks(
  side: BodySide,
  left: number,
  scale: number,
  painful: ReadonlySet<string>,
  { words }: Writing,
): Mark[] {
  const middle = left + BODY_HALF_WIDTH * scale;
  const bottom = HEAD + BODY_HEIGHT * scale + FONT + 2;
  const [viewersLeft, viewersRight] = side === 'front' ? [words.right, words.left] : [words.left, words.right];
  const regions = bodyRegions(side);
  const name = side === 'front' ? words.front : words.back;
  return [
    { text: name, x: at(middle), y: FONT, size: FONT, anchor: 'middle', bold: true },
    ...regions.map((region): Mark => ({ path: regionPath(region, left, HEAD, scale), ink: 'body' })),
    ...regions
      .filter(({ code }) => painful.has(code))
      .flatMap((region): Mark[] => [
        { path: regionPath(region, left, HEAD, scale), ink: 'pain' },
        { path: hatched(region, left, scale), ink: 'hatch' },
      ]),
    { text: viewersLeft, x: at(left), y: at(bottom), size: FONT - 2, anchor: 'start', quiet: true },
    {
      text: viewersRight,
      x: at(left + BODY_HALF_WIDTH * 2 * scale),
      y: at(bottom),
      size: FONT - 2,
      anchor: 'end',
      quiet: true,
    },
  ];
}

const HATCH = 5;

/** Level strokes inside an outline: told apart without its colour, on paper too. */
function hatched({ outline }: BodyRegion, left: number, scale: number): string {
  const ys = outline.map(([, y]) => y);
  const strokes: string[] = [];
  for (let y = Math.min(...ys) + HATCH / 2; y < Math.max(...ys); y += HATCH) {
    const crossings = outline
      .flatMap(([x1, y1], index) => {
        const [x2, y2] = outline[(index + 1) % outline.length] ?? [x1, y1];
        return y1 < y === y2 < y ? [] : [x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)];
      })
      .sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const [from = 0, to = 0] = crossings.slice(pair, pair + 2);
      strokes.push(`M${at(left + from * scale)},${at(HEAD + y * scale)}H${at(left + to * scale)}`);
    }
  }
  return strokes.join('');
}
