import type { MedplumClient } from '@medplum/core';
import type { Bundle, CodeSystem, Patient, Task } from '@medplum/fhirtypes';
import type { ChartLanguage } from '../../../charts/said.ts';
import { codeSystem } from '../../../registry/names.ts';
import { nameOf } from '../names.ts';

const MAX = '500';

/** An order whose patient could not be reached. */
export interface Unreached {
  readonly id: string;
  readonly form: string;
  readonly reason: string;
  /** Until when the form can be answered. */
  readonly until: string | undefined;
}

/** A course with such orders. */
export interface UnreachedCourse {
  /** Id of the EpisodeOfCare. */
  readonly course: string;
  readonly patient: string;
  readonly patientId: string | undefined;
  readonly orders: readonly Unreached[];
}

export const UNREACHED = 'Task?code=complete-questionnaire&business-status=unreachable';

/** Courses with an order whose patient could not be reached, as they stand now. @throws OperationOutcomeError as the client does */
export async function fetchUnreached(
  medplum: MedplumClient,
  language: ChartLanguage,
): Promise<readonly UnreachedCourse[]> {
  const address = medplum.fhirUrl('Task');
  address.search = `${UNREACHED.split('?')[1]}&_include=Task:patient&_count=${MAX}`;
  const [bundle, codes] = await Promise.all([
    medplum.get(address, { cache: 'reload' }) as Promise<Bundle>,
    medplum.searchOne('CodeSystem', { url: codeSystem.unreachableReason }),
  ]);
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
  const tasks = resources.filter((each) => each.resourceType === 'Task');
  const patients = resources.filter((each) => each.resourceType === 'Patient');
  return coursesOf(tasks, patients, (task) => reasonOf(task, codes, language));
}

/** By course, in the order of the orders. Exported for its test. */
export function coursesOf(
  tasks: readonly Task[],
  patients: readonly Patient[],
  reason: (task: Task) => string,
): readonly UnreachedCourse[] {
  const byCourse = Map.groupBy(tasks, ({ focus }) => focus?.reference?.split('/')[1] ?? '');
  return [...byCourse].map(([course, orders]) => {
    const patient = patients.find(({ id }) => orders[0]?.for?.reference === `Patient/${id}`);
    return {
      course,
      patient: patient === undefined ? (orders[0]?.for?.reference ?? '') : nameOf(patient),
      patientId: patient?.id,
      orders: orders.map((task) => ({
        id: task.id ?? '',
        form: task.description ?? '',
        reason: reason(task),
        until: task.restriction?.period?.end,
      })),
    };
  });
}

function reasonOf({ statusReason }: Task, codes: CodeSystem | undefined, language: ChartLanguage): string {
  const [coding] = statusReason?.coding ?? [];
  const concept = codes?.concept?.find(({ code }) => code === coding?.code);
  const told = concept?.designation?.find((each) => each.language === language)?.value;
  return told ?? concept?.display ?? coding?.display ?? statusReason?.text ?? '';
}
