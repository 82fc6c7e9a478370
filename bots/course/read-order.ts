import type { MedplumClient } from '@medplum/core';
import type { ResearchSubject, Task } from '@medplum/fhirtypes';
import { isHistoric } from '../../src/registry/historic.ts';
import { type OrderStatus, openTaskStatuses, orderStatus } from '../../src/registry/order.ts';
import type { Protocol, ProtocolForm } from '../../src/registry/protocol.ts';
import { coursesOf } from './read-course.ts';
import { registriesOf } from './read-registries.ts';
import { openMembership } from './settle-membership.ts';

/** An order with the part of the protocol that made it. */
export interface KnownOrder {
  readonly task: Task;
  readonly protocol: Protocol;
  readonly form: ProtocolForm;
  /** Undefined once the course has left the registry. */
  readonly membership: ResearchSubject | undefined;
}

/** The order that an event is about, if it still stands as expected; an event may come twice or late. */
export async function readOrder(
  medplum: MedplumClient,
  task: Task,
  expected: OrderStatus,
): Promise<KnownOrder | undefined> {
  if (orderStatus(task) !== expected || !openTaskStatuses.includes(task.status) || isHistoric(task)) {
    return undefined;
  }
  const [episode] = await coursesOf(medplum, task);
  if (episode === undefined) return undefined;
  for (const registry of await registriesOf(medplum, episode)) {
    const { protocol } = registry;
    const form = protocol.schedule.find(({ id }) => task.instantiatesUri === `${protocol.url}#${id}`);
    if (form !== undefined) {
      return { task, protocol, form, membership: await openMembership(medplum, registry, episode) };
    }
  }
  return undefined;
}
