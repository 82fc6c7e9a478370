import { readFile } from 'node:fs/promises';
import type { Consent, ResearchStudy } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadProduct } from '../../src/packages/product.ts';
import { loaderOf } from '../../src/server/loader.ts';
import { type Course, date, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { call } from '../rights/kit.ts';
import {
  consented,
  consents,
  eligible,
  everybody,
  impaired,
  newCourse,
  notSeen,
  orders,
  places,
  saveTo,
  type Who,
} from './course-kit.ts';

const CONFIGURATION = new URL(
  '../../configurations/smertereg-reservation/research-study-national.json',
  import.meta.url,
);

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;
let asShipped: string[];
let configured: ResearchStudy;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false, testClock: '2026-03-02T08:00:00+01:00' });
  as = await everybody(server);
  asShipped = await places(as.admin, await started('2026-03-02', eligible));
  configured = JSON.parse(await readFile(CONFIGURATION, 'utf8')) as ResearchStudy;
  expect((await as.admin.put('ResearchStudy/smertereg', configured)).status).toBe(200);
});

afterAll(() => server.close());

const national = ['national on-study'];
const reserved = ['local not-registered reserved'];

/** A course that started on a day, or at an instant. */
async function started(start: string, answers: ToAnswers, day = start): Promise<Course & { readonly to: string }> {
  const course = await newCourse(as.ehr, { start });
  const { status, body } = await as.admin.post<{ id: string }>('QuestionnaireResponse', {
    resourceType: 'QuestionnaireResponse',
    questionnaire: 'https://svar.example.org/fhir/Questionnaire/smertereg-to|1.0.0',
    status: 'in-progress',
    subject: { reference: `Patient/${course.patient}` },
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    authored: '2026-03-02T09:00:00+01:00',
    item: toItems(answers).map((item) =>
      item.linkId.endsWith('O') || item.linkId === 'HenvistDato' ? date(item.linkId, day) : item,
    ),
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return { ...course, to: body.id };
}

/** A reservation against the registry, for all courses, as a hospital's system registers it. */
const reservation = ({ patient }: Course): Consent => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] },
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'RESEARCH' }] }],
  patient: { reference: `Patient/${patient}` },
  dateTime: '2026-03-02T08:30:00+01:00',
  policy: [{ uri: 'https://svar.example.org/fhir/policy/smertereg-samtykke' }],
  policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTOUT' }] },
});

test('The shipped package and the demo use consent, as the manual does', () => {
  expect(asShipped).toEqual(['local eligible consent-awaited']);
});

test('reservation is a second tested configuration: loaded over the shipped one, it stays at the next start', async () => {
  await loadProduct(loaderOf(server.fhir), () => undefined);
  const { body } = await as.admin.get<ResearchStudy>('ResearchStudy/smertereg');
  expect(body.extension).toEqual(configured.extension);
});

test('The legal basis in force at the start date governs a course', async () => {
  const before = await started('2022-11-30', eligible);
  const after = await started('2022-12-01', eligible);
  expect([await places(as.lu, before), await places(as.lu, after)]).toEqual([
    ['local eligible consent-awaited'],
    national,
  ]);
  expect([await consents(as.lu, before), await consents(as.lu, after)]).toEqual([['proposed'], []]);
  // half an hour into the first of December, in the registry's calendar
  expect(await places(as.lu, await started('2022-11-30T23:30:00Z', eligible, '2022-12-01'))).toEqual(national);
  const agreed = await started('2022-11-30', consented);
  expect(await places(as.lu, agreed)).toEqual(national);
});

test('where "eligible and not reserved" takes consent\'s place as trigger: of membership and of orders', async () => {
  const course = await started('2026-03-02', { Tilsett: '1', Norsktalende: '1' });
  expect([await places(as.lu, course), await orders(as.lu, course)]).toEqual([
    ['local candidate ikke-kognitivt-svekket'],
    [],
  ]);
  expect((await saveTo(as.lu, course, eligible, { id: course.to })).status).toBe(200);
  expect(await places(as.lu, course)).toEqual(national);
  expect(await orders(as.lu, course)).toEqual(['eval planned', 'hads ordered', 'opioid planned', 'pasreg ordered']);
  for (const answers of [impaired, notSeen]) {
    const { to: _, ...other } = await started('2026-03-02', answers);
    expect((await places(as.lu, other))[0]).toContain('local ineligible');
  }
});

test('a reservation ends the memberships of all courses that reservation governs, and their orders, in that commit', async () => {
  const course = await started('2026-03-02', eligible);
  const stored = await as.ehr.post<Consent>('Consent', reservation(course));
  expect([stored.status, stored.body]).toEqual([201, expect.anything()]);
  expect(await places(as.lu, course)).toEqual(reserved);
  expect((await orders(as.lu, course)).filter((order) => !order.endsWith(' stopped'))).toEqual([]);
  const lifted = await as.ehr.put(`Consent/${stored.body.id}`, { ...stored.body, status: 'inactive' });
  // who may lift it is the policies' to say: a hospital's system does not take back what stands
  expect([200, 403]).toContain(lifted.status);
  expect((await as.admin.put(`Consent/${stored.body.id}`, { ...stored.body, status: 'inactive' })).status).toBe(200);
  expect(await places(as.lu, course)).toEqual(national);
});

test("under reservation, a no in the patient's own hand is a reservation; a withdrawal is one", async () => {
  const given = {
    registry: 'https://svar.example.org/fhir/PlanDefinition/smertereg',
    text: 'https://svar.example.org/fhir/consent-text/smertereg|1.0',
  };
  for (const [decision, place] of [
    ['refuse', reserved],
    ['withdraw', ['local not-registered consent-withdrawn']],
  ] as const) {
    const course = await started('2026-03-02', eligible);
    const signed = await call(as.admin, `Patient/${course.patient}/$sign-consent`, { ...given, decision });
    expect([signed.status, signed.body]).toEqual([200, expect.anything()]);
    expect(await places(as.lu, course)).toEqual(place);
  }
});

test('the form is not asked about consent where reservation governs: what it says decides nothing', async () => {
  const course = await started('2026-03-02', { ...eligible, SkriftligSamtyk: '0', TypeManglSamt: '3' });
  expect([await places(as.lu, course), await consents(as.lu, course)]).toEqual([national, []]);
});
