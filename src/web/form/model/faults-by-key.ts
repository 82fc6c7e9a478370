import type { FormFault, ItemKey, ItemView } from '../contract.ts';
import { list } from './item-views.ts';

/** Faults by where they stand. Those of an item that are as they were before are the same list. */
export function faultsByKey(
  faults: readonly FormFault[],
  before: ReadonlyMap<ItemKey, ItemView> | undefined,
): ReadonlyMap<ItemKey, readonly FormFault[]> {
  const byKey = Map.groupBy<ItemKey, FormFault>(faults, ({ key }) => key);
  const isSame = (a: FormFault, b: FormFault): boolean => JSON.stringify(a) === JSON.stringify(b);
  return new Map([...byKey].map(([key, own]) => [key, list<FormFault>(before?.get(key)?.faults, own, isSame)]));
}
