import type { Bundle, Consent, Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { identifierSystem } from '../names.ts';
import { instantOf, type LocalDate, localOf, nextTimeOfDay, plusDays, plusLocalDays } from '../zone.ts';
import { drawAnswers, type Given } from './draw-answers.ts';
import { syntheticNationalNumber } from './national-number.ts';
import { between, oneOf } from './random.ts';
import { drawAdmission } from './smertereg-admission.ts';

/** Something that happens to a synthetic course, as one transaction at one time. */
export interface CourseEvent {
  readonly at: Date;
  readonly course: number;
  readonly what: 'referred' | 'assessed' | 'consented' | 'changed' | 'answered' | 'ended' | 'withdrawn';
  readonly bundle: Bundle;
}

export interface Story {
  readonly count: number;
  /** The first day of referrals, and the number of days that they are spread over. */
  readonly from: LocalDate;
  readonly days: number;
  readonly random: () => number;
  /** References of the hospitals' Organizations: of the demo's, which have a building and wards by their own id. */
  readonly hospitals: readonly string[];
  /** The forms, by the last segment of their url. */
  readonly forms: ReadonlyMap<string, Questionnaire>;
}

const zone = 'Europe/Oslo';
const hourMs = 3_600_000;
const dispatchTime = { hour: 16, minute: 30, second: 0 };
const landscape = ['Bekk', 'Eng', 'Fjell', 'Foss', 'Hage', 'Lund', 'Myr', 'Skog', 'Tind', 'Vik'];

/**
 * Synthetic SmerteReg courses for the demo, as transactions in the order of time: referral, TO form, consent, answers to
 * the forms that the patient will have been sent, B2.2, now and then a change or a withdrawal. People are plainly
 * invented: their numbers are of the synthetic series, their names say so. The same random source gives the same courses.
 */
export function smerteregCourses(story: Story): CourseEvent[] {
  const events: CourseEvent[] = [];
  for (let course = 1; course <= story.count; course += 1) {
    events.push(...oneCourse(story, course));
  }
  return events.sort((left, right) => left.at.getTime() - right.at.getTime() || left.course - right.course);
}

function oneCourse(story: Story, course: number): CourseEvent[] {
  const { random } = story;
  const key = String(course).padStart(4, '0');
  const referred = instantOf(
    plusDays(story.from, between(random, 0, story.days - 1)),
    { hour: between(random, 8, 15), minute: between(random, 0, 59), second: 0 },
    zone,
  );
  const assessed = new Date(referred.getTime() + between(random, 1, 20) * hourMs);
  const ended = plusLocalDays(assessed, between(random, 2, 15), zone);
  const { resources, born, hospital } = referral(story, key, course, referred);
  const facts = drawFacts(random, dateOf(referred), dateOf(assessed));
  const events: CourseEvent[] = [];
  const tell = (at: Date, what: CourseEvent['what'], ...resources: Resource[]) =>
    events.push({ at, course, what, bundle: transaction(resources) });
  const response = (
    form: string,
    at: Date,
    status: QuestionnaireResponse['status'],
    given: Given,
  ): QuestionnaireResponse => {
    const questionnaire = story.forms.get(form);
    if (questionnaire === undefined) throw new Error(`The form ${form} is not there`);
    const item =
      form === 'smertereg-b11'
        ? drawAdmission(questionnaire, random, hospital, dateOf(at))
        : drawAnswers(questionnaire, random, given);
    return {
      resourceType: 'QuestionnaireResponse',
      id: `demo-${form}-${key}`,
      basedOn: [{ reference: `ServiceRequest/demo-${key}` }],
      questionnaire: `${questionnaire.url}|${questionnaire.version}`,
      status,
      subject: { reference: `Patient/demo-${key}` },
      authored: at.toISOString(),
      ...(item.length === 0 ? {} : { item }),
    };
  };
  const patientAnswers = (form: string, sent: Date): void => {
    const luck = random();
    const days = luck < 0.55 ? between(random, 0, 2) : luck < 0.75 ? between(random, 3, 5) : undefined;
    if (days === undefined) return;
    const at = new Date(plusLocalDays(sent, days, zone).getTime() + between(random, 30, 900) * 60_000);
    tell(at, 'answered', response(form, at, 'completed', {}));
  };

  const adult = text({ ...born, year: born.year + 18 }) <= dateOf(assessed);
  tell(referred, 'referred', ...resources);
  tell(
    assessed,
    'assessed',
    response('smertereg-to', assessed, 'in-progress', facts.first),
    response('smertereg-b11', assessed, 'completed', {}),
    ...(facts.seen ? [response('smertereg-b12', assessed, 'completed', drawPain(random, '12', dateOf(assessed)))] : []),
  );
  let included: Date | undefined;
  if (facts.open && adult && facts.consent !== undefined) {
    const consented = new Date(assessed.getTime() + between(random, 1, 30) * hourMs);
    tell(
      consented,
      'consented',
      response('smertereg-to', consented, 'in-progress', { ...facts.first, ...facts.consent }),
    );
    included = facts.included ? consented : undefined;
  }
  if (included !== undefined) {
    const sent = nextTimeOfDay(included, dispatchTime, zone);
    patientAnswers('smertereg-pasreg', sent);
    patientAnswers('hads', new Date(sent.getTime() + 2 * 60_000));
  }
  const leaves = included === undefined ? 1 : random();
  // what is locked says whether the patient was asked, where consent is open
  const whole = { ...facts.first, ...(facts.open && adult ? (facts.consent ?? notAsked) : silent) };
  const left = leaves < 0.06 ? new Date(ended.getTime() - 6 * hourMs) : undefined;
  if (left !== undefined && leaves < 0.03) {
    tell(left, 'changed', response('smertereg-to', left, 'completed', whole));
    tell(left, 'withdrawn', withdrawal(key, left));
  } else if (left !== undefined) {
    tell(left, 'changed', response('smertereg-to', left, 'completed', { ...facts.first, ...silent, KognSvekket: '1' }));
  } else {
    tell(ended, 'changed', response('smertereg-to', ended, 'completed', whole));
  }
  if (facts.seen) {
    const at = new Date(ended.getTime() + hourMs);
    tell(
      at,
      'ended',
      response('smertereg-b21', at, 'completed', drawPain(random, '21', dateOf(ended))),
      response('smertereg-b22', at, 'completed', drawEnd(random, dateOf(ended))),
    );
    if (included !== undefined && left === undefined) {
      patientAnswers('smertereg-eval', nextTimeOfDay(at, dispatchTime, zone));
      patientAnswers('smertereg-opioid', instantOf(plusDays(localOf(ended, zone), 28), dispatchTime, zone));
    }
  }
  // what was not answered when the course left the registry is asked no more
  return events.filter(({ what, at }) => what !== 'answered' || left === undefined || at <= left);
}

/** The fields of consent, closed. */
const silent: Given = { SkriftligSamtyk: undefined, DatoSamtykke: undefined, TypeManglSamt: undefined };
const notAsked: Given = { SkriftligSamtyk: '0', TypeManglSamt: '3' };

interface Facts {
  readonly seen: boolean;
  /** Of the criteria of inclusion all but the age are met. */
  readonly open: boolean;
  readonly included: boolean;
  readonly first: Given;
  /** Undefined: never asked. */
  readonly consent: Given | undefined;
}

/** Shares are plausible, not measured: this is a demo. */
function drawFacts(random: () => number, referred: string, assessed: string): Facts {
  const chance = (share: number): boolean => random() < share;
  const seen = chance(0.88);
  const written = chance(0.93);
  const speaks = chance(0.94);
  const clear = chance(0.87);
  const first: Given = {
    HenvistDato: referred,
    HenvistVia: written ? ['Tilsynsanmodnin'] : ['TelefonCalling'],
    StartdatoTO: assessed,
    Tilsett: seen ? '1' : oneOf(random, ['2', '3', '4', '5']),
    Norsktalende: speaks ? '1' : '0',
    KognSvekket: clear ? '0' : '1',
    ...silent,
  };
  const open = seen && speaks && clear;
  const asked = open && written && chance(0.9);
  const agrees = chance(0.82);
  const consent: Given | undefined = !asked
    ? undefined
    : agrees
      ? { SkriftligSamtyk: '1', DatoSamtykke: assessed }
      : { SkriftligSamtyk: '0', TypeManglSamt: oneOf(random, ['1', '2', '3']) };
  return { seen, open, included: asked && agrees, first, consent };
}

/** Pain at the first visit (`12`) or the last (`21`): the strongest is no less than the weakest. */
function drawPain(random: () => number, form: '12' | '21', day: string): Given {
  const [rest, moving] = [between(random, 1, 8), between(random, 2, 10)];
  return {
    [`Regdato${form}`]: day,
    [`AngiNRS${form}`]: '1',
    [`StSmRo${form}`]: String(rest),
    [`SvSmRo${form}`]: String(between(random, 0, rest)),
    [`StSmBev${form}`]: String(moving),
    [`SvSmBev${form}`]: String(between(random, 0, moving)),
  };
}

/** What is treated how, at the end of a course; what follows from these answers is drawn. */
function drawEnd(random: () => number, SluttDato: string): Given {
  const block = (share: number): string => (random() < share ? '1' : '0');
  const [SentralBlokk, PeriferBlokk] = [block(0.2), block(0.15)];
  return {
    SluttDato,
    Behandler: random() < 0.6 ? ['Lege', 'SykPleier'] : ['SykPleier'],
    MedBeh22: '1',
    MedBeh22Type: random() < 0.8 ? ['Op22', 'NOp22'] : ['NOp22'],
    SentralBlokk,
    ...(SentralBlokk === '1' ? { Kompl1d: '0' } : {}),
    PeriferBlokk,
    ...(PeriferBlokk === '1' ? { Kompl1e: '0' } : {}),
    OppfSmeKl: random() < 0.3 ? '1' : '0',
  };
}

/** A patient takes the consent back: the registry itself notes it, whatever the locked form says. */
function withdrawal(key: string, at: Date): Consent {
  return {
    resourceType: 'Consent',
    id: `demo-withdrawal-${key}`,
    status: 'inactive',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] },
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'RESEARCH' }] }],
    patient: { reference: `Patient/demo-${key}` },
    dateTime: at.toISOString(),
    policy: [{ uri: 'https://svar.example.org/fhir/policy/smertereg-samtykke' }],
    policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTIN' }] },
    provision: { provision: [{ type: 'deny' }] },
  };
}

