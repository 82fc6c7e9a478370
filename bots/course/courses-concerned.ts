import type { MedplumClient } from '@medplum/core';
import type { EpisodeOfCare, Resource } from '@medplum/fhirtypes';
import { courseOf } from '../../src/registry/membership.ts';
import { lastVersions } from './last-versions.ts';
import { coursesOf, criteria } from './read-course.ts';

/** The courses that a write concerns, and what was there before. */
export interface Concerned {
  readonly episodes: readonly EpisodeOfCare[];
  /** Undefined where the resource is new, or of a type whose former version matters to no course. */
  readonly previous: Resource | undefined;
}

/**
 * The courses that a write concerns: those that the resource belongs to, those that it belonged to before (a form that is
 * moved from one referral to another), and of a Consent all courses of its patient: a withdrawal ends all of them.
 */
export async function coursesConcerned(medplum: MedplumClient, resource: Resource): Promise<Concerned> {
  const [, previous] = MOVABLE.has(resource.resourceType) ? await lastVersions(medplum, resource) : [];
  const isMoved = previous !== undefined && linksOf(previous) !== linksOf(resource);
  const found = [...(await concerned(medplum, resource)), ...(isMoved ? await concerned(medplum, previous) : [])];
  const once = new Map(found.toReversed().map((episode) => [episode.id, episode]));
  return { episodes: [...once.values()].toReversed(), previous };
}

/** What belongs to a course by a reference that a later version may change. */
const MOVABLE: ReadonlySet<string> = new Set(['QuestionnaireResponse', 'Consent', 'ResearchSubject', 'Encounter']);

/** What says to which courses it belongs, as one text. */
function linksOf(resource: Resource): string {
  switch (resource.resourceType) {
    case 'QuestionnaireResponse':
      return JSON.stringify(resource.basedOn ?? []);
    case 'Consent':
      return resource.patient?.reference ?? '';
    case 'Encounter':
      return JSON.stringify(resource.episodeOfCare ?? []);
    case 'ResearchSubject':
      return courseOf(resource) ?? '';
    default:
      return '';
  }
}

async function concerned(medplum: MedplumClient, resource: Resource): Promise<EpisodeOfCare[]> {
  switch (resource.resourceType) {
    case 'Consent':
      return coursesOfPatient(medplum, resource.patient?.reference);
    case 'Encounter': {
      const ids = (resource.episodeOfCare ?? []).flatMap(({ reference }) => reference?.split('/')[1] ?? []);
      return ids.length === 0 ? [] : medplum.searchResources('EpisodeOfCare', criteria(['_id', ids.join(',')]));
    }
    default:
      return coursesOf(medplum, resource);
  }
}

/** All courses of a patient. @param patient `Patient/x` */
export async function coursesOfPatient(medplum: MedplumClient, patient: string | undefined): Promise<EpisodeOfCare[]> {
  return patient === undefined ? [] : medplum.searchResources('EpisodeOfCare', criteria(['patient', patient]));
}
