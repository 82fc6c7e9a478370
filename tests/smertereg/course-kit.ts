import type { Consent, OperationOutcome, QuestionnaireResponse, ResearchSubject, Task } from '@medplum/fhirtypes';
import { courseOf, reasonOf } from '../../src/registry/membership.ts';
import { b22Items, type Course, date, hadsItems, refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import type { TestServer } from '../kit/fhir-server.ts';
import type { Reply, Rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { restAs, syntheticNumber } from '../rights/kit.ts';

export type Who = 'lu' | 'lc' | 'sc' | 'ehr' | 'admin';

/** Staff and the record system of Haukeland, the national coordinator, and a system that may do everything. */
export async function everybody(server: TestServer): Promise<Readonly<Record<Who, Rest>>> {
  const staff = async (login: string): Promise<Rest> => restAs(server.base, await signedIn(server, login));
  return {
    lu: await staff('lu'),
    lc: await staff('lc'),
    sc: await staff('sc'),
    ehr: restAs(server.base, basic('demo-ehr')),
    admin: restAs(server.base, basic('demo-admin')),
  };
}

/** Seen, and all criteria of inclusion met. */
export const eligible: ToAnswers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' };
export const consented: ToAnswers = { ...eligible, SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' };
export const notSeen: ToAnswers = { Tilsett: '2', Norsktalende: '1' };
export const impaired: ToAnswers = { ...eligible, KognSvekket: '1' };

let referred = 0;

/** A new patient, referred to Haukeland by its record system. */
export async function newCourse(client: Rest, options: Parameters<typeof refer>[1] = {}): Promise<Course> {
  referred += 1;
  return refer(client, { fnr: syntheticNumber(referred), ...options });
}

/** Items of each clinician form beside TO, and of HADS, as few as may be saved. */
const FEW = {
  'smertereg-b11': () => [date('RegDato11', '2026-03-02')],
  'smertereg-b12': () => [date('Regdato12', '2026-03-02')],
  'smertereg-b21': () => [date('Regdato21', '2026-03-02')],
  'smertereg-b22': () => b22Items('2026-03-09'),
  hads: () => hadsItems(),
} as const;

export type Form = keyof typeof FEW;

export function save(client: Rest, course: Course, form: Form): Promise<Reply<QuestionnaireResponse>> {
  const body = response(course, form, 'in-progress', FEW[form](), '2026-03-02T09:00:00+01:00');
  return client.post<QuestionnaireResponse>('QuestionnaireResponse', body);
}

/** Saves TO for the first time, or again where `id` is given. */
export function saveTo(
  client: Rest,
  course: Course,
  answers: ToAnswers,
  more: { readonly id?: string | undefined; readonly status?: QuestionnaireResponse['status'] } = {},
): Promise<Reply<QuestionnaireResponse>> {
  const { id, status = 'in-progress' } = more;
  const body = response(course, 'smertereg-to', status, toItems(answers), '2026-03-02T09:00:00+01:00');
  return id === undefined
    ? client.post('QuestionnaireResponse', body)
    : client.put(`QuestionnaireResponse/${id}`, { ...body, id });
}

/** A course whose TO is saved. */
export async function courseWith(client: Rest, answers: ToAnswers): Promise<Course & { readonly to: string }> {
  const course = await newCourse(client);
  const { status, body } = await saveTo(client, course, answers);
  if (status !== 201 || body.id === undefined) throw new Error(`TO was refused: ${JSON.stringify(body)}`);
  return { ...course, to: body.id };
}

/** The memberships of a course that have not ended, as `study status reason`. */
export async function places(client: Rest, { patient, episode }: Course): Promise<string[]> {
  const subjects = await client.search<ResearchSubject>(`ResearchSubject?patient=Patient/${patient}`);
  return subjects
    .filter((subject) => courseOf(subject) === `EpisodeOfCare/${episode}` && subject.period?.end === undefined)
    .map((subject) => {
      const place = subject.study.reference === 'ResearchStudy/smertereg' ? 'national' : 'local';
      return [place, subject.status, reasonOf(subject)].filter(Boolean).join(' ');
    });
}

/** The consents of a course, as `status kind`. */
export async function consents(client: Rest, { episode }: Course): Promise<string[]> {
  const found = await client.search<Consent>(`Consent?course=EpisodeOfCare/${episode}`);
  return found.map(({ status, extension }) =>
    [status, extension?.find(({ url }) => url.endsWith('/consent-missing-kind'))?.valueCoding?.code]
      .filter(Boolean)
      .join(' '),
  );
}

export async function consentOf(client: Rest, { episode }: Course): Promise<Consent> {
  const [consent] = await client.search<Consent>(`Consent?course=EpisodeOfCare/${episode}`);
  if (consent === undefined) throw new Error('The course has no Consent');
  return consent;
}

/** The orders of the patient's forms, as `form state`. */
export async function orders(client: Rest, { episode }: Course): Promise<string[]> {
  const tasks = await client.search<Task>(`Task?focus=EpisodeOfCare/${episode}&code=complete-questionnaire`);
  return tasks
    .map(
      ({ instantiatesUri, businessStatus }) => `${instantiatesUri?.split('#')[1]} ${businessStatus?.coding?.[0]?.code}`,
    )
    .sort();
}

export async function registrationOf(client: Rest, { episode }: Course): Promise<Task> {
  const [task] = await client.search<Task>(`Task?focus=EpisodeOfCare/${episode}&code=register-course`);
  if (task === undefined) throw new Error('The course has no registration');
  return task;
}

/** What a registration tells of each clinician form. */
export function formStates({ output = [] }: Task): Record<string, string | undefined> {
  return Object.fromEntries(
    output
      .filter(({ type }) => type.coding?.[0]?.code === 'form')
      .map(({ type, valueCodeableConcept }) => [type.text, valueCodeableConcept?.coding?.[0]?.code]),
  );
}

/** What a registration tells of one thing. */
export function outputOf({ output = [] }: Task, kind: string): string[] {
  return output
    .filter(({ type }) => type.coding?.[0]?.code === kind)
    .flatMap(({ type, valueCodeableConcept, valueReference, valueBoolean }) => [
      ...(valueBoolean === undefined ? [] : [type.text ?? '']),
      ...(valueReference?.reference === undefined ? [] : [valueReference.reference]),
      ...(valueCodeableConcept?.coding ?? []).map(({ code }) => code ?? ''),
    ]);
}

export const words = ({ body }: Reply<unknown>): string =>
  ((body as OperationOutcome).issue ?? []).map(({ diagnostics }) => diagnostics).join();
