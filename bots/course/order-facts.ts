import type { MedplumClient } from '@medplum/core';
import { liveFacts } from '../../src/registry/course.ts';
import { readState } from '../../src/registry/course-state.ts';
import { paperEnd } from '../../src/registry/schedule.ts';
import { evaluate } from './evaluate.ts';
import { readCourse } from './read-course.ts';
import { type KnownOrder, membershipOf } from './read-order.ts';

/** Until when an order's form may be entered from paper; undefined while that is not known, and of a form that never may. */
export async function paperEndOf(medplum: MedplumClient, order: KnownOrder, now: Date): Promise<Date | undefined> {
  const { registry, episode, protocol, form } = order;
  if (form.paper === undefined) return undefined;
  const course = await readCourse(medplum, episode);
  if (course === undefined) return undefined;
  const membership = await membershipOf(medplum, order);
  const { counting } = readState(registry, course, now, evaluate);
  return paperEnd(form, { protocol, facts: liveFacts(protocol, counting, { membership }), evaluate });
}
