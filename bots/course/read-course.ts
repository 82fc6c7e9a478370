import { type MedplumClient, OperationOutcomeError } from '@medplum/core';
import type { Consent, EpisodeOfCare, Patient, Reference, Resource } from '@medplum/fhirtypes';
import type { Course } from '../../src/registry/course.ts';
import { courseOf } from '../../src/registry/membership.ts';
import { unversioned } from '../../src/registry/unversioned.ts';

/** A page of this size holds all that a patient or a course has of one kind. */
const wholeCount = 500;

/** A search for everything of one type that meets the criteria, which are encoded here. */
export function criteria(...pairs: readonly (readonly [name: string, value: string])[]): string {
  const query = new URLSearchParams();
  for (const [name, value] of pairs) query.append(name, value);
  query.append('_count', String(wholeCount));
  return query.toString();
}

/** The courses that a resource belongs to or tells about. */
export async function coursesOf(medplum: MedplumClient, resource: Resource): Promise<EpisodeOfCare[]> {
  switch (resource.resourceType) {
    case 'EpisodeOfCare':
      // none where it has been deleted
      return byReference(medplum, `EpisodeOfCare/${resource.id}`);
    case 'ServiceRequest':
      return byReferral(medplum, `ServiceRequest/${resource.id}`);
    case 'QuestionnaireResponse': {
      const found: EpisodeOfCare[] = [];
      for (const { reference } of resource.basedOn ?? []) {
        if (reference?.startsWith('ServiceRequest/')) found.push(...(await byReferral(medplum, reference)));
      }
      return found;
    }
    case 'Patient':
      return byPatient(medplum, `Patient/${resource.id}`);
    case 'Consent': {
      const about = coursesInConsent(resource);
      return about.length > 0
        ? (await Promise.all(about.map((reference) => byReference(medplum, reference)))).flat()
        : byPatient(medplum, resource.patient?.reference);
    }
    case 'Flag':
      return byPatient(medplum, resource.subject?.reference);
    case 'ResearchSubject':
      return byReference(medplum, courseOf(resource));
    case 'Task':
      return byReference(medplum, resource.focus?.reference);
    default:
      return [];
  }
}

async function byReferral(medplum: MedplumClient, reference: string): Promise<EpisodeOfCare[]> {
  return medplum.searchResources('EpisodeOfCare', criteria(['incoming-referral', reference]));
}

async function byPatient(medplum: MedplumClient, reference: string | undefined): Promise<EpisodeOfCare[]> {
  return reference === undefined ? [] : medplum.searchResources('EpisodeOfCare', criteria(['patient', reference]));
}

async function byReference(medplum: MedplumClient, reference: string | undefined): Promise<EpisodeOfCare[]> {
  if (reference?.startsWith('EpisodeOfCare/') !== true) return [];
  const found = await readUnlessDeleted<EpisodeOfCare>(medplum, { reference });
  return found === undefined ? [] : [found];
}

/** `EpisodeOfCare/x` of the courses that a consent is about; none where it is about all. */
export function coursesInConsent(consent: Consent): string[] {
  const data = [
    ...(consent.provision?.data ?? []),
    ...(consent.provision?.provision ?? []).flatMap((provision) => provision.data ?? []),
  ];
  return data.flatMap(({ reference }) =>
    reference?.reference?.startsWith('EpisodeOfCare/') === true ? [reference.reference] : [],
  );
}

/** A course with its patient, referral and answers; undefined where the course names no patient. */
export async function readCourse(medplum: MedplumClient, episode: EpisodeOfCare): Promise<Course | undefined> {
  if (episode.patient?.reference === undefined) return undefined;
  const patient = await medplum.readReference(episode.patient);
  const [to] = episode.referralRequest ?? [];
  if (to?.reference === undefined) {
    return { episode, patient, referral: undefined, responses: [] };
  }
  const [referral, responses] = await Promise.all([
    readUnlessDeleted(medplum, to),
    medplum.searchResources('QuestionnaireResponse', criteria(['based-on', to.reference])),
  ]);
  return { episode, patient, referral, responses: responses.filter(({ subject }) => isAbout(patient, subject)) };
}

/** A form that was filed under another patient's referral by mistake decides nothing there. */
function isAbout(patient: Patient, subject: Reference | undefined): boolean {
  return subject?.reference === undefined || unversioned(subject.reference) === `Patient/${patient.id}`;
}

/** A course may be deleted together with its referral and all that tells of it. */
async function readUnlessDeleted<R extends Resource>(medplum: MedplumClient, to: Reference<R>): Promise<R | undefined> {
  try {
    return await medplum.readReference(to);
  } catch (failure) {
    const [issue] = failure instanceof OperationOutcomeError ? (failure.outcome.issue ?? []) : [];
    if (issue?.code === 'deleted' || issue?.code === 'not-found') return undefined;
    throw failure;
  }
}

/** What a reference points at, or undefined where there is no reference. */
export async function readMaybe<R extends Resource>(
  medplum: MedplumClient,
  reference: Reference<R> | undefined,
): Promise<R | undefined> {
  return reference?.reference === undefined ? undefined : medplum.readReference<R>({ reference: reference.reference });
}
