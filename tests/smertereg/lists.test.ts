import type { Bundle, Patient, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, choice, date, refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { syntheticNumber } from '../rights/kit.ts';

const HAUKELAND = 'Organization/haukeland';
const CONSENTED: ToAnswers = {
  Tilsett: '1',
  Norsktalende: '1',
  KognSvekket: '0',
  SkriftligSamtyk: '1',
  DatoSamtykke: '2026-03-02',
};
const NOT_SEEN: ToAnswers = { Tilsett: '2' };
const WORKLIST = `Task?code=register-course&status=in-progress&owner=${HAUKELAND}&_include=Task:patient`;
const DELIVERED = 'Task?code=register-course&status=completed&_include=Task:patient';
const PATIENT_FORMS = 'Task?code=complete-questionnaire&_include=Task:patient';

let server: TestServer;
let admin: Rest;
let lu: Rest;
let lc: Rest;
let luElsewhere: Rest;
let seen: Course;
let notSeen: Course;
let elsewhere: Course;
let old: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false, identity: true });
  admin = rest(server.base, basic('demo-admin'));
  [lu, lc, luElsewhere] = (await Promise.all(['lu', 'lc', 'lu2'].map((who) => signedIn(server, who)))).map(
    (credentials) => rest(server.base, credentials),
  ) as [Rest, Rest, Rest];
  seen = await course(1, CONSENTED);
  notSeen = await course(2, NOT_SEEN);
  elsewhere = await course(3, CONSENTED, { hospital: 'st-olavs' });
  old = await course(4, NOT_SEEN, { start: '2025-11-20', birthDate: '1940-01-01' });
});

afterAll(() => server.close());

async function course(
  number: number,
  answers: ToAnswers,
  { start = '2026-03-02', hospital = 'haukeland', birthDate = '1969-11-13' } = {},
): Promise<Course> {
  const who = birthDate === '1969-11-13' ? { fnr: syntheticNumber(number), birthDate } : { birthDate };
  const made = await refer(admin, { ...who, hospital, start });
  const items = toItems(answers).map((item) =>
    ['HenvistDato', 'StartdatoTO'].includes(item.linkId) ? { ...item, answer: [{ valueDate: start }] } : item,
  );
  const to = response(made, 'smertereg-to', 'in-progress', items, `${start}T09:00:00+01:00`);
  const saved = await admin.post('QuestionnaireResponse', to);
  expect([saved.status, saved.status === 201 ? '' : JSON.stringify(saved.body)]).toEqual([201, '']);
  return made;
}

interface Found {
  readonly tasks: readonly Task[];
  readonly patients: readonly Patient[];
}

/** One request, all of whose answer is one page. */
async function inOneRequest(client: Rest, query: string): Promise<Found> {
  const { status, body } = await client.get<Bundle<Resource>>(`${query}&_count=200`);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  expect(body.link?.some(({ relation }) => relation === 'next')).toBe(false);
  const all = (body.entry ?? []).flatMap(({ resource }) => resource ?? []);
  return {
    tasks: all.filter((one): one is Task => one.resourceType === 'Task'),
    patients: all.filter((one): one is Patient => one.resourceType === 'Patient'),
  };
}

const courses = ({ tasks }: Found) => tasks.map(({ focus }) => focus?.reference?.split('/')[1]).sort();
const ids = (...of: Course[]) => of.map(({ episode }) => episode).sort();

/** The state of each form, by the registry's label. */
function states(task: Task | undefined): Record<string, string | undefined> {
  const forms = (task?.output ?? []).filter(({ type }) => type.coding?.some(({ code }) => code === 'form'));
  return Object.fromEntries(
    forms.map(({ type, valueCodeableConcept }) => [type.text ?? '', valueCodeableConcept?.coding?.[0]?.code]),
  );
}

