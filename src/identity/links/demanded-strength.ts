import type { PlanDefinition, Task } from '@medplum/fhirtypes';
import { protocolOfOrder } from '../../registry/order.ts';
import type { Strength } from '../identity.ts';
import type { StoredResources } from '../stored.ts';
import { type LinkStrength, requiredStrength } from './required-strength.ts';

/** How sure each strength is, for comparison. Systems have strengths of their own, and are no patients. */
export const STRENGTHS: Readonly<Record<Strength, number>> = {
  key: 0,
  secret: 0,
  link: 1,
  password: 2,
  'two-factor': 3,
  federated: 4,
};

/** What the protocol that an order came from asks for: the strictest where there are several of its url. */
export async function demandedStrength(
  task: Task,
  { stored, production }: { readonly stored: StoredResources; readonly production: boolean },
): Promise<LinkStrength> {
  const url = protocolOfOrder(task) ?? '';
  const found =
    url === '' ? [] : await stored.search<PlanDefinition>('PlanDefinition', ['url', url.replace(/[\\,|$]/g, '\\$&')]);
  const protocols = found.map(({ resource }) => resource).filter(({ status }) => status === 'active');
  const asked = (protocols.length > 0 ? protocols : [undefined]).map((one) => requiredStrength(one, production));
  return asked.reduce((strictest, one) => (STRENGTHS[one] > STRENGTHS[strictest] ? one : strictest));
}
