import type { MedplumClient } from '@medplum/core';
import { liveFacts } from '../../src/registry/course.ts';
import { readState } from '../../src/registry/course-state.ts';
import { dispatchTime, liesAhead, paperEnd } from '../../src/registry/schedule.ts';
import { evaluate } from './evaluate.ts';
import { readCourse } from './read-course.ts';
import { type KnownOrder, membershipOf } from './read-order.ts';

/** What an order's times are by the facts of its course. */
export interface OrderTimes {
  /** Until when its form may be entered from paper; undefined while that is not known, and of a form that never may. */
  readonly paperEnd: Date | undefined;
  /** Whether the form's own time to be sent has come. */
  readonly isDue: boolean;
}

export async function orderTimes(medplum: MedplumClient, order: KnownOrder, now: Date): Promise<OrderTimes> {
  const { registry, episode, protocol, form } = order;
  const course = await readCourse(medplum, episode);
  if (course === undefined) return { paperEnd: undefined, isDue: false };
  const membership = await membershipOf(medplum, order);
  const { counting } = readState(registry, course, now, evaluate);
  const facts = liveFacts(protocol, counting, { membership });
  const time = dispatchTime(form, { protocol, facts, evaluate, now, starts: new Map() });
  return {
    paperEnd: paperEnd(form, { protocol, facts, evaluate }),
    isDue: time !== undefined && !liesAhead(time),
  };
}
