import type { Act, Bind } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import { typeNumber } from '../model/resource-types.ts';
import { reachesOf } from './reaches.ts';

/**
 * SQL for the rids of all current resources that a caller may reach, found by what they hang on; a rid may come several
 * times, and some that are not permitted(). For callers of whom few resources are in reach: a search goes through these
 * instead of through all.
 *
 * @param types empty for every type
 * @returns undefined where something is in reach whatever it hangs on, or nothing at all
 */
export function reachedRids(caller: Caller, act: Act, types: readonly string[], bind: Bind): string | undefined {
  const { access } = caller;
  if (typeof access === 'string') {
    return undefined;
  }
  const asked = new Set(types.map(typeNumber));
  const parts: string[] = [];
  for (const { types: ofReach, patient, ties } of reachesOf(access, act, undefined, true)) {
    const numbers = types.length === 0 ? ofReach : ofReach.filter((number) => asked.has(number));
    if (numbers.length === 0) {
      continue;
    }
    const ofTypes = `type = any(${bind(numbers, 'int2[]')})`;
    if (patient !== undefined) {
      parts.push(`select rid from resource where patient = ${bind(patient, 'int8')} and ${ofTypes}`);
      continue;
    }
    if (ties === undefined) {
      return undefined;
    }
    if (ties.anchors.length > 0) {
      parts.push(`select rid from resource where anchor = any(${bind(ties.anchors, 'int8[]')}) and ${ofTypes}`);
    }
    if (ties.labels.length > 0) {
      parts.push(`select b.rid from tie cross join lateral (
        select rid from resource where anchor = tie.rid and ${ofTypes} offset 0) b
        where tie.label = any(${bind(ties.labels, 'text[]')})`);
    }
  }
  return parts.length === 0 ? undefined : parts.join(' union all ');
}

/** SQL for the ties by which a caller may reach resources of some types; undefined where there are none. */
export function tiesInReach(caller: Caller, act: Act, types: readonly string[], bind: Bind): string | undefined {
  const { access } = caller;
  if (typeof access === 'string') {
    return undefined;
  }
  const asked = new Set(types.map(typeNumber));
  const labels = reachesOf(access, act, undefined, true)
    .filter((reach) => types.length === 0 || reach.types.some((number) => asked.has(number)))
    .flatMap(({ ties }) => ties?.labels ?? []);
  return labels.length === 0 ? undefined : `select 1 from tie where tie.label = any(${bind(labels, 'text[]')})`;
}
