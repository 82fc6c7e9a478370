import type { Bundle, MeasureReport, OperationOutcome, Parameters } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { syntheticNumber } from '../rights/kit.ts';

const NATIONAL = 'ResearchStudy/smertereg';
const MARCH = 'start=2026-03-01&end=2026-03-31';
const HAUKELAND = 'Organization/haukeland';
const ST_OLAVS = 'Organization/st-olavs';

const CONSENTED: ToAnswers = {
  Tilsett: '1',
  Norsktalende: '1',
  KognSvekket: '0',
  SkriftligSamtyk: '1',
  DatoSamtykke: '2026-03-02',
};
const ASKED: ToAnswers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' };
const NOT_SEEN: ToAnswers = { Tilsett: '2' };

let server: TestServer;
let admin: Rest;
let ehr: Rest;
let lu: Rest;
let lc: Rest;
let sc: Rest;
let lcElsewhere: Rest;
let patients = 0;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-04-02T08:00:00+02:00', background: false, identity: true });
  admin = rest(server.base, basic('demo-admin'));
  ehr = rest(server.base, basic('demo-ehr'));
  [lu, lc, sc, lcElsewhere] = (await Promise.all(['lu', 'lc', 'sc', 'lu2'].map((who) => signedIn(server, who)))).map(
    (credentials) => rest(server.base, credentials),
  ) as [Rest, Rest, Rest, Rest];
  await course(CONSENTED);
  await course(ASKED);
  await course(NOT_SEEN);
  await referralAlone('2026-03-31');
  await course(CONSENTED, { start: '2026-02-27' });
  await course(CONSENTED, { hospital: 'st-olavs' });
});

afterAll(() => server.close());

const who = () => {
  patients += 1;
  return { fnr: syntheticNumber(patients), birthDate: '1969-11-13' };
};

async function course(answers: ToAnswers, where: { hospital?: string; start?: string } = {}, of = who()) {
  const { hospital = 'haukeland', start = '2026-03-02' } = where;
  const made = await refer(admin, { ...of, hospital, start });
  const items = toItems(answers).map((item) =>
    ['HenvistDato', 'StartdatoTO'].includes(item.linkId) ? { ...item, answer: [{ valueDate: start }] } : item,
  );
  const to = await admin.post(
    'QuestionnaireResponse',
    response(made, 'smertereg-to', 'in-progress', items, `${start}T09:00:00+01:00`),
  );
  expect([to.status, to.status === 201 ? '' : JSON.stringify(to.body)]).toEqual([201, '']);
  return made;
}

