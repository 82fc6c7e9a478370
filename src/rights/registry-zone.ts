import type { PlanDefinition, ResearchStudy, Task } from '@medplum/fhirtypes';
import { extensionUrl } from '../registry/names.ts';
import type { Work } from './one-commit.ts';

/**
 * In whose calendar the deadline of a request counts: that of the registries of the hospital that is to answer; the server's
 * own where it has none.
 */
export async function zoneFor(work: Work, owner: Task['owner'], serverZone: string): Promise<string> {
  if (owner?.reference === undefined) return serverZone;
  for (const { protocol } of await work.find<ResearchStudy>('ResearchStudy', [['sponsor', owner.reference]])) {
    const id = protocol?.[0]?.reference?.match(/^PlanDefinition\/([^/]+)$/)?.[1];
    const plans = id === undefined ? [] : await work.find<PlanDefinition>('PlanDefinition', [['_id', id]]);
    const zone = plans[0]?.extension?.find(({ url }) => url === extensionUrl.timeZone)?.valueCode;
    if (zone !== undefined) return zone;
  }
  return serverZone;
}
