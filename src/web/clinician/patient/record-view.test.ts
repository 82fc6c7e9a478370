import type {
  Consent,
  Observation,
  Patient,
  PlanDefinition,
  Questionnaire,
  QuestionnaireResponse,
  Task,
} from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import type { PatientRecord } from './fetch-record.ts';
import { measuredOf, timelineOf, titleOf } from './record-view.ts';

const patient: Patient = { resourceType: 'Patient', id: 'p', birthDate: '1969-11-13' };
const answer: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  id: 'r1',
  status: 'completed',
  questionnaire: 'https://example.org/Questionnaire/hads|1.0.0',
  authored: '2026-03-04T10:00:00Z',
  basedOn: [{ reference: 'ServiceRequest/s1' }],
};
const order: Task = {
  resourceType: 'Task',
  id: 't1',
  status: 'completed',
  intent: 'order',
  code: { coding: [{ code: 'complete-questionnaire' }] },
  description: 'HADS',
  focus: { reference: 'EpisodeOfCare/e1' },
  businessStatus: { coding: [{ code: 'answered' }] },
  restriction: { period: { start: '2026-03-02T15:30:00Z' } },
  output: [{ type: {}, valueReference: { reference: 'QuestionnaireResponse/r1' } }],
};
const record: PatientRecord = {
  patient,
  courses: [
    {
      resourceType: 'EpisodeOfCare',
      id: 'e1',
      status: 'active',
      patient: { reference: 'Patient/p' },
      period: { start: '2026-03-02' },
      referralRequest: [{ reference: 'ServiceRequest/s1' }],
    },
  ],
  tasks: [order, { ...order, id: 't2', businessStatus: { coding: [{ code: 'planned' }] } }],
  consents: [],
  observations: [
    {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'omeq', display: 'OMEQ' }] },
      effectiveDateTime: '2026-03-02',
      dataAbsentReason: { text: 'Ikke besvart' },
    },
  ],
  responses: [answer, { ...answer, id: 'r2', authored: '2026-03-03T10:00:00Z' }],
  rules: [],
  plans: [] satisfies PlanDefinition[],
  forms: new Map([
    [
      'https://example.org/Questionnaire/hads',
      { resourceType: 'Questionnaire', status: 'active', title: 'HADS (tittel)', language: 'nb' },
    ],
  ]),
};

const names = { course: () => 'Forløp', consents: { active: 'Samtykke: ja' }, language: 'nb' } as const;

test('what was sent, what the patient answered and what staff filled in are told apart', () => {
  const [course] = timelineOf(record, names);
  expect(course?.events.map(({ kind, at, title }) => [kind, at.slice(0, 10), title])).toEqual([
    ['order', '2026-03-02', 'HADS'],
    ['answer', '2026-03-04', 'HADS (tittel)'],
    ['form', '2026-03-03', 'HADS (tittel)'],
  ]);
});

test('what a patient has begun and not sent is no event', () => {
  const begun: QuestionnaireResponse = { ...answer, status: 'in-progress', author: { reference: 'Patient/p' } };
  expect(timelineOf({ ...record, responses: [begun] }, names)[0]?.events.map(({ kind }) => kind)).toEqual(['order']);
});

test('a consent is told in words, and what was entered in error not at all', () => {
  const consent: Consent = {
    resourceType: 'Consent',
    status: 'active',
    scope: {},
    category: [],
    dateTime: '2026-03-02',
    provision: { provision: [{ data: [{ meaning: 'instance', reference: { reference: 'EpisodeOfCare/e1' } }] }] },
  };
  const wrong = { ...answer, status: 'entered-in-error' } as const;
  const consents = [consent, { ...consent, status: 'entered-in-error' } as const];
  const [course] = timelineOf({ ...record, tasks: [], responses: [wrong], consents }, names);
  expect(course?.events.map(({ title }) => title)).toEqual(['Samtykke: ja']);
});

test('titles of forms are in the language of the page', () => {
  const url = 'https://example.org/Questionnaire/hads';
  const translation = [
    { url: 'lang', valueCode: 'en' },
    { url: 'content', valueString: 'HADS (title)' },
  ];
  const form: Questionnaire = {
    ...{ resourceType: 'Questionnaire', status: 'active', language: 'nb', title: 'HADS (tittel)' },
    _title: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/translation', extension: translation }] },
  } as Questionnaire;
  const [course] = timelineOf({ ...record, tasks: [], forms: new Map([[url, form]]) }, { ...names, language: 'en' });
  expect(new Set(course?.events.map(({ title }) => title))).toEqual(new Set(['HADS (title)']));
});

test('a score without any value is named, not drawn', () => {
  expect(measuredOf(record, 'nb')).toMatchObject({ scores: [], omeq: undefined, empty: ['OMEQ'] });
});

test('opioid doses stand apart from the other scores, whatever their code is', () => {
  const dose = (code: string): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ code }] },
    effectiveDateTime: '2026-03-02',
    valueQuantity: { value: 40 },
  });
  const of = (code: string, kind: string) => ({ code, display: { nb: code }, bands: [], aggregate: { kind } });
  const rules = [{ scores: [of('dose', 'omeq'), of('pain', 'sum')] }] as unknown as PatientRecord['rules'];
  const measured = measuredOf({ ...record, rules, observations: [dose('pain'), dose('dose')] }, 'nb');
  expect(measured.omeq?.code).toBe('dose');
  expect(measured.scores.map(({ code }) => code)).toEqual(['pain']);
});

test('a form that is not known goes by the end of its address', () => {
  expect(titleOf(new Map(), answer, 'nb')).toBe('hads');
});
