import type { Rule } from '../model/access.ts';
import type { Rid } from '../model/rid.ts';
import { isAboutPatients } from './policy.ts';
import { isResourceScope, parseScope, type ResourceScope, SCOPES_MAX, scopeList } from './scopes.ts';
import type { MakeRowCondition } from './situation.ts';

/** What a token was granted to. */
export interface Grant {
  /** Separated by blanks. */
  readonly scope: string;
  readonly holder: 'person' | 'system';
  /** The patient in launch context. */
  readonly patient: Rid | undefined;
}

/**
 * The rules of a policy as far as scopes let a client use them: never more than either. A scope that is not understood, a
 * constraint that cannot be applied, a `patient/` scope without a patient, a `system/` scope of a person and a `user/`
 * scope of a system grant nothing.
 */
export function granted(rules: readonly Rule[], grant: Grant, rowCondition: MakeRowCondition): readonly Rule[] {
  const scopes = scopeList(grant.scope).filter(isResourceScope);
  if (scopes.length > SCOPES_MAX) {
    return [];
  }
  const parsed = scopes.flatMap((scope) => parseScope(scope) ?? []);
  return parsed.flatMap((scope) => rules.flatMap((rule) => narrowed(rule, scope, grant, rowCondition)));
}

function narrowed(
  rule: Rule,
  scope: ResourceScope,
  { holder, patient }: Grant,
  rowCondition: MakeRowCondition,
): readonly Rule[] {
  if (scope.context !== 'patient' && scope.context !== (holder === 'person' ? 'user' : 'system')) {
    return [];
  }
  const types = scope.type === '*' ? rule.types : rule.types.filter((type) => type === scope.type);
  const acts = rule.acts.filter((act) => scope.acts.includes(act));
  const condition = scope.criteria === undefined ? undefined : rowCondition(scope.type, scope.criteria);
  if (types.length === 0 || acts.length === 0 || (scope.criteria !== undefined && condition === undefined)) {
    return [];
  }
  const common: Rule = {
    ...rule,
    types,
    acts,
    ...(condition === undefined ? {} : { where: [...(rule.where ?? []), condition] }),
  };
  if (scope.context !== 'patient') {
    return [common];
  }
  if (patient === undefined || (rule.patient !== undefined && rule.patient !== patient)) {
    return [];
  }
  // definitions are about no patient: who may see all of them may see them beside a patient's record
  const shared = rule.ties === undefined && rule.patient === undefined;
  const about = types.filter(isAboutPatients);
  const others = types.filter((type) => !isAboutPatients(type));
  return [
    ...(about.length > 0 ? [{ ...common, types: about, patient }] : []),
    ...(shared && others.length > 0 ? [{ ...common, types: others }] : []),
  ];
}
