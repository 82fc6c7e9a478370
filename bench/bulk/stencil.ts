import type { Rid } from '../../src/model/rid.ts';

const DAY_MS = 86_400_000;

/** What differs from copy to copy of one recorded course. */
export interface Values {
  /** The new id for each rid of the recording. */
  readonly ids: ReadonlyMap<Rid, string>;
  /** By how many days all dates move. */
  readonly days: number;
  /** By the text that stood in the recording: the patient's number, name and birth date. */
  readonly words: ReadonlyMap<string, string>;
}

type Slot = { readonly rid: Rid } | { readonly day: number } | { readonly word: string };

/** A JSON text with holes where ids, dates and the patient's number and name stood. */
export interface Stencil {
  readonly pieces: readonly string[];
  readonly slots: readonly Slot[];
}

/**
 * @param ids the rid for each id of the course
 * @param words texts that are the patient's own
 */
export function stencilOf(text: string, ids: ReadonlyMap<string, Rid>, words: readonly string[]): Stencil {
  const own = [...ids.keys(), ...words].map((word) => RegExp.escape(word)).join('|');
  const pattern = new RegExp(`${own}|(?<=")\\d{4}-\\d\\d-\\d\\d(?=["T])`, 'g');
  const pieces: string[] = [];
  const slots: Slot[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const [found] = match;
    pieces.push(text.slice(from, match.index));
    const rid = ids.get(found);
    const isWord = words.includes(found);
    slots.push(rid !== undefined ? { rid } : isWord ? { word: found } : { day: Date.parse(found) / DAY_MS });
    from = match.index + found.length;
  }
  pieces.push(text.slice(from));
  return { pieces, slots };
}

export function filled({ pieces, slots }: Stencil, { ids, days, words }: Values): string {
  let text = pieces[0] ?? '';
  for (const [place, slot] of slots.entries()) {
    if ('rid' in slot) {
      text += ids.get(slot.rid);
    } else {
      text += 'day' in slot ? dayText(slot.day + days) : words.get(slot.word);
    }
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
