const DAY_MS = 86_400_000;

/** What differs from copy to copy of one recorded course. */
export interface Values {
  /** By the text that stood in the recording: ids, the patient's number, name and birth date. */
  readonly words: ReadonlyMap<string, string>;
  /** By how many days all other dates move. */
  readonly days: number;
}

/** A word, or a day counted from 1970. */
type Slot = string | number;

/** A JSON text with holes where ids, dates and the patient's number and name stood. */
export interface Stencil {
  readonly pieces: readonly string[];
  readonly slots: readonly Slot[];
}

/** @param words texts that are the course's own */
export function stencilOf(text: string, words: readonly string[]): Stencil {
  // an id may be the beginning of another
  const own = words.toSorted((a, b) => b.length - a.length).map((word) => RegExp.escape(word));
  const pattern = new RegExp(`${own.join('|')}|(?<=")\\d{4}-\\d\\d-\\d\\d(?=["T])`, 'g');
  const known = new Set(words);
  const pieces: string[] = [];
  const slots: Slot[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const [found] = match;
    pieces.push(text.slice(from, match.index));
    slots.push(known.has(found) ? found : Date.parse(found) / DAY_MS);
    from = match.index + found.length;
  }
  pieces.push(text.slice(from));
  return { pieces, slots };
}

export function filled({ pieces, slots }: Stencil, { days, words }: Values): string {
  let text = pieces[0] ?? '';
  for (const [place, slot] of slots.entries()) {
    text += typeof slot === 'string' ? words.get(slot) : dayText(slot + days);
    text += pieces[place + 1];
  }
  return text;
}

const dayTexts = new Map<number, string>();

/** @param day days since 1970 */
export function dayText(day: number): string {
  let text = dayTexts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    dayTexts.set(day, text);
  }
  return text;
}
