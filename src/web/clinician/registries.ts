import type { MedplumClient } from '@medplum/core';
import type { PlanDefinition } from '@medplum/fhirtypes';
import { isProtocol, type Protocol, readProtocol } from '../../registry/protocol.ts';

/** A registry that the person works in, by its protocol. */
export interface Registry {
  readonly plan: PlanDefinition;
  readonly protocol: Protocol;
}

const READ = new WeakMap<MedplumClient, Promise<readonly Registry[]>>();

/** The registries whose protocols the server has: asked for once a visit, as they hardly ever change. */
export function readRegistries(medplum: MedplumClient): Promise<readonly Registry[]> {
  const known = READ.get(medplum);
  if (known !== undefined) return known;
  const read = medplum
    .searchResources('PlanDefinition', { status: 'active', _count: '100' })
    .then((plans) => plans.filter(isProtocol).map((plan) => ({ plan, protocol: readProtocol(plan) })));
  READ.set(medplum, read);
  read.catch(() => READ.delete(medplum));
  return read;
}
