import type { CodeableConcept, Location, Organization, Patient, Resource, Task, TaskOutput } from '@medplum/fhirtypes';
import type { Criteria, FhirClient, Found } from './fhir-client.ts';
import { listText } from './list-text.ts';

/** The Task that stands for a course in a registry. */
const REGISTRATION = 'https://svar.example.org/fhir/CodeSystem/course-task|register-course';

/** All registrations that meet some criteria, with their patients, wards and locations. */
export function registrations(server: FhirClient, criteria: Criteria): Promise<Found> {
  return server.all('Task', [
    ['code', REGISTRATION],
    ...criteria,
    ['_include', 'Task:patient'],
    ['_include', 'Task:location'],
    ['_include', 'Task:ward'],
  ]);
}

/** Registrations as a table: the patient, the course, and each form's state as the registry names it. */
export function registrationTable({ matches, includes }: Found, none: string): string {
  const tasks = matches.filter((one): one is Task => one.resourceType === 'Task');
  if (tasks.length === 0) return `${none}\n`;
  const by = new Map(includes.map((one) => [`${one.resourceType}/${one.id}`, one]));
  const named = (reference: string | undefined): string => {
    const found = by.get(reference ?? '');
    return found === undefined ? (reference ?? '') : nameOf(found);
  };
  const columns = [...new Set(tasks.flatMap(({ output = [] }) => output.map(titleOf)))];
  const rows = tasks.map((task) => [
    named(task.for?.reference),
    task.focus?.reference?.split('/')[1] ?? '',
    task.executionPeriod?.start?.slice(0, 10) ?? '',
    named(task.location?.reference),
    textOf(task.businessStatus),
    ...columns.map((column) => {
      const outputs = (task.output ?? []).filter((each) => titleOf(each) === column);
      return outputs.map((output) => told(output, named)).join(', ');
    }),
  ]);
  return listText(['patient', 'course', 'started', 'location', 'type', ...columns], rows);
}

/** A form by its label, all else by its kind; that there is a comment, by both. */
function titleOf({ type }: TaskOutput): string {
  const kind = type.coding?.[0]?.code ?? '';
  return kind === 'form' || type.text === undefined ? textOf(type) : `${kind} ${type.text}`;
}

function told(output: TaskOutput, named: (reference: string | undefined) => string): string {
  const { valueCoding, valueCodeableConcept, valueReference, valueString, valueCode, valueDate, valueBoolean } = output;
  if (valueReference !== undefined) return named(valueReference.reference);
  if (valueCodeableConcept !== undefined) {
    return (valueCodeableConcept.coding ?? []).map(({ display, code }) => display ?? code ?? '').join(': ');
  }
  return (
    valueCoding?.display ??
    valueCoding?.code ??
    valueString ??
    valueCode ??
    valueDate ??
    (valueBoolean === true ? 'yes' : '')
  );
}

/** What people read of a concept. */
export function textOf(concept: CodeableConcept | undefined): string {
  const [coding] = concept?.coding ?? [];
  return concept?.text ?? coding?.display ?? coding?.code ?? '';
}

/** What lists call a resource: of a place its short name. */
export function nameOf(resource: Resource): string {
  switch (resource.resourceType) {
    case 'Patient':
      return personName(resource);
    case 'Location':
    case 'Organization':
      return placeName(resource);
    default:
      return `${resource.resourceType}/${resource.id}`;
  }
}

function placeName({ alias, name, id }: Location | Organization): string {
  return alias?.[0] ?? name ?? id ?? '';
}

function personName({ name = [], id }: Patient): string {
  const [used] = name.toSorted((a, b) => Number(a.use === 'old') - Number(b.use === 'old'));
  return used?.text ?? ([used?.family, used?.given?.join(' ')].filter(Boolean).join(', ') || (id ?? ''));
}
