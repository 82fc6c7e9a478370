import type { Organization, Period, PractitionerRole, ResearchStudy } from '@medplum/fhirtypes';
import type { Situation } from '../access/situation.ts';
import type { Rid } from '../model/rid.ts';
import { isNational } from '../registry/course-ties.ts';
import { dateIn } from '../registry/zone.ts';
import { ROLE_REGISTRY, ROLE_SYSTEM } from './names.ts';
import { idIn, type StoredResources } from './stored.ts';

/** The code of the role that a PractitionerRole gives; undefined where it names none of ours, or several. */
export function roleCode({ code = [] }: PractitionerRole): string | undefined {
  const codes = code.flatMap(({ coding = [] }) => coding.filter(({ system }) => system === ROLE_SYSTEM));
  return codes.length === 1 ? codes[0]?.code : undefined;
}

/** The registry that a role is for, as `PlanDefinition/x`. */
export function registryOf({ extension = [] }: PractitionerRole): string | undefined {
  const found = extension.filter(({ url }) => url === ROLE_REGISTRY);
  const id = found.length === 1 ? idIn(found[0]?.valueReference?.reference, 'PlanDefinition') : undefined;
  return id === undefined ? undefined : `PlanDefinition/${id}`;
}

/** Whether a role is in force: active, and within its period. @param zone in which its dates are days */
export function isInForce({ active, period }: PractitionerRole, now: Date, zone: string): boolean {
  return active === true && isWithin(period, now, zone);
}

function isWithin(period: Period | undefined, now: Date, zone: string): boolean {
  const today = dateIn(now, zone);
  const compare = (bound: string): number =>
    bound.includes('T') ? now.getTime() - Date.parse(bound) : today.slice(0, bound.length).localeCompare(bound, 'en');
  return (
    (period?.start === undefined || compare(period.start) >= 0) &&
    (period?.end === undefined || compare(period.end) <= 0)
  );
}

/** A ward belongs to a clinic belongs to a hospital belongs to a trust: no chain is longer. */
const WARD_DEPTH_MAX = 5;

/** A hospital with the rids of it and of all that is part of it; undefined where it is not here, or not active. */
export async function hospitalOf(
  reference: string | undefined,
  stored: StoredResources,
): Promise<Situation['hospital']> {
  const id = idIn(reference, 'Organization');
  const hospital = id === undefined ? undefined : await stored.read<Organization>('Organization', id);
  if (hospital === undefined || hospital.resource.active === false) {
    return undefined;
  }
  const own = `Organization/${id}`;
  const found = new Map<Rid, string>([[hospital.rid, own]]);
  let above = [own];
  for (let depth = 0; depth < WARD_DEPTH_MAX && above.length > 0; depth += 1) {
    const parts = await stored.search<Organization>('Organization', ['partof', above.join(',')]);
    const fresh = parts.filter(({ rid }) => !found.has(rid));
    for (const { rid, resource } of fresh) found.set(rid, `Organization/${resource.id}`);
    above = fresh.map(({ resource }) => `Organization/${resource.id}`);
  }
  return { reference: own, organizations: [...found.values()], rids: [...found.keys()] };
}

/**
 * The national studies of a registry: those that local ones are part of, and those without a hospital of their own. A
 * registry that has local studies alone has none.
 */
export async function nationalStudies(registry: string, stored: StoredResources): Promise<readonly string[]> {
  const studies = await stored.search<ResearchStudy>('ResearchStudy', ['protocol', registry], ['status', 'active']);
  const wholes = new Set(
    studies.flatMap(({ resource }) => (resource.partOf ?? []).map(({ reference }) => idIn(reference, 'ResearchStudy'))),
  );
  return studies
    .filter(({ resource: { id, partOf = [], sponsor } }) =>
      isNational({ isPart: partOf.length > 0, hasParts: wholes.has(id), hasSponsor: sponsor !== undefined }),
    )
    .map(({ resource }) => `ResearchStudy/${resource.id}`);
}
