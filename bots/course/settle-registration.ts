import type { MedplumClient } from '@medplum/core';
import type { Encounter, Task } from '@medplum/fhirtypes';
import type { CourseState } from '../../src/registry/course-state.ts';
import { inheritedMeta } from '../../src/registry/historic.ts';
import { currentPlace } from '../../src/registry/place.ts';
import { registration, registrationIdentifier } from '../../src/registry/registration.ts';
import { evaluate } from './evaluate.ts';
import type { Occasion } from './occasion.ts';
import { criteria } from './read-course.ts';
import { identifierQuery, save } from './save.ts';

/** Makes the registration of a course (a line of the worklist) say how the course stands. */
export async function settleRegistration(
  medplum: MedplumClient,
  state: CourseState,
  { cause, now }: Occasion,
): Promise<void> {
  const { registry, course } = state;
  const episode = `EpisodeOfCare/${course.episode.id}`;
  const [existing, encounters]: [Task | undefined, Encounter[]] = await Promise.all([
    medplum.searchOne('Task', identifierQuery(registrationIdentifier(registry.protocol, course.episode.id ?? ''))),
    medplum.searchResources('Encounter', criteria(['episode-of-care', episode])),
  ]);
  const wanted = registration(state, existing, currentPlace(encounters), inheritedMeta(cause), now, evaluate);
  if (wanted !== undefined) await save(medplum, wanted);
}
