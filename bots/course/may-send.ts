import type { MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { stopReason } from '../../src/registry/order.ts';
import { stoppedOrder } from '../../src/registry/order-steps.ts';
import { rightConcept } from '../../src/registry/patient-right.ts';
import { evaluate } from './evaluate.ts';
import { rightNotToBeAsked } from './may-ask.ts';
import { type KnownOrder, membershipOf } from './read-order.ts';

/**
 * The order as it has to be stopped, when its course has left the registry in the meantime or its patient may not be asked
 * any more; undefined where it may be sent. All this stops an order in its own commit; whoever sends looks once more.
 */
export async function stoppedInstead(medplum: MedplumClient, order: KnownOrder, now: Date): Promise<Task | undefined> {
  const { task, protocol } = order;
  if ((await membershipOf(medplum, order)) === undefined) {
    return stoppedOrder(task, stopReason(protocol, undefined, evaluate), now);
  }
  const right = await rightNotToBeAsked(medplum, task.for, protocol.url);
  return right === undefined ? undefined : stoppedOrder(task, rightConcept(right), now);
}
