import type { CapabilityStatement, Organization, PlanDefinition, PractitionerRole } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import type { RoleChoice } from './accounts/sign-in-step.ts';
import { isInForce, registryOf, roleCode } from './role.ts';
import { idIn, storedResources } from './stored.ts';

export interface RoleChoiceParts {
  readonly engine: Pick<Engine, 'readers' | 'search'>;
  /** Real time: roles do not follow a test clock. */
  readonly now: () => Date;
  readonly zone: string;
}

/** The roles of a person that are in force, as what people choose from: «Local user (LU), SmerteReg, Haukeland». */
export function roleChoices({ engine, now, zone }: RoleChoiceParts): (fhirUser: string) => Promise<RoleChoice[]> {
  const stored = storedResources(engine);
  const titleOf = async ({ resource: role }: { resource: PractitionerRole }): Promise<string> => {
    const code = roleCode(role) ?? '';
    const registry = idIn(registryOf(role), 'PlanDefinition');
    const hospital = idIn(role.organization?.reference, 'Organization');
    const policy = await stored.read<CapabilityStatement>('CapabilityStatement', code);
    const protocol = registry && (await stored.read<PlanDefinition>('PlanDefinition', registry));
    const organization = hospital && (await stored.read<Organization>('Organization', hospital));
    const parts = [
      policy?.resource.title ?? code,
      protocol ? protocol.resource.title : undefined,
      organization ? organization.resource.name : undefined,
    ];
    return parts.filter((part) => part !== undefined && part !== '').join(', ');
  };
  return async (fhirUser) => {
    if (idIn(fhirUser, 'Practitioner') === undefined) return [];
    const roles = await stored.search<PractitionerRole>('PractitionerRole', ['practitioner', fhirUser]);
    const inForce = roles.filter(({ resource }) => isInForce(resource, now(), zone));
    const choices = await Promise.all(
      inForce.map(async (role) => ({ id: role.resource.id ?? '', title: await titleOf(role) })),
    );
    return choices.sort((a, b) => a.title.localeCompare(b.title, 'nb'));
  };
}
