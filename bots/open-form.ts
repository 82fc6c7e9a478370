import type { BotEvent, MedplumClient } from '@medplum/core';
import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { readState } from '../src/registry/course-state.ts';
import { now } from '../src/registry/event-time.ts';
import { evaluate } from './course/evaluate.ts';
import { coursesOf, readCourse } from './course/read-course.ts';
import { registriesOf } from './course/read-registries.ts';
import { refuseClosedForm } from './course/refuse-closed-form.ts';
import { isBound } from './course/role.ts';

/**
 * Staff and systems enter a patient's form only where it is open in the course. Forms of clinicians are judged when the
 * course is settled; what patients themselves answer, by their orders.
 */
export async function handler(medplum: MedplumClient, event: BotEvent): Promise<void> {
  const cause = event.input as QuestionnaireResponse;
  for (const episode of await coursesOf(medplum, cause)) {
    const course = await readCourse(medplum, episode);
    if (course === undefined) continue;
    const registries = await registriesOf(medplum, episode);
    const readings = registries.map((registry) => readState(registry, course, now(event), evaluate));
    refuseClosedForm(readings, { cause, bound: isBound(event) });
  }
}
