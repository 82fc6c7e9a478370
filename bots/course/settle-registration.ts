import type { MedplumClient } from '@medplum/core';
import type { CourseState } from '../../src/registry/course-state.ts';
import { inheritedMeta } from '../../src/registry/historic.ts';
import { currentPlace } from '../../src/registry/place.ts';
import { isRegistrationIn, registration } from '../../src/registry/registration.ts';
import { evaluate } from './evaluate.ts';
import type { Occasion } from './occasion.ts';
import { save } from './save.ts';

/** Makes the registration of a course (a line of the worklist) say how the course stands. */
export async function settleRegistration(
  medplum: MedplumClient,
  state: CourseState,
  { cause, now }: Occasion,
): Promise<void> {
  const { tasks, encounters } = state.stored;
  const existing = tasks.find((task) => isRegistrationIn(task, state.registry.protocol));
  const wanted = registration(state, existing, currentPlace(encounters), inheritedMeta(cause), now, evaluate);
  if (wanted !== undefined) await save(medplum, wanted);
}
