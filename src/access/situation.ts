import type { Act, RowCondition, Rule, Ties } from '../model/access.ts';
import type { ResourceType } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';
import type { Policy, Reach, RuleTemplate } from './policy.ts';
import { ridCondition } from './rid-condition.ts';

export interface Hospital {
  /** `Organization/x` */
  readonly reference: string;
  /** It and all that is part of it, as references, and their rids; itself first. */
  readonly organizations: readonly string[];
  readonly rids: readonly Rid[];
}

/** Who holds a policy: what its reaches stand for. Whatever is undefined or empty reaches nothing. */
export interface Situation {
  /** `Practitioner/x` or `Patient/x`; undefined for a system. */
  readonly user?: string;
  /** The Practitioner or the Patient. */
  readonly self?: Rid;
  /** The hospital that they work for. */
  readonly hospital?: Hospital;
  /** The registry that they work for: `PlanDefinition/x`. */
  readonly registry?: string;
  /** The national studies of that registry: `ResearchStudy/x`. */
  readonly national?: readonly string[];
  /** The patient that they are. */
  readonly patient?: Rid;
}

/**
 * A condition that search criteria of a type make (`category=survey&status=final`); undefined where they can't be
 * tested on single resources.
 */
export type MakeRowCondition = (type: string, criteria: string) => RowCondition | undefined;

/** What a policy allows to who holds it. */
export function rulesFor(policy: Policy, situation: Situation, rowCondition: MakeRowCondition): readonly Rule[] {
  return merged(policy.rules).flatMap((template) => ruleFor(template, situation, rowCondition));
}

interface MergedTemplate {
  readonly types: readonly ResourceType[];
  readonly acts: readonly Act[];
  readonly reach: Reach;
  readonly when?: RuleTemplate['when'];
}

/** As few rules as say the same: each is a part of every statement's predicate. */
function merged(templates: readonly RuleTemplate[]): readonly MergedTemplate[] {
  const alone = templates.filter(({ when, reach }) => when !== undefined || reach === 'self');
  const others = templates.filter((template) => !alone.includes(template));
  const byType = new Map<string, { type: ResourceType; reach: Reach; acts: Act[] }>();
  for (const { type, reach, act } of others) {
    const key = `${reach} ${type}`;
    const known = byType.get(key);
    if (known === undefined) {
      byType.set(key, { type, reach, acts: [act] });
    } else if (!known.acts.includes(act)) {
      known.acts.push(act);
    }
  }
  const byActs = new Map<string, { types: ResourceType[]; reach: Reach; acts: Act[] }>();
  for (const { type, reach, acts } of byType.values()) {
    const sorted = acts.toSorted();
    const key = `${reach} ${sorted.join()}`;
    const known = byActs.get(key);
    if (known === undefined) {
      byActs.set(key, { types: [type], reach, acts: sorted });
    } else {
      known.types.push(type);
    }
  }
  return [
    ...byActs.values(),
    ...alone.map(({ type, act, reach, when }) => ({
      types: [type],
      acts: [act],
      reach,
      ...(when === undefined ? {} : { when }),
    })),
  ];
}

function ruleFor(
  { types, acts, reach, when }: MergedTemplate,
  situation: Situation,
  rowCondition: MakeRowCondition,
): readonly Rule[] {
  const { user, self, hospital, registry, patient } = situation;
  const names = { user, hospital: hospital?.reference, organizations: hospital?.organizations, registry };
  const common: Rule = {
    types,
    acts,
    ...(when === undefined ? {} : { when: (change) => when(change, names) }),
  };
  switch (reach) {
    case 'shared':
      return [common];
    case 'own-patient':
      return patient === undefined ? [] : [{ ...common, patient }];
    case 'self':
      return types.flatMap((type) => {
        const own = user === undefined || self === undefined ? undefined : ownOf(type, user, self, rowCondition);
        return own === undefined ? [] : [{ ...common, types: [type], where: [own] }];
      });
    case 'hospital':
    case 'registry-at-hospital':
    case 'national': {
      const ties = tiesOf(reach, situation);
      return ties === undefined ? [] : [{ ...common, ties }];
    }
  }
}

function tiesOf(
  reach: 'hospital' | 'registry-at-hospital' | 'national',
  { hospital, registry, national = [] }: Situation,
): Ties | undefined {
  if (reach === 'national') {
    return national.length === 0 ? undefined : { labels: national, anchors: [] };
  }
  if (hospital === undefined || (reach === 'registry-at-hospital' && registry === undefined)) {
    return undefined;
  }
  const { reference, rids } = hospital;
  const labels = reach === 'hospital' ? [reference] : [`${reference} ${registry}`, `${reference} *`];
  return { labels, anchors: rids };
}

/** What of a type is a person's own: they themselves, and the roles that they hold. */
function ownOf(type: string, user: string, self: Rid, rowCondition: MakeRowCondition): RowCondition | undefined {
  if (type === user.split('/')[0]) {
    return ridCondition(self);
  }
  return type === 'PractitionerRole' && user.startsWith('Practitioner/')
    ? rowCondition(type, `practitioner=${user}`)
    : undefined;
}
