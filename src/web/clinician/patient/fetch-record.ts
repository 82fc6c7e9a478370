import type { MedplumClient, QueryTypes } from '@medplum/core';
import type {
  Consent,
  EpisodeOfCare,
  Library,
  Observation,
  Patient,
  PlanDefinition,
  QuestionnaireResponse,
  Resource,
  ResourceType,
  Task,
} from '@medplum/fhirtypes';
import { profileEntries } from '../../../charts/profile/entries.ts';
import { rulesOf } from '../../../forms/score/library.ts';
import type { ScoreRules } from '../../../forms/score/rule.ts';

/** What the page of a patient shows, as it stands on the server now, and as far as whoever asks may read it. */
export interface PatientRecord {
  readonly patient: Patient;
  readonly courses: readonly EpisodeOfCare[];
  readonly tasks: readonly Task[];
  readonly consents: readonly Consent[];
  /** Scores, the latest first. */
  readonly observations: readonly Observation[];
  /** The latest first. */
  readonly responses: readonly QuestionnaireResponse[];
  /** By which the scores were computed. */
  readonly rules: readonly ScoreRules[];
  /** Registries with a self-rating profile. */
  readonly plans: readonly PlanDefinition[];
  /** Titles of forms, by canonical without version, in their own words. */
  readonly forms: ReadonlyMap<string, Resource>;
}

/** A record holds fewer; what is older is not drawn. */
const MAX = '500';

/** Reads all that is known of a patient, as it is now. @throws OperationOutcomeError where the patient is not theirs to see */
export async function fetchRecord(medplum: MedplumClient, id: string): Promise<PatientRecord> {
  const of = { patient: `Patient/${id}`, _count: MAX };
  const [patient, courses, tasks, consents, observations, responses, plans] = await Promise.all([
    medplum.readResource('Patient', id, { cache: 'reload' }),
    searched(medplum, 'EpisodeOfCare', of),
    searched(medplum, 'Task', of),
    searched(medplum, 'Consent', of),
    searched(medplum, 'Observation', { ...of, category: 'survey', _sort: '-date' }),
    searched(medplum, 'QuestionnaireResponse', { ...of, _sort: '-authored' }),
    searched(medplum, 'PlanDefinition', { status: 'active', _count: MAX }),
  ]);
  const canonicals = new Set(responses.flatMap(({ questionnaire }) => questionnaire?.split('|')[0] ?? []));
  const [libraries, forms] = await Promise.all([
    byUrl(medplum, 'Library', librariesOf(observations)),
    byUrl(medplum, 'Questionnaire', canonicals, '_elements'),
  ]);
  return {
    ...{ patient, courses, tasks, consents, observations, responses },
    rules: libraries.flatMap((library) => rulesIn(library) ?? []),
    plans: plans.filter((plan) => profileEntries(plan, 'nb').length > 0),
    forms: new Map(forms.flatMap((form) => (form.url === undefined ? [] : [[form.url, form] as const]))),
  };
}

function librariesOf(observations: readonly Observation[]): ReadonlySet<string> {
  return new Set(
    observations
      .flatMap(({ extension = [] }) => extension)
      .flatMap(({ valueRelatedArtifact }) => valueRelatedArtifact?.resource?.split('|')[0] ?? []),
  );
}

/** Rules that cannot be read leave their scores without cut-offs, not the page without scores. */
function rulesIn(library: Library): ScoreRules | undefined {
  try {
    return rulesOf(library);
  } catch {
    return undefined;
  }
}

async function byUrl<K extends 'Library' | 'Questionnaire'>(
  medplum: MedplumClient,
  type: K,
  urls: ReadonlySet<string>,
  only?: '_elements',
) {
  if (urls.size === 0) return [];
  const query = { url: [...urls].join(','), _count: MAX };
  return searched(medplum, type, only === undefined ? query : { ...query, _elements: 'url,title,language' });
}

/** Asked of the server, whatever is in the client's memory. */
function searched<K extends ResourceType>(medplum: MedplumClient, type: K, query: QueryTypes) {
  return medplum.searchResources(type, query, { cache: 'reload' });
}
