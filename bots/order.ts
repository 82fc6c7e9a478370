import type { BotEvent, MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { latestAnswer, liveFacts } from '../src/registry/course.ts';
import { newOrder, orderIdentifier } from '../src/registry/order.ts';
import { bare } from '../src/registry/protocol.ts';
import { dueOrders } from '../src/registry/schedule.ts';
import { evaluate } from './course/evaluate.ts';
import { now } from './course/now.ts';
import { coursesOf, readCourse } from './course/read-course.ts';
import { type Registry, registriesOf } from './course/read-registries.ts';
import { createOnce } from './course/save.ts';
import { openMembership } from './course/settle-membership.ts';

/**
 * Orders the forms whose anchor has happened: when a course is taken into a registry, and when a form that anchors
 * others is locked. Without an open membership nothing is ordered, nor from what a historic load brought. A form that is
 * answered already, on paper say, is not asked again.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as Resource;
  for (const episode of await coursesOf(medplum, cause)) {
    for (const registry of await registriesOf(medplum, episode)) {
      await orderIn(medplum, registry, episode, now(event));
    }
  }
}

async function orderIn(medplum: MedplumClient, registry: Registry, episode: EpisodeOfCare, at: Date): Promise<void> {
  const membership = await openMembership(medplum, registry, episode);
  const course = membership === undefined ? undefined : await readCourse(medplum, episode);
  if (membership === undefined || course === undefined) return;
  const { protocol } = registry;
  for (const planned of dueOrders(protocol, liveFacts(protocol, course, { membership }), at, evaluate)) {
    if (!isLocked(latestAnswer(course.responses, bare(planned.form.questionnaire)))) {
      await createOnce(medplum, newOrder(protocol, planned, course, at), orderIdentifier(episode, planned.form));
    }
  }
}

function isLocked(response: QuestionnaireResponse | undefined): boolean {
  return response?.status === 'completed' || response?.status === 'amended';
}
