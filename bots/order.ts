import type { BotEvent, MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, QuestionnaireResponse, ResearchSubject, Resource } from '@medplum/fhirtypes';
import { type Course, latestAnswer, liveFacts } from '../src/registry/course.ts';
import { newOrder, orderIdentifier, orderStatus, refusedOrder, stoppedByLeaving } from '../src/registry/order.ts';
import { endedByRight } from '../src/registry/patient-right.ts';
import { bare, type Protocol } from '../src/registry/protocol.ts';
import { dueOrders, type PlannedOrder } from '../src/registry/schedule.ts';
import { evaluate } from './course/evaluate.ts';
import { rightNotToBeAsked } from './course/may-ask.ts';
import { now } from './course/now.ts';
import { orderRefusal } from './course/order-refusal.ts';
import { coursesOf, readCourse } from './course/read-course.ts';
import { type Registry, registriesOf } from './course/read-registries.ts';
import { createOnce, identifierQuery } from './course/save.ts';
import { openMembership } from './course/settle-membership.ts';

/**
 * Orders the forms whose anchor has happened: when a course is taken into a registry, and when a form that anchors
 * others is locked. Without an open membership nothing is ordered, nor from what a historic load brought. A form that is
 * answered already, on paper say, is not asked again; one that was stopped because the course left is, once it is back.
 * Who may not be asked (a restriction, a reservation) is asked once that is over.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as Resource;
  for (const episode of await coursesOf(medplum, cause)) {
    for (const registry of await registriesOf(medplum, episode)) {
      await orderIn(medplum, event, registry, episode);
    }
  }
}

async function orderIn(
  medplum: MedplumClient,
  event: BotEvent,
  registry: Registry,
  episode: EpisodeOfCare,
): Promise<void> {
  const at = now(event);
  const membership = await openMembership(medplum, registry, episode);
  const course = membership === undefined ? undefined : await readCourse(medplum, episode);
  if (membership === undefined || course === undefined) return;
  const { protocol } = registry;
  if ((await rightNotToBeAsked(medplum, episode.patient, protocol.url)) !== undefined) return;
  for (const planned of dueOrders(protocol, liveFacts(protocol, course, { membership }), at, evaluate)) {
    if (!isLocked(latestAnswer(course.responses, bare(planned.form.questionnaire)))) {
      await orderOnce(medplum, event, protocol, planned, course, membership);
    }
  }
}

/**
 * Orders a form unless it was ordered already and has not been stopped by the course's leaving or a right of the patient's.
 * Where it may not be sent,
 * the order is made as a refused one, once; what was refused before is ordered as soon as it may be sent.
 */
async function orderOnce(
  medplum: MedplumClient,
  event: BotEvent,
  protocol: Protocol,
  planned: PlannedOrder,
  course: Course,
  membership: ResearchSubject,
): Promise<void> {
  const at = now(event);
  const { questionnaire } = planned.form;
  const patient = { reference: `Patient/${course.patient.id}` };
  const asking = { questionnaire, patient, zone: protocol.zone };
  for (let occurrence = 1; ; occurrence += 1) {
    const identifier = orderIdentifier(course.episode, planned.form, occurrence);
    const known = await medplum.searchOne('Task', identifierQuery(identifier));
    if (known === undefined) {
      const order = newOrder(protocol, planned, course, identifier, at);
      const refusal = await orderRefusal(medplum, event, asking);
      await createOnce(medplum, refusal === undefined ? order : refusedOrder(order, refusal, at), identifier);
      return;
    }
    if (orderStatus(known) === 'refused') {
      if ((await orderRefusal(medplum, event, asking)) !== undefined) return;
    } else if (!endedByRight(known) && !stoppedByLeaving(known, protocol, membership)) return;
  }
}

function isLocked(response: QuestionnaireResponse | undefined): boolean {
  return response?.status === 'completed' || response?.status === 'amended';
}
