import type { Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { identifierSystem } from '../names.ts';
import { drawAnswers, type Given } from './draw-answers.ts';
import { type CourseEvent, dateOf, type Story, transaction } from './smertereg-courses.ts';

const hourMs = 3_600_000;
/** So long ago that the patient's forms went out at half past four since, and so short that they are still open. */
const REFERRED_HOURS = 54;

/**
 * A patient of `smerteregCourses` who is back at the same hospital, has agreed, and was sent their forms: whoever signs in
 * as this patient has something to answer, and answers of an earlier time to compare it with.
 *
 * @param key of the patient's first course, as `0001`
 */
export function returningPatient(
  story: Omit<Story, 'count' | 'from' | 'days'>,
  key: string,
  hospital: string,
  now: Date,
): CourseEvent[] {
  const referred = new Date(now.getTime() - REFERRED_HOURS * hourMs);
  const [assessed, consented] = [new Date(referred.getTime() + 2 * hourMs), new Date(referred.getTime() + 4 * hourMs)];
  const patient = { reference: `Patient/demo-${key}` };
  const id = `demo-${key}-2`;
  const first: Given = {
    HenvistDato: dateOf(referred),
    HenvistVia: ['Tilsynsanmodnin'],
    StartdatoTO: dateOf(assessed),
    ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0' },
    ...{ SkriftligSamtyk: undefined, DatoSamtykke: undefined, TypeManglSamt: undefined },
  };
  const assessment = (at: Date, given: Given): QuestionnaireResponse => {
    const questionnaire = formOf(story.forms, 'smertereg-to');
    return {
      resourceType: 'QuestionnaireResponse',
      id: `demo-smertereg-to-${key}-2`,
      basedOn: [{ reference: `ServiceRequest/${id}` }],
      questionnaire: `${questionnaire.url}|${questionnaire.version}`,
      status: 'in-progress',
      subject: patient,
      authored: at.toISOString(),
      item: drawAnswers(questionnaire, story.random, given),
    };
  };
  const referral: Resource[] = [
    {
      ...{ resourceType: 'ServiceRequest', id, status: 'active', intent: 'order', subject: patient },
      authoredOn: referred.toISOString(),
    },
    {
      ...{ resourceType: 'EpisodeOfCare', id, status: 'active', patient },
      identifier: [{ system: identifierSystem.course, value: id }],
      managingOrganization: { reference: hospital },
      period: { start: referred.toISOString() },
      referralRequest: [{ reference: `ServiceRequest/${id}` }],
    },
  ];
  const event = (at: Date, what: CourseEvent['what'], resources: Resource[]): CourseEvent => ({
    ...{ at, course: 0, what },
    bundle: transaction(resources),
  });
  const agreed = { ...first, SkriftligSamtyk: '1', DatoSamtykke: dateOf(consented) };
  return [
    event(referred, 'referred', referral),
    event(assessed, 'assessed', [assessment(assessed, first)]),
    event(consented, 'consented', [assessment(consented, agreed)]),
  ];
}

function formOf(forms: Story['forms'], name: string): Questionnaire {
  const form = forms.get(name);
  if (form === undefined) throw new Error(`The form ${name} is not there`);
  return form;
}
