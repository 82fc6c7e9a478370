import type { MedplumClient } from '@medplum/core';
import type {
  EpisodeOfCare,
  Location,
  Observation,
  Organization,
  Patient,
  PlanDefinition,
  Questionnaire,
  QuestionnaireResponse,
  ResearchStudy,
  Task,
} from '@medplum/fhirtypes';
import { codeSystem } from '../../../registry/names.ts';
import { bare, isProtocol, readProtocol } from '../../../registry/protocol.ts';
import { everyVersion } from '../canonicals.ts';
import type { CourseData, CourseRegistry } from './course.ts';
import { only, readNow, searchNow } from './fhir-gateway.ts';
import { formsOfPatient } from './staff-forms.ts';

const ANSWER_ELEMENTS = 'status,questionnaire,authored,basedOn,subject,identifier,extension';
const REGISTER = `${codeSystem.courseTask}|register-course`;

/** Reads a course with all that its page shows, as it is now. @throws OperationOutcomeError as the client does */
export async function fetchCourse(client: MedplumClient, id: string): Promise<CourseData> {
  const [episode, tasks] = await Promise.all([
    readNow<EpisodeOfCare>(client, 'EpisodeOfCare', id),
    searchNow(client, `Task?focus=EpisodeOfCare/${id}&_count=200`).then((found) => only<Task>(found, 'Task')),
  ]);
  const patientId = episode.patient?.reference?.split('/')[1] ?? '';
  const referral = episode.referralRequest?.[0]?.reference;
  const hospital = episode.managingOrganization?.reference;
  const [patient, registries, ofCourse, places] = await Promise.all([
    readNow<Patient>(client, 'Patient', patientId),
    registriesOf(client, hospital, tasks),
    referral === undefined ? [] : answers(client, `based-on=${referral}`),
    placesOf(client, hospital),
  ]);
  const ownForms = registries.flatMap(({ plan }) => formsOfPatient(plan)).map(({ questionnaire }) => questionnaire);
  const forms = registries.flatMap(({ protocol }) => protocol.forms.map(({ questionnaire }) => questionnaire));
  const versions = titles(client, [...new Set([...forms, ...ownForms])]);
  const answered = ofCourse.flatMap(({ id: one }) => one ?? []);
  const [ofPatient, questionnaires, scores] = await Promise.all([
    versions.then((known) =>
      ownForms.length === 0
        ? []
        : answers(
            client,
            `subject=Patient/${patientId}&questionnaire=${encodeURIComponent(everyVersion(ownForms, known))}`,
          ),
    ),
    versions,
    answered.length === 0
      ? []
      : searchNow(
          client,
          `Observation?derived-from=${answered.map((one) => `QuestionnaireResponse/${one}`).join(',')}&_count=200`,
        ),
  ]);
  return {
    episode,
    patient,
    referral,
    registries,
    tasks,
    responses: [...ofCourse, ...ofPatient.filter(({ id: one }) => !answered.includes(one ?? ''))],
    scores: only<Observation>(scores, 'Observation'),
    questionnaires,
    names: new Map(places.map((place) => [`${place.resourceType}/${place.id}`, place.name ?? place.id ?? ''])),
    closed: new Set(places.filter(isClosed).map(({ resourceType, id: one }) => `${resourceType}/${one}`)),
  };
}

async function answers(client: MedplumClient, which: string): Promise<QuestionnaireResponse[]> {
  const found = await searchNow(client, `QuestionnaireResponse?${which}&_elements=${ANSWER_ELEMENTS}&_count=200`);
  return only<QuestionnaireResponse>(found, 'QuestionnaireResponse');
}

/** The registries that the course is in; before it is in one, those of its hospital that the person sees. */
async function registriesOf(
  client: MedplumClient,
  hospital: string | undefined,
  tasks: readonly Task[],
): Promise<CourseRegistry[]> {
  const [plans, studies] = await Promise.all([
    lasting(client, 'PlanDefinition?status=active&_count=100'),
    hospital === undefined ? [] : lasting(client, `ResearchStudy?sponsor=${hospital}&_count=100`),
  ]);
  const registrations = tasks.filter(
    ({ code, status }) =>
      status !== 'cancelled' && code?.coding?.some(({ system, code: value }) => `${system}|${value}` === REGISTER),
  );
  const atHospital = only<ResearchStudy>(studies, 'ResearchStudy')
    .flatMap(({ protocol = [] }) => protocol)
    .flatMap(({ reference }) => reference ?? []);
  return only<PlanDefinition>(plans, 'PlanDefinition')
    .filter(isProtocol)
    .flatMap((plan) => {
      const registration = registrations.find(({ instantiatesCanonical }) => instantiatesCanonical === plan.url);
      const meant =
        registrations.length > 0 ? registration !== undefined : atHospital.includes(`PlanDefinition/${plan.id}`);
      return meant ? [{ plan, protocol: readProtocol(plan), registration }] : [];
    });
}

async function titles(client: MedplumClient, forms: readonly string[]): Promise<Questionnaire[]> {
  if (forms.length === 0) return [];
  const query = `Questionnaire?url=${forms.join(',')}&_elements=url,version,title,status,language&_count=200`;
  return only<Questionnaire>(await lasting(client, query), 'Questionnaire');
}

async function placesOf(client: MedplumClient, hospital: string | undefined): Promise<(Location | Organization)[]> {
  if (hospital === undefined) return [];
  const [locations, wards] = await Promise.all([
    lasting(client, `Location?organization=${hospital}&_count=200`),
    lasting(client, `Organization?partof=${hospital}&_count=500`),
  ]);
  return [...only<Location>(locations, 'Location'), ...only<Organization>(wards, 'Organization')];
}

function isClosed(place: Location | Organization): boolean {
  return place.resourceType === 'Location' ? place.status === 'inactive' : place.active === false;
}

/** What hardly ever changes is asked for once a visit. */
const LASTING = new WeakMap<MedplumClient, Map<string, ReturnType<typeof searchNow>>>();

function lasting(client: MedplumClient, query: string): ReturnType<typeof searchNow> {
  const known = LASTING.get(client) ?? new Map<string, ReturnType<typeof searchNow>>();
  LASTING.set(client, known);
  const asked = known.get(query) ?? searchNow(client, query);
  known.set(query, asked);
  asked.catch(() => known.delete(query));
  return asked;
}

/** The newest version of a form that may be filled in. */
export function newestVersion(questionnaires: readonly Questionnaire[], url: string): Questionnaire | undefined {
  return questionnaires
    .filter((one) => one.url === bare(url) && one.status === 'active')
    .toSorted((a, b) => (b.version ?? '').localeCompare(a.version ?? '', 'en', { numeric: true }))[0];
}
