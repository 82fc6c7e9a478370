import type { PlanDefinition } from '@medplum/fhirtypes';

/** How sure it has to be who opens an order by its link: see Strength in src/identity/identity.ts. */
export const linkStrengths = ['link', 'password', 'two-factor', 'federated'] as const;
export type LinkStrength = (typeof linkStrengths)[number];

/** On PlanDefinition: what the registry asks for. Defined in fhir/extensions/required-strength.json. */
export const REQUIRED_STRENGTH = 'https://svar.example.org/fhir/StructureDefinition/required-strength';

/**
 * What a registry asks of those who open its orders. One that says nothing, or something that is not understood, gets the
 * strictest where real patients are asked.
 */
export function requiredStrength(protocol: PlanDefinition | undefined, production: boolean): LinkStrength {
  const said = (protocol?.extension ?? []).filter(({ url }) => url === REQUIRED_STRENGTH);
  const known = linkStrengths.find((one) => one === said[0]?.valueCode);
  if (said.length > 0) return said.length === 1 && known !== undefined ? known : 'federated';
  return production ? 'federated' : 'link';
}
