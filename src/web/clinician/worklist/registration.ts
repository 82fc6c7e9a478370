import type { CodeableConcept, Patient, Task } from '@medplum/fhirtypes';
import { codeSystem } from '../../../registry/names.ts';
import { nameOf } from '../names.ts';
import { nationalNumberOf } from '../national-number.ts';

/** Where a form of staff stands (CodeSystem form-state); what another server says is told as it is. */
export interface FormStanding {
  readonly label: string;
  readonly state: string;
  readonly hasComment: boolean;
}

/** One course that is, or was, being registered: a line of the worklist. */
export interface Registration {
  /** The id of the Task. */
  readonly id: string;
  readonly course: string;
  readonly patient: { readonly id: string; readonly name: string; readonly birthDate: string };
  /** The national number; '' where there is none. */
  readonly number: string;
  /** The day that the course began, as 2026-03-02; '' where it is not known. */
  readonly started: string;
  readonly location: string;
  readonly ward: string;
  readonly type: string;
  readonly forms: readonly FormStanding[];
  /** Status of the consent; '' while nobody can be asked. */
  readonly consent: string;
  readonly membership: string;
  /** Why membership is as it is, as the registry words it. */
  readonly membershipReason: string;
  /** Another text whenever something of it was stored anew. */
  readonly version: string;
  /** As it is stored. */
  readonly task: Task;
}

export const REGISTER = 'register-course';

/** References to the ward and the location of a course. */
export function placesIn({ location, output = [] }: Task): string[] {
  const ward = output.find(({ type }) =>
    type.coding?.some(({ system, code }) => system === codeSystem.registrationOutput && code === 'ward'),
  )?.valueReference;
  return [location, ward].flatMap((place) => place?.reference ?? []);
}

/** @param names of wards and locations, by reference */
export function registrationOf(
  task: Task,
  patient: Patient | undefined,
  names: ReadonlyMap<string, string>,
): Registration {
  const named = (reference: string | undefined): string => names.get(reference ?? '') ?? '';
  const told = (kind: string) =>
    (task.output ?? []).filter(({ type }) =>
      type.coding?.some(({ system, code }) => system === codeSystem.registrationOutput && code === kind),
    );
  const comments = new Set(told('internal-comment').map(({ type }) => type.text));
  const membership = told('membership')[0]?.valueCodeableConcept;
  return {
    id: task.id ?? '',
    course: task.focus?.reference?.split('/')[1] ?? '',
    patient: {
      id: task.for?.reference?.split('/')[1] ?? '',
      name: patient === undefined ? (task.for?.display ?? '') : nameOf(patient),
      birthDate: patient?.birthDate ?? '',
    },
    number: (patient && nationalNumberOf(patient)) ?? '',
    started: task.executionPeriod?.start?.slice(0, 10) ?? '',
    location: named(task.location?.reference),
    ward: named(told('ward')[0]?.valueReference?.reference),
    type: textOf(task.businessStatus),
    forms: told('form').map(({ type, valueCodeableConcept }) => ({
      label: type.text ?? '',
      state: valueCodeableConcept?.coding?.[0]?.code ?? '',
      hasComment: comments.has(type.text),
    })),
    consent: told('consent')[0]?.valueCodeableConcept?.coding?.[0]?.code ?? '',
    membership: membership?.coding?.[0]?.code ?? '',
    membershipReason: membership?.coding?.[1]?.display ?? '',
    version: versionOf(task),
    task,
  };
}

/** Which version of a Task it is: two may be of one instant. */
export function versionOf({ meta }: Task): string {
  return `${meta?.versionId} ${meta?.lastUpdated}`;
}

function textOf(concept: CodeableConcept | undefined): string {
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code ?? '';
}
