import type { PlanDefinition, Task } from '@medplum/fhirtypes';
import { protocolOfOrder } from '../registry/order.ts';
import { type Protocol, readProtocol } from '../registry/protocol.ts';
import type { Work } from '../rights/one-commit.ts';

/** The protocol that made an order; undefined where it is not here any more. */
export async function protocolBehind(work: Work, order: Task): Promise<Protocol | undefined> {
  const url = protocolOfOrder(order);
  if (url === undefined) return undefined;
  const plans = await work.find<PlanDefinition>('PlanDefinition', [
    ['url', url.replace(/[\\,|$]/g, '\\$&')],
    ['status', 'active'],
  ]);
  const [plan] = plans;
  return plan && readProtocol(plan);
}
