import type { Access, ChangeToJudge, Rule } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import type { IndexRows } from '../model/index-rows.ts';

/**
 * On whose word a resource is changed. What can be told from the change alone has been decided: only rules are left
 * whose type, act, conditions on the change and conditions on the new row hold. What the database knows (to whom the
 * row's anchor is tied) is asked where the change is stored.
 */
export interface ChangeGrant {
  readonly act: ChangeToJudge['act'];
  /** Must reach the row as it is, where there is one. */
  readonly current: Caller;
  /** Must reach the row as it will be, except of a deletion. */
  readonly planned: Caller;
}

/**
 * What of a caller's access speaks for a change; undefined where the caller may do everything.
 * @param rows index rows of what will be there; undefined for a deletion
 */
export function changeGrant(
  caller: Caller,
  type: string,
  change: ChangeToJudge,
  rows: IndexRows | undefined,
): ChangeGrant | undefined {
  const { access } = caller;
  if (access === 'all') {
    return undefined;
  }
  const { key, rules }: Access = access === 'none' ? { key: 'none', rules: [] } : access;
  const current = new Map<number, Rule>();
  const planned = new Map<number, Rule>();
  for (const [index, rule] of rules.entries()) {
    if (rule.types.includes(type) && rule.acts.includes(change.act) && (rule.when === undefined || rule.when(change))) {
      current.set(index, rule);
      if (rows !== undefined && (rule.where ?? []).every((condition) => condition.holds(type, rows))) {
        const { where: _, ...rest } = rule;
        planned.set(index, rest);
      }
    }
  }
  const limited = (left: ReadonlyMap<number, Rule>, name: string): Caller => ({
    ...caller,
    access: { key: `${key} ${name} ${[...left.keys()].join()}`, rules: [...left.values()] },
  });
  return { act: change.act, current: limited(current, 'current'), planned: limited(planned, 'planned') };
}

const widened = new WeakMap<Access, Caller>();

/**
 * The caller as one who may read whatever patients' data its rules reach in whatever way: what it may refer to. A system
 * that may only store observations of its patients has to name the patients.
 */
export function withinReach(caller: Caller, types: readonly string[]): Caller {
  const { access } = caller;
  if (typeof access === 'string') {
    return caller;
  }
  let wide = widened.get(access);
  if (wide === undefined) {
    const rules = access.rules.map(
      (rule): Rule => ({
        types: rule.ties === undefined && rule.patient === undefined ? rule.types : types,
        acts: ['read'],
        ...(rule.ties === undefined ? {} : { ties: rule.ties }),
        ...(rule.patient === undefined ? {} : { patient: rule.patient }),
      }),
    );
    wide = { ...caller, access: { key: `${access.key} reach`, rules } };
    widened.set(access, wide);
  }
  return wide;
}