function referral(
  story: Story,
  key: string,
  course: number,
  at: Date,
): { resources: Resource[]; born: LocalDate; hospital: string } {
  const { random } = story;
  const sex = oneOf(random, ['male', 'female'] as const);
  const year = localOf(at, zone).year - (random() < 0.03 ? between(random, 14, 17) : between(random, 19, 90));
  const born = { year, month: between(random, 1, 12), day: between(random, 1, 28) };
  const managingOrganization = { reference: oneOf(random, story.hospitals) };
  const patient = { reference: `Patient/demo-${key}` };
  const resources: Resource[] = [
    {
      resourceType: 'Patient',
      id: `demo-${key}`,
      identifier: [
        { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: syntheticNationalNumber(born, sex, course % 100) },
      ],
      name: [{ family: `${oneOf(random, landscape)}-${key}`, given: ['Syntetisk'] }],
      gender: sex,
      birthDate: text(born),
    },
    {
      resourceType: 'ServiceRequest',
      id: `demo-${key}`,
      status: 'active',
      intent: 'order',
      subject: patient,
      authoredOn: at.toISOString(),
    },
    {
      resourceType: 'EpisodeOfCare',
      id: `demo-${key}`,
      identifier: [{ system: identifierSystem.course, value: `demo-${key}` }],
      status: 'active',
      patient,
      managingOrganization,
      period: { start: at.toISOString() },
      referralRequest: [{ reference: `ServiceRequest/demo-${key}` }],
    },
  ];
  return { resources, born, hospital: managingOrganization.reference.split('/')[1] ?? '' };
}

/** @param resources stored by their own ids */
export function transaction(resources: readonly Resource[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  };
}

/** The day in the registry's time zone, as FHIR writes it. */
export function dateOf(instant: Date): string {
  return text(localOf(instant, zone));
}

function text({ year, month, day }: LocalDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