describe('"worklist and patient-form list as searches that answer in one request with each form\'s state"', () => {
  test("the worklist holds the hospital's courses that are being registered, with their patients and the state of each form", async () => {
    for (const client of [lu, lc]) {
      const found = await inOneRequest(client, WORKLIST);
      expect(courses(found)).toEqual(ids(seen, notSeen, old));
      expect(found.patients.map(({ id }) => id).sort()).toEqual([seen.patient, notSeen.patient, old.patient].sort());
      const of = (course: Course) =>
        found.tasks.find(({ focus }) => focus?.reference === `EpisodeOfCare/${course.episode}`);
      expect(states(of(seen))).toMatchObject({ TO: 'in-progress', B22: 'empty' });
      expect(states(of(notSeen))).toMatchObject({ TO: 'in-progress', B22: 'not-open' });
      expect([of(seen), of(notSeen)].map((task) => task?.businessStatus?.coding?.[0]?.code)).toEqual(['3', '1']);
    }
  });

  test('the worklist of another hospital is not there, whoever asks for it', async () => {
    expect(courses(await inOneRequest(luElsewhere, WORKLIST))).toEqual([]);
    expect(courses(await inOneRequest(lu, WORKLIST.replace('haukeland', 'st-olavs')))).toEqual([]);
    expect(courses(await inOneRequest(luElsewhere, WORKLIST.replace('haukeland', 'st-olavs')))).toEqual(ids(elsewhere));
  });

  test("the list of patients' forms tells the state of every form of every course that has some", async () => {
    const found = await inOneRequest(lu, PATIENT_FORMS);
    expect([...new Set(courses(found))]).toEqual(ids(seen));
    expect(found.patients.map(({ id }) => id)).toEqual([seen.patient]);
    const forms = found.tasks.map(({ input = [], businessStatus }) => [
      input.flatMap(({ valueCanonical }) => valueCanonical?.split('/').pop()?.split('|')[0] ?? [])[0],
      businessStatus?.coding?.[0]?.code,
    ]);
    expect(Object.fromEntries(forms)).toEqual({
      'smertereg-pasreg': 'ordered',
      hads: 'ordered',
      'smertereg-eval': 'planned',
      'smertereg-opioid': 'planned',
    });
    const ofCourse = await inOneRequest(
      lu,
      `${PATIENT_FORMS}&focus=EpisodeOfCare/${seen.episode}&business-status=ordered`,
    );
    expect(ofCourse.tasks).toHaveLength(2);
  });
});

describe('"delivered courses with filters"', () => {
  const place = (linkId: string, reference: string) => ({ linkId, answer: [{ valueReference: { reference } }] });

  /** Locks the forms that a course of type 1 has. */
  async function deliver(of: Course, day: string, location: string, ward: string): Promise<void> {
    const authored = `${day}T10:00:00+01:00`;
    const seenNot = [...toItems({ ...NOT_SEEN, Norsktalende: '1', KognSvekket: '0' })].map((item) =>
      ['HenvistDato', 'StartdatoTO'].includes(item.linkId) ? { ...item, answer: [{ valueDate: day }] } : item,
    );
    const b11 = [
      date('RegDato11', day),
      { linkId: 'Innlagt', item: [place('Lokasjon', location), place('InnlAvd', ward)] },
      choice('TidligereRus', 'smertereg-nei-ja-usikker', '0'),
      choice('PaagaaRus', 'smertereg-nei-ja-usikker', '0'),
    ];
    const based = `based-on=ServiceRequest/${of.referral}`;
    const [to] = await lu.search<QuestionnaireResponse>(`QuestionnaireResponse?${based}`);
    const locked = { ...response(of, 'smertereg-to', 'completed', seenNot, authored), id: to?.id };
    for (const { status, body } of [
      await lu.put(`QuestionnaireResponse/${to?.id}`, locked),
      await lu.post('QuestionnaireResponse', response(of, 'smertereg-b11', 'completed', b11, authored)),
    ]) {
      expect([status < 300, status < 300 ? '' : JSON.stringify(body)]).toEqual([true, '']);
    }
  }

  beforeAll(async () => {
    const elsewhere = {
      resourceType: 'Location',
      status: 'active',
      name: 'B',
      managingOrganization: { reference: HAUKELAND },
    };
    const { body: other } = await lc.post<Resource>('Location', elsewhere);
    await deliver(notSeen, '2026-03-02', 'Location/haukeland-bygg', 'Organization/haukeland-medisin');
    await deliver(old, '2025-11-20', `Location/${other.id}`, 'Organization/haukeland-ortopedi');
  });

  test.each([
    ['by date', '&started=ge2026-03-01&started=le2026-03-31', () => ids(notSeen)],
    ['by date', '&started=lt2026-01-01', () => ids(old)],
    ['by age', '&patient.birthdate=le1950-12-31', () => ids(old)],
    ['by age', '&patient.birthdate=gt1950-12-31', () => ids(notSeen)],
    ['by location', '&location=Location/haukeland-bygg', () => ids(notSeen)],
    ['by department', '&ward=Organization/haukeland-medisin', () => ids(notSeen)],
    ['by department that nobody lies in', '&ward=Organization/haukeland-kirurgi', () => []],
    ['all', '', () => ids(notSeen, old)],
  ])('%s: %s', async (_, filter, expected) => {
    for (const client of [lu, lc]) expect(courses(await inOneRequest(client, DELIVERED + filter))).toEqual(expected());
    expect(courses(await inOneRequest(luElsewhere, DELIVERED + filter))).toEqual([]);
  });

  test('who was moved is found in the ward where they lie now', async () => {
    const moved = await lu.post('Encounter', {
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      subject: { reference: `Patient/${notSeen.patient}` },
      episodeOfCare: [{ reference: `EpisodeOfCare/${notSeen.episode}` }],
      serviceProvider: { reference: 'Organization/haukeland-intensiv' },
    });
    expect(moved.status).toBe(201);
    const inWard = (ward: string) => inOneRequest(lu, `${DELIVERED}&ward=Organization/haukeland-${ward}`);
    expect(courses(await inWard('intensiv'))).toEqual(ids(notSeen));
    expect(courses(await inWard('medisin'))).toEqual([]);
  });

  test('what is delivered is not on the worklist', async () => {
    expect(courses(await inOneRequest(lu, WORKLIST))).toEqual(ids(seen));
  });
});

