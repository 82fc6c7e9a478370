import type {
  CodeableConcept,
  Communication,
  Consent,
  EpisodeOfCare,
  Observation,
  QuestionnaireResponse,
  ResearchSubject,
  Task,
} from '@medplum/fhirtypes';
import { firstCode } from './first-code.ts';
import type { RestClient } from './rest-client.ts';

/** Numbers of courses, or of what belongs to them, by what became of them. */
export type Counts = ReadonlyMap<string, number>;

export interface OrderCounts {
  readonly form: string;
  readonly ordered: number;
  readonly byStatus: Counts;
}

export interface HospitalScores {
  readonly hospital: string;
  readonly courses: number;
  /** Mean of a score and how many it was computed from, by the score's code. */
  readonly means: ReadonlyMap<string, { readonly mean: number; readonly count: number }>;
}

/** What became of the courses that a server holds. */
export interface Tally {
  readonly referred: number;
  readonly seen: number;
  /** Open memberships: `registry, status, reason`. */
  readonly memberships: Counts;
  readonly consents: Counts;
  readonly orders: readonly OrderCounts[];
  readonly notices: Counts;
  readonly scores: readonly HospitalScores[];
}

const CANONICAL = 'https://svar.example.org/fhir/Questionnaire';
const REASON = 'https://svar.example.org/fhir/StructureDefinition/subject-reason';

export async function tally(client: RestClient): Promise<Tally> {
  const courses = await client.all<EpisodeOfCare>('EpisodeOfCare');
  const forms = await client.all<QuestionnaireResponse>(
    `QuestionnaireResponse?questionnaire=${CANONICAL}/smertereg-to`,
  );
  const subjects = await client.all<ResearchSubject>('ResearchSubject');
  return {
    referred: courses.length,
    seen: forms.filter((form) => answerOf(form, 'Tilsett') === '1').length,
    memberships: counts(subjects.filter(({ period }) => period?.end === undefined).map(membership)),
    consents: counts((await client.all<Consent>('Consent')).map(({ status }) => status)),
    orders: ordersOf(await client.all<Task>('Task?code=complete-questionnaire')),
    notices: counts((await client.all<Communication>('Communication')).map(noticeOf)),
    scores: scoresOf(courses, await client.all<Observation>('Observation')),
  };
}

/** How often each word occurs, the most frequent first. */
export function counts(words: readonly string[]): Counts {
  const found = new Map<string, number>();
  for (const word of words) {
    found.set(word, (found.get(word) ?? 0) + 1);
  }
  return new Map([...found].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)));
}

function membership({ study, status, extension }: ResearchSubject): string {
  const place = study.reference === 'ResearchStudy/smertereg' ? 'national' : 'local';
  const reason = firstCode(extension?.find(({ url }) => url === REASON)?.valueCodeableConcept);
  return [place, status, reason].filter((part) => part !== undefined).join(', ');
}

function answerOf(form: QuestionnaireResponse, linkId: string): string | undefined {
  return form.item?.find((item) => item.linkId === linkId)?.answer?.[0]?.valueCoding?.code;
}

function ordersOf(tasks: readonly Task[]): readonly OrderCounts[] {
  const formOf = (task: Task): string => task.input?.[0]?.valueCanonical?.split('/').pop() ?? '';
  const status = (task: Task): string => firstCode(task.businessStatus) ?? task.status ?? '';
  const byForm = Map.groupBy(tasks, formOf);
  return [...byForm.keys()].sort().map((form) => {
    const own = byForm.get(form) ?? [];
    return { form, ordered: own.length, byStatus: counts(own.map(status)) };
  });
}

function noticeOf({ category, status }: Communication): string {
  return `${firstCode(category?.[0] as CodeableConcept | undefined) ?? ''}, ${status}`;
}

function scoresOf(courses: readonly EpisodeOfCare[], scores: readonly Observation[]): readonly HospitalScores[] {
  const byHospital = Map.groupBy(courses, ({ managingOrganization }) => managingOrganization?.reference ?? '');
  return [...byHospital.keys()].sort().map((reference) => {
    const own = byHospital.get(reference) ?? [];
    const patients = new Set(own.map(({ patient }) => patient.reference));
    const values = Map.groupBy(
      scores.filter(({ subject, valueQuantity }) => patients.has(subject?.reference) && valueQuantity !== undefined),
      ({ code }) => firstCode(code) ?? '',
    );
    const means = new Map([...values].map(([code, list]) => [code, { mean: mean(list), count: list.length }]));
    return { hospital: reference.replace('Organization/', ''), courses: own.length, means };
  });
}

function mean(scores: readonly Observation[]): number {
  return scores.reduce((sum, { valueQuantity }) => sum + (valueQuantity?.value ?? 0), 0) / scores.length;
}