/** A referral that nobody has made a course of. */
async function referralAlone(authoredOn: string): Promise<void> {
  const { body: patient } = await ehr.post('Patient', { resourceType: 'Patient', name: [{ family: 'Testpasient' }] });
  const made = await ehr.post('ServiceRequest', {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${patient.id}` },
    authoredOn,
  });
  expect(made.status).toBe(201);
}

async function reports(client: Rest, query: string, study = NATIONAL): Promise<MeasureReport[]> {
  const { status, body } = await client.get<Bundle<MeasureReport>>(`${study}/$coverage?${query}`);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  return (body.entry ?? []).flatMap(({ resource }) => resource ?? []);
}

/** [referred, registered, eligible, national] */
function numbers({ group = [] }: MeasureReport): (number | undefined)[] {
  return group.flatMap(({ population = [] }) => population.map(({ count }) => count));
}

const load = (client: Rest, given: { start: string; end: string; count: number; hospital?: string }) => {
  const { hospital = HAUKELAND, start, end, count } = given;
  const body: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'hospital', valueReference: { reference: hospital } },
      { name: 'start', valueDate: start },
      { name: 'end', valueDate: end },
      { name: 'count', valueInteger: count },
    ],
  };
  return client.post<MeasureReport | OperationOutcome>(`${NATIONAL}/$load-count`, body);
};

describe('"coverage per period and hospital, in courses: registered of referred …, and national of eligible"', () => {
  test('a hospital is told its own: a referral without a course is referred and not registered', async () => {
    for (const client of [lu, lc, ehr]) {
      const [report, ...more] = await reports(client, MARCH);
      expect(more).toEqual([]);
      expect([report?.reporter?.reference, report?.period]).toEqual([
        HAUKELAND,
        { start: '2026-03-01', end: '2026-03-31' },
      ]);
      expect(numbers(report as MeasureReport)).toEqual([4, 3, 2, 1]);
      expect(report?.group?.map(({ measureScore }) => measureScore?.value)).toEqual([0.75, 0.5]);
    }
  });

  test('in courses, not patients: who is registered twice counts twice', async () => {
    const of = { fnr: syntheticNumber(90), birthDate: '1969-11-13' };
    const first = await course(CONSENTED, { start: '2026-01-05' }, of);
    const again = await admin.post('ServiceRequest', {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: `Patient/${first.patient}` },
      authoredOn: '2026-01-20',
    });
    await admin.post('EpisodeOfCare', {
      resourceType: 'EpisodeOfCare',
      status: 'active',
      patient: { reference: `Patient/${first.patient}` },
      managingOrganization: { reference: HAUKELAND },
      referralRequest: [{ reference: `ServiceRequest/${again.body.id}` }],
      period: { start: '2026-01-20' },
    });
    const to = response(
      { ...first, referral: again.body.id ?? '' },
      'smertereg-to',
      'in-progress',
      toItems(NOT_SEEN),
      '2026-01-20T09:00:00+01:00',
    );
    expect((await admin.post('QuestionnaireResponse', to)).status).toBe(201);
    const [report] = await reports(lc, 'start=2026-01-01&end=2026-01-31');
    expect(numbers(report as MeasureReport)).toEqual([2, 2, 1, 1]);
  });

  test('the system coordinator is told the numbers of all hospitals, others their own alone', async () => {
    const all = await reports(sc, MARCH);
    expect(all.map((each) => [each.reporter?.reference, numbers(each)])).toEqual([
      [HAUKELAND, [4, 3, 2, 1]],
      [ST_OLAVS, [1, 1, 1, 1]],
      ['Organization/unn', [0, 0, 0, 0]],
    ]);
    // numbers alone: no id of a course or a patient
    expect(JSON.stringify(all)).not.toMatch(/Patient|EpisodeOfCare|ServiceRequest\//);
    const refused = await lc.get<OperationOutcome>(`${NATIONAL}/$coverage?${MARCH}&hospital=${ST_OLAVS}`);
    expect(refused.status).toBe(403);
    const [own] = await reports(lcElsewhere, MARCH);
    expect([own?.reporter?.reference, numbers(own as MeasureReport)]).toEqual([ST_OLAVS, [1, 1, 1, 1]]);
  });

  test("a local study is its hospital's, and no patient and nobody without a role is told", async () => {
    const [own] = await reports(lc, MARCH, 'ResearchStudy/smertereg-haukeland');
    expect(numbers(own as MeasureReport)).toEqual([4, 3, 2, 1]);
    expect((await lc.get(`ResearchStudy/smertereg-st-olavs/$coverage?${MARCH}`)).status).toBe(403);
    const patient = rest(server.base, await signedIn(server, 'patient'));
    expect((await patient.get(`${NATIONAL}/$coverage?${MARCH}`)).status).toBe(403);
  });

  test('a course that is taken away is neither registered nor national', async () => {
    const gone = await course(CONSENTED, { start: '2025-06-10' });
    const [before] = await reports(lc, 'start=2025-06-01&end=2025-06-30');
    expect(numbers(before as MeasureReport)).toEqual([1, 1, 1, 1]);
    const { body } = await admin.get(`EpisodeOfCare/${gone.episode}`);
    expect((await admin.put(`EpisodeOfCare/${gone.episode}`, { ...body, status: 'cancelled' })).status).toBe(200);
    const [after] = await reports(lc, 'start=2025-06-01&end=2025-06-30');
    expect(numbers(after as MeasureReport)).toEqual([1, 0, 0, 0]);
  });
});

test('whose record is restricted is in no count', async () => {
  const { patient } = await course(CONSENTED, { start: '2025-09-10' });
  const days = 'start=2025-09-01&end=2025-09-30';
  expect(numbers((await reports(lc, days))[0] as MeasureReport)).toEqual([1, 1, 1, 1]);
  const reason = [{ name: 'reason', valueString: 'Pasienten bestrider opplysningene' }];
  const restricted = await lc.post(`Patient/${patient}/$restrict`, { resourceType: 'Parameters', parameter: reason });
  expect([restricted.status, restricted.status === 200 ? '' : JSON.stringify(restricted.body)]).toEqual([200, '']);
  for (const client of [lc, sc]) {
    const [report] = await reports(client, `${days}&hospital=${HAUKELAND}`);
    expect(numbers(report as MeasureReport)).toEqual([0, 0, 0, 0]);
  }
});

describe('"or a loaded count"', () => {
  test('takes the place of the referrals that are here where it is for exactly the period', async () => {
    expect((await load(lc, { start: '2026-03-01', end: '2026-03-31', count: 10 })).status).toBe(201);
    const [report] = await reports(lc, MARCH);
    expect(numbers(report as MeasureReport)).toEqual([10, 3, 2, 1]);
    expect(report?.group?.[0]?.measureScore?.value).toBe(0.3);
    expect(report?.group?.[0]?.population?.map(({ extension }) => extension?.[0]?.valueCode)).toEqual([
      'loaded',
      'counted',
    ]);
    // a part of a period is not told as the whole
    const [longer] = await reports(lc, 'start=2026-02-01&end=2026-03-31');
    expect(numbers(longer as MeasureReport)[0]).toBe(5);
  });

  test('of months that follow each other is summed, and loaded again it is replaced', async () => {
    for (const [start, end, count] of [
      ['2026-03-01', '2026-03-31', 12],
      ['2026-02-01', '2026-02-28', 7],
    ] as const) {
      expect([200, 201]).toContain((await load(ehr, { start, end, count })).status);
    }
    const [both] = await reports(lc, 'start=2026-02-01&end=2026-03-31');
    expect(numbers(both as MeasureReport)[0]).toBe(19);
    expect((await sc.get<Bundle>(`MeasureReport?_count=1`)).status).toBe(403);
  });

  test("is for the local coordinator and the hospital's own system", async () => {
    const given = { start: '2026-03-01', end: '2026-03-31', count: 1 };
    for (const client of [lu, sc]) expect((await load(client, given)).status).toBe(403);
    expect((await load(lc, { ...given, hospital: ST_OLAVS })).status).toBe(403);
    const empty = await lc.post<OperationOutcome>(`${NATIONAL}/$load-count`, { resourceType: 'Parameters' });
    expect([empty.status, empty.body.issue?.[0]?.code]).toEqual([400, 'required']);
  });
});

test.each([
  ['start=2026-13-01&end=2026-12-31', 400],
  ['start=2026-02-30', 400],
  ['start=2026-04-01&end=2026-03-01', 400],
  ['from=2026-03-01', 400],
  ['hospital=Organization/nowhere', 403],
])('$coverage with %s is refused with %i', async (query, status) => {
  expect((await lc.get(`${NATIONAL}/$coverage?${query}`)).status).toBe(status);
});
