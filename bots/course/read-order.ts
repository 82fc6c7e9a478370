import type { MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, ResearchSubject, Task } from '@medplum/fhirtypes';
import { isHistoric } from '../../src/registry/historic.ts';
import { type OrderStatus, orderStatus, protocolOfOrder } from '../../src/registry/order.ts';
import type { Protocol, ProtocolForm } from '../../src/registry/protocol.ts';
import { coursesOf } from './read-course.ts';
import { type Registry, registriesOf } from './read-registries.ts';
import { openMembership } from './settle-membership.ts';

/** An order with the part of the protocol that made it. */
export interface KnownOrder {
  readonly task: Task;
  readonly episode: EpisodeOfCare;
  readonly registry: Registry;
  readonly protocol: Protocol;
  readonly form: ProtocolForm;
}

/** The order that an event is about, if it still stands as expected; an event may come twice or late. */
export async function readOrder(
  medplum: MedplumClient,
  task: Task,
  expected: readonly OrderStatus[],
): Promise<KnownOrder | undefined> {
  const state = orderStatus(task);
  if (isHistoric(task) || !expected.some((one) => one === state)) return undefined;
  const [episode] = await coursesOf(medplum, task);
  if (episode === undefined) return undefined;
  for (const registry of await registriesOf(medplum, episode)) {
    const { protocol } = registry;
    const form = protocol.schedule.find(({ id }) => task.instantiatesUri === `${protocol.url}#${id}`);
    if (protocolOfOrder(task) === protocol.url && form !== undefined) {
      return { task, episode, registry, protocol, form };
    }
  }
  return undefined;
}

/** The membership by which an order may be sent; undefined once the course has left the registry. */
export function membershipOf(
  medplum: MedplumClient,
  { registry, episode }: KnownOrder,
): Promise<ResearchSubject | undefined> {
  return openMembership(medplum, registry, episode);
}
