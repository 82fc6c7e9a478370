import type { MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { openTaskStatuses } from '../../../registry/order.ts';
import { type Registrations, readAll, readRegistrations } from '../worklist/read-registrations.ts';

/** Courses that one search asks for: its address stays short. */
const COURSES = 100;
/** The orders of forms, as a search. */
export const ORDERS = 'Task?code=complete-questionnaire';

export interface CoursesAndOrders extends Registrations {
  /** All orders of these courses. */
  readonly orders: readonly Task[];
}

/**
 * The courses that are being registered, and those that were delivered while a form of the patient still waits (Opioid comes
 * weeks after the last form of staff is locked), with their orders. @param hospital as `Organization/1`; undefined: all
 */
export async function readOrders(medplum: MedplumClient, hospital: string | undefined): Promise<CoursesAndOrders> {
  const owner: Readonly<Record<string, string>> = hospital === undefined ? {} : { owner: hospital };
  const waiting = ['draft', ...openTaskStatuses].join(',');
  const parts = await Promise.all([
    readRegistrations(medplum, { status: 'in-progress', ...owner }),
    readRegistrations(medplum, {
      status: 'completed',
      'focus:EpisodeOfCare._has:Task:focus:status': waiting,
      ...owner,
    }),
  ]);
  const rows = parts.flatMap((part) => part.rows);
  const courses = [...new Set(rows.map(({ course }) => `EpisodeOfCare/${course}`))];
  const groups = Array.from({ length: Math.ceil(courses.length / COURSES) }, (_, group) =>
    courses.slice(group * COURSES, (group + 1) * COURSES).join(','),
  );
  const found = await Promise.all(groups.map((group) => readAll(medplum, `${ORDERS}&focus=${group}&_count=1000`)));
  return {
    rows,
    orders: found.flatMap(({ resources }) => resources).filter((one): one is Task => one.resourceType === 'Task'),
    more: parts.some(({ more }) => more),
  };
}