describe('"patient search by name, number, patient id, course id"', () => {
  /** In the body, so that no name and no number stands in an address. */
  async function found(client: Rest, criteria: Record<string, string>): Promise<(string | undefined)[]> {
    const { status, body } = await client.send<Bundle<Patient>>(
      'POST',
      'Patient/_search',
      new URLSearchParams(criteria).toString(),
      { 'content-type': 'application/x-www-form-urlencoded' },
    );
    expect(status).toBe(200);
    // the links hold what was searched for: neither a name nor a number
    return (body.entry ?? []).map(({ resource }) => resource?.id).sort();
  }

  test('by name', async () => {
    const all = [seen, notSeen, old].map(({ patient }) => patient).sort();
    for (const client of [lu, lc]) expect(await found(client, { name: 'testpasi', birthdate: 'le2000' })).toEqual(all);
  });

  test('by number', async () => {
    const identifier = syntheticNumber(1);
    for (const client of [lu, lc]) expect(await found(client, { identifier })).toEqual([seen.patient]);
    expect(await found(luElsewhere, { identifier })).toEqual([]);
  });

  test('by patient id, and by course id', async () => {
    for (const client of [lu, lc]) {
      expect(await found(client, { _id: seen.patient })).toEqual([seen.patient]);
      expect(await found(client, { '_has:EpisodeOfCare:patient:_id': seen.episode })).toEqual([seen.patient]);
    }
    expect(await found(luElsewhere, { '_has:EpisodeOfCare:patient:_id': seen.episode })).toEqual([]);
  });

  test("by ids that came from elsewhere, which are kept beside the server's own", async () => {
    const { body: patient } = await admin.get<Patient>(`Patient/${seen.patient}`);
    const identifier = [
      ...(patient.identifier ?? []),
      { system: 'https://svar.example.org/fhir/sid/patient', value: '4711' },
    ];
    expect((await lc.put(`Patient/${seen.patient}`, { ...patient, identifier })).status).toBe(200);
    const { body: episode } = await admin.get<Resource>(`EpisodeOfCare/${seen.episode}`);
    const fid = [{ system: 'https://svar.example.org/fhir/sid/course', value: '815' }];
    expect((await lc.put(`EpisodeOfCare/${seen.episode}`, { ...episode, identifier: fid })).status).toBe(200);
    const sid = 'https://svar.example.org/fhir/sid';
    expect(await found(lu, { identifier: `${sid}/patient|4711` })).toEqual([seen.patient]);
    expect(await found(lu, { '_has:EpisodeOfCare:patient:identifier': `${sid}/course|815` })).toEqual([seen.patient]);
  });
});
