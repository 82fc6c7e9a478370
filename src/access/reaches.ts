import type { Access, Act, RowCondition, Rule, Ties } from '../model/access.ts';
import { typeNumber } from '../model/resource-types.ts';

/** What rules reach together that differ in their types alone. */
export interface Reach {
  /** The numbers of the types, of which there is at least one. */
  readonly types: readonly number[];
  readonly ties?: Ties;
  readonly patient?: string;
  readonly where: readonly RowCondition[];
}

/** Remembered as long as the access itself: a request asks several times, and callers of a session share theirs. */
const known = new WeakMap<Access, Map<string, readonly Reach[]>>();

/**
 * What an access reaches for an act. Rules that can hold for nothing are left out: those without types, and those whose
 * ties are to nobody (fail closed).
 *
 * @param type only of this type; undefined: of every type
 * @param conditional whether rules with conditions on rows count
 */
export function reachesOf(access: Access, act: Act, type: string | undefined, conditional: boolean): readonly Reach[] {
  let remembered = known.get(access);
  if (remembered === undefined) {
    remembered = new Map();
    known.set(access, remembered);
  }
  const key = `${act} ${type ?? '*'} ${conditional}`;
  let reaches = remembered.get(key);
  if (reaches === undefined) {
    reaches = merged(access.rules.filter((rule) => holdsFor(rule, act, type, conditional)));
    remembered.set(key, reaches);
  }
  return reaches;
}

function holdsFor(
  { types, acts, ties, where }: Rule,
  act: Act,
  type: string | undefined,
  conditional: boolean,
): boolean {
  return (
    acts.includes(act) &&
    (type === undefined || types.includes(type)) &&
    (ties === undefined || ties.labels.length > 0 || ties.anchors.length > 0) &&
    (conditional || where === undefined || where.length === 0)
  );
}

function merged(rules: readonly Rule[]): readonly Reach[] {
  const byReach = new Map<string, { rule: Rule; types: Set<number> }>();
  for (const rule of rules) {
    const { ties, patient, where = [] } = rule;
    // a condition is about the types of its own rule
    const conditions = where.length === 0 ? [] : [rule.types, where.map((condition) => condition.key)];
    const key = JSON.stringify([ties?.labels, ties?.anchors, patient, ...conditions]);
    const same = byReach.get(key) ?? { rule, types: new Set<number>() };
    byReach.set(key, same);
    for (const number of rule.types.map(typeNumber)) {
      if (number !== undefined) same.types.add(number);
    }
  }
  return [...byReach.values()].flatMap(({ rule: { ties, patient, where = [] }, types }) =>
    types.size === 0
      ? []
      : [{ types: [...types], ...(ties && { ties }), ...(patient !== undefined && { patient }), where }],
  );
}
