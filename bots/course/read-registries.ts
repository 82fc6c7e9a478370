import type { MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, Organization, PlanDefinition, Reference, ResearchStudy } from '@medplum/fhirtypes';
import type { Registry } from '../../src/registry/course-state.ts';
import { type Protocol, readProtocol } from '../../src/registry/protocol.ts';
import { criteria, readMaybe } from './read-course.ts';

export type { Registry } from '../../src/registry/course-state.ts';

/** A ward belongs to a clinic belongs to a hospital belongs to a trust: no chain is longer. */
const organizationDepthMax = 5;

/** The registries of a course's hospital: those of the first organization, from the course's upwards, that has any. */
export async function registriesOf(medplum: MedplumClient, episode: EpisodeOfCare): Promise<Registry[]> {
  let organization: Reference<Organization> | undefined = episode.managingOrganization;
  for (let depth = 0; depth < organizationDepthMax && organization?.reference !== undefined; depth += 1) {
    const studies = await medplum.searchResources(
      'ResearchStudy',
      criteria(['sponsor', organization.reference], ['status', 'active']),
    );
    if (studies.length > 0) {
      return (await Promise.all(studies.map((study) => registryOf(medplum, study)))).flat();
    }
    organization = (await readMaybe(medplum, organization))?.partOf;
  }
  return [];
}

async function registryOf(medplum: MedplumClient, local: ResearchStudy): Promise<Registry[]> {
  const [plan, national] = await Promise.all([
    readMaybe<PlanDefinition>(medplum, local.protocol?.[0]),
    readMaybe<ResearchStudy>(medplum, local.partOf?.[0]),
  ]);
  return plan === undefined ? [] : [{ local, national, protocol: protocolOf(plan) }];
}

const protocols = new Map<string, { version: string | undefined; protocol: Protocol }>();

/** A PlanDefinition's protocol, read once for each version. */
export function protocolOf(plan: PlanDefinition): Protocol {
  const key = plan.id ?? '';
  const version = plan.meta?.versionId ?? JSON.stringify(plan).length.toString();
  const known = protocols.get(key);
  if (known !== undefined && known.version === version) {
    return known.protocol;
  }
  const protocol = readProtocol(plan);
  protocols.set(key, { version, protocol });
  return protocol;
}
