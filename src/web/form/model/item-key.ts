import type { ItemKey } from '../contract.ts';

/**
 * Keys tell where something stands: the linkIds from the outermost item to it, each repeating group with the name of the row,
 * each question with the answer that what follows stands in. Two places never share a key, whatever their linkIds hold.
 */

/** The response itself: what stands in no item. */
export const ROOT: ItemKey = '';

/** An item in a place. @param container ROOT, an item's key, rowKey or insideKey */
export function itemKey(container: ItemKey, linkId: string): ItemKey {
  const own = encodeURIComponent(linkId);
  return container === ROOT ? own : `${container}/${own}`;
}

/** One row of a repeating group. Names of rows are kept when other rows come and go. */
export function rowKey(group: ItemKey, row: string): ItemKey {
  return `${group}:${row}`;
}

/** What stands inside an answer. @param answer its option's key where a question may have several answers, else '' */
export function insideKey(question: ItemKey, answer: string): ItemKey {
  return `${question}=${encodeURIComponent(answer)}`;
}

/** The group and the name of a row; undefined for what is no row. */
export function rowOf(key: ItemKey): { readonly group: ItemKey; readonly row: string } | undefined {
  const found = /^(.*):([^/:=]*)$/.exec(key);
  return found?.[1] === undefined || found[2] === undefined ? undefined : { group: found[1], row: found[2] };
}

/** Whether a key is a place's own, or of something in it. */
export function isWithin(key: ItemKey, place: ItemKey): boolean {
  return key === place || (key.startsWith(place) && /^[/:=]/.test(key.slice(place.length)));
}
