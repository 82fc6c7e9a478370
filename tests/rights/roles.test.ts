import type {
  Binary,
  Bundle,
  Consent,
  Flag,
  OperationOutcome,
  Patient,
  PlanDefinition,
  ResearchStudy,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn, signedInAs } from '../kit/sign-in.ts';
import { call, nationalCourse, restAs, syntheticNumber } from './kit.ts';

const WHO = ['patient', 'neighbour', 'lu', 'lc', 'lu2', 'sc', 'researcher', 'ehr', 'admin', 'nobody'] as const;
type Who = (typeof WHO)[number];
type Statuses = Readonly<Record<Who, number>>;

let server: TestServer;
const as = {} as Record<Who, Rest>;
let national: Course;
let local: Course;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  as.admin = restAs(server.base, basic('demo-admin'));
  as.nobody = rest(server.base);
  as.ehr = restAs(server.base, basic('demo-ehr'));
  for (const login of ['lu', 'lc', 'lu2', 'sc'] as const) {
    as[login] = restAs(server.base, await signedIn(server, login));
  }
  national = await nationalCourse(as.admin);
  local = await localCourse('haukeland', 1);
  as.patient = await patient(national);
  as.neighbour = await patient(await localCourse('haukeland', 2));
  as.researcher = await researcher();
});

afterAll(() => server.close());

/** A course that was seen and asked for nothing: in no national registry. */
async function localCourse(hospital: string, index: number): Promise<Course> {
  const course = await refer(as.admin, { fnr: syntheticNumber(index), hospital });
  const answers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' } as const;
  const to = response(course, 'smertereg-to', 'in-progress', toItems(answers), '2026-03-02T09:00:00+01:00');
  expect((await as.admin.post('QuestionnaireResponse', to)).status).toBe(201);
  return course;
}

async function patient(course: Course): Promise<Rest> {
  return restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${course.patient}` }));
}

async function researcher(): Promise<Rest> {
  const { body: practitioner } = await as.admin.post('Practitioner', { resourceType: 'Practitioner' });
  const fhirUser = `Practitioner/${practitioner.id}`;
  const { body: role } = await as.admin.post('PractitionerRole', {
    resourceType: 'PractitionerRole',
    active: true,
    practitioner: { reference: fhirUser },
    code: [{ coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/role', code: 'researcher' }] }],
  });
  return restAs(server.base, await signedInAs(server, { fhirUser, role: role.id }));
}

/** What everyone is answered; whoever is to be refused asks first, so that nothing is done before. */
async function statuses(path: string, given: Record<string, string> = {}, whom: readonly Who[] = WHO) {
  const told: Partial<Record<Who, number>> = {};
  for (const who of whom) told[who] = (await call(as[who], path, given)).status;
  return told;
}

const nobodyElse = { nobody: 401, ehr: 403, researcher: 403, lu2: 403 } as const;

describe('who may do what for the rights of a patient', () => {
  test('everything about a patient is given to the patient, and by LC and SC to whom they reach', async () => {
    const expected: Statuses = { ...nobodyElse, patient: 200, neighbour: 403, lu: 403, lc: 200, sc: 200, admin: 200 };
    expect(await statuses(`Patient/${national.patient}/$my-data`)).toEqual(expected);
    // held locally: the national coordinator does not know of it
    const of = await statuses(`Patient/${local.patient}/$my-data`, {}, ['sc', 'lc', 'patient']);
    expect(of).toEqual({ sc: 404, lc: 200, patient: 403 });
  });

  test('a request is made by the patient, or by staff who reach the patient', async () => {
    const expected: Statuses = {
      ...nobodyElse,
      patient: 200,
      neighbour: 403,
      lu: 200,
      lc: 200,
      lu2: 404,
      sc: 200,
      admin: 200,
    };
    expect(await statuses(`Patient/${national.patient}/$request-right`, { right: 'access' })).toEqual(expected);
    const [request] = await as.admin.search<Task>(`Task?patient=${national.patient}&code=access`);
    for (const answer of ['refuse-right', 'extend-right']) {
      const refused = await statuses(`Task/${request?.id}/$${answer}`, { reason: 'x' }, [
        'patient',
        'neighbour',
        'lu',
        'lu2',
        'researcher',
        'ehr',
        'nobody',
      ]);
      expect(refused, answer).toEqual({ ...nobodyElse, patient: 403, neighbour: 403, lu: 403 });
    }
    expect((await call(as.lc, `Task/${request?.id}/$extend-right`, { reason: 'x' })).status).toBe(200);
    expect((await call(as.sc, `Task/${request?.id}/$refuse-right`, { reason: 'x' })).status).toBe(200);
    const requests = await statuses('Task/$patient-rights');
    expect(requests).toEqual({ ...nobodyElse, patient: 403, neighbour: 403, lu: 403, lc: 200, sc: 200, admin: 200 });
  });

  test('reservation and signature are the patient’s own; LC and SC reserve on the patient’s behalf', async () => {
    const others = ['neighbour', 'lu', 'lu2', 'researcher', 'ehr', 'nobody'] as const;
    const refused = { ...nobodyElse, neighbour: 403, lu: 403 };
    expect(await statuses(`Patient/${national.patient}/$reserve`, {}, others)).toEqual(refused);
    expect((await call(as.patient, `Patient/${national.patient}/$reserve`)).status).toBe(200);
    expect((await call(as.lc, `Patient/${national.patient}/$lift-reservation`)).status).toBe(200);
    const registry = 'https://svar.example.org/fhir/PlanDefinition/smertereg';
    const give = { decision: 'give', registry, text: 'https://svar.example.org/fhir/consent-text/smertereg|1.0' };
    const path = `Patient/${national.patient}/$sign-consent`;
    expect(await statuses(path, give, [...others, 'lc', 'sc'])).toEqual({ ...refused, lc: 403, sc: 403 });
    const withdraw = { ...give, decision: 'withdraw' };
    expect(await statuses(path, withdraw, [...others, 'lc'])).toEqual({ ...refused, lc: 403 });
    expect((await call(as.patient, path, give)).status).toBe(200);
  });

  test('SC withdraws on the patient’s behalf, and does not reach the patient any more', async () => {
    const course = await nationalCourse(as.admin, { fnr: syntheticNumber(3) });
    const registry = 'https://svar.example.org/fhir/PlanDefinition/smertereg';
    const given = { decision: 'withdraw', registry, text: 'https://svar.example.org/fhir/consent-text/smertereg|1.0' };
    expect((await as.sc.get(`Patient/${course.patient}`)).status).toBe(200);
    expect((await call(as.sc, `Patient/${course.patient}/$sign-consent`, given)).status).toBe(200);
    expect((await as.sc.get(`Patient/${course.patient}`)).status).toBe(404);
    expect((await as.lc.get(`Patient/${course.patient}`)).status).toBe(200);
  });

  test('a consent that was withdrawn is not undone by deleting it', async () => {
    const course = await nationalCourse(as.admin, { fnr: syntheticNumber(14) });
    const registry = 'https://svar.example.org/fhir/PlanDefinition/smertereg';
    const given = { decision: 'withdraw', registry, text: 'https://svar.example.org/fhir/consent-text/smertereg|1.0' };
    expect((await call(as.sc, `Patient/${course.patient}/$sign-consent`, given)).status).toBe(200);
    const [consent] = await as.admin.search<Consent>(`Consent?patient=${course.patient}`);
    expect(consent?.status).toBe('inactive');
    const subjects = await as.admin.search(`ResearchSubject?patient=${course.patient}`);
    const urls = [...subjects.map(({ id }) => `ResearchSubject/${id}`), `Consent/${consent?.id}`];
    const entry = urls.map((url) => ({ request: { method: 'DELETE', url } }));
    expect((await as.lc.post('', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(422);
    expect((await as.sc.get(`Patient/${course.patient}`)).status).toBe(404);
    const after = await as.admin.search<Consent>(`Consent?patient=${course.patient}`);
    expect(after.map(({ status }) => status)).toEqual(['inactive']);
  });

  test('restriction and erasure are for LC and SC, and for nobody to whom the patient is unknown', async () => {
    const refused = { ...nobodyElse, patient: 403, neighbour: 403, lu: 403 };
    const others = ['patient', 'neighbour', 'lu', 'lu2', 'researcher', 'ehr', 'nobody'] as const;
    const path = `Patient/${local.patient}`;
    const erasing = { basis: 'objection', confirm: local.patient };
    expect(await statuses(`${path}/$restrict`, { reason: 'x' }, others)).toEqual(refused);
    expect(await statuses(`${path}/$erase`, erasing, others)).toEqual(refused);
    expect((await call(as.sc, `${path}/$restrict`, { reason: 'x' })).status).toBe(404);
    expect((await call(as.sc, `${path}/$erase`, erasing)).status).toBe(404);
    expect((await call(as.lc, `${path}/$erase`, erasing)).status).toBe(200);
    const rid = BigInt(`0x${local.patient}`).toString();
    const keys = await server.database.pool.query('select 1 from patient_key where patient = $1', [rid]);
    expect(keys.rowCount).toBe(0);
    expect((await as.admin.get(path)).status).toBe(410);
  });

  test('what another hospital holds of a patient is not for a local coordinator to erase', async () => {
    const course = await localCourse('haukeland', 4);
    const elsewhere = await as.admin.post('EpisodeOfCare', {
      resourceType: 'EpisodeOfCare',
      status: 'active',
      patient: { reference: `Patient/${course.patient}` },
      managingOrganization: { reference: 'Organization/st-olavs' },
    });
    expect(elsewhere.status).toBe(201);
    const given = { basis: 'objection', confirm: course.patient };
    const { status } = await call<OperationOutcome>(as.lc, `Patient/${course.patient}/$erase`, given);
    expect(status).toBe(403);
    expect((await call(as.admin, `Patient/${course.patient}/$erase`, given)).status).toBe(200);
  });
});

describe('who reaches a patient and not all of the record', () => {
  /** A referral of the patient's that St. Olavs has, with what was measured there. */
  async function elsewhere(course: Course): Promise<string> {
    const subject = { reference: `Patient/${course.patient}` };
    const { body: referral } = await as.admin.post('ServiceRequest', {
      ...{ resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject },
    });
    const basedOn = [{ reference: `ServiceRequest/${referral.id}` }];
    await as.admin.post('EpisodeOfCare', {
      ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: subject, referralRequest: basedOn },
      managingOrganization: { reference: 'Organization/st-olavs' },
    });
    const measured = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject, basedOn };
    return (await as.admin.post('Observation', measured)).body.id ?? '';
  }

  test('reads and answers no request about what another hospital holds', async () => {
    const course = await localCourse('haukeland', 11);
    const own = await patient(course);
    const about = `Observation/${await elsewhere(course)}`;
    const asked = { right: 'rectification', words: 'Feil.', about };
    const { status, body } = await call<Task>(own, `Patient/${course.patient}/$request-right`, asked);
    expect([status, body.focus?.reference]).toEqual([200, about]);
    expect((await as.lc.get(`Patient/${course.patient}`)).status).toBe(200);
    for (const answer of ['extend-right', 'refuse-right']) {
      expect((await call(as.lc, `Task/${body.id}/$${answer}`, { reason: 'x' })).status, answer).toBe(404);
    }
    expect((await call(as.lc, `Patient/${course.patient}/$restrict`, { reason: 'x' })).status).toBe(200);
    const waiting = (await as.lc.get<Bundle<Task>>('Task/$patient-rights')).body.entry ?? [];
    expect(waiting.map(({ resource }) => resource?.id)).not.toContain(body.id);
    expect((await call(as.admin, `Task/${body.id}/$refuse-right`, { reason: 'x' })).status).toBe(200);
  });

  test('does not erase a referral of another hospital that is in no course yet', async () => {
    const course = await localCourse('haukeland', 12);
    const referral = { resourceType: 'ServiceRequest', status: 'active', intent: 'order' };
    const subject = { reference: `Patient/${course.patient}` };
    expect((await as.admin.post('ServiceRequest', { ...referral, subject })).status).toBe(201);
    const given = { basis: 'objection', confirm: course.patient };
    expect((await call(as.lc, `Patient/${course.patient}/$erase`, given)).status).toBe(403);
  });

  test('withdraws from no registry that another coordinates', async () => {
    const course = await nationalCourse(as.admin, { fnr: syntheticNumber(13) });
    const [plan] = await as.admin.search<PlanDefinition>(
      'PlanDefinition?url=https://svar.example.org/fhir/PlanDefinition/smertereg',
    );
    const registry = 'https://svar.example.org/fhir/PlanDefinition/another';
    const other = { ...plan, id: undefined, meta: undefined, identifier: undefined, url: registry };
    expect((await as.admin.post('PlanDefinition', other)).status).toBe(201);
    const given = { decision: 'withdraw', registry, text: 'https://svar.example.org/fhir/consent-text/smertereg|1.0' };
    expect((await call(as.sc, `Patient/${course.patient}/$sign-consent`, given)).status).toBe(403);
  });
});

test('a request is addressed to a hospital: whether anything else is there nobody learns by it', async () => {
  for (const owner of [`Patient/${local.patient}`, `Patient/${'0'.repeat(16)}`]) {
    const { status } = await call(as.patient, `Patient/${national.patient}/$request-right`, { right: 'access', owner });
    expect([owner, status]).toEqual([owner, 400]);
  }
});

test('a restricted record is seen by its patient alone; staff see that the patient asks, and lift it', async () => {
  const course = await nationalCourse(as.admin, { fnr: syntheticNumber(5) });
  const own = await patient(course);
  const path = `Patient/${course.patient}`;
  expect((await call(as.lc, `${path}/$restrict`, { reason: 'Bestrides.' })).status).toBe(200);
  for (const who of ['lu', 'lc', 'sc', 'ehr'] as const) {
    expect([who, (await as[who].get(path)).status]).toEqual([who, 404]);
    expect([who, await as[who].search(`QuestionnaireResponse?patient=${course.patient}`)]).toEqual([who, []]);
  }
  const { status, body } = await own.get<Patient>(path);
  expect([status, body.id]).toEqual([200, course.patient]);

  const { body: request } = await call<Task>(own, `${path}/$request-right`, { right: 'erasure', words: 'Slett alt.' });
  expect((await as.lc.get(`Task/${request.id}`)).status).toBe(404);
  const waiting = async (who: Who) =>
    ((await as[who].get<Bundle<Task>>('Task/$patient-rights')).body.entry ?? []).map(({ resource }) => resource?.id);
  for (const who of ['lc', 'sc'] as const) expect(await waiting(who), who).toContain(request.id);
  expect((await call(as.lc, `Task/${request.id}/$refuse-right`, { reason: 'Journalplikt.' })).status).toBe(200);
  expect((await call(as.lu, `${path}/$lift-restriction`, { reason: 'x' })).status).toBe(403);
  expect((await call(as.lc, `${path}/$lift-restriction`, { reason: 'Avklart.' })).status).toBe(200);
  expect((await as.lu.get(path)).status).toBe(200);
});

test('who has seen a record its patient is told, and staff who print it for the patient are not', async () => {
  const course = await nationalCourse(as.admin, { fnr: syntheticNumber(7) });
  const own = await patient(course);
  const path = `Patient/${course.patient}`;
  expect((await as.lu.get(path)).status).toBe(200);
  const page = async (client: Rest): Promise<string> => {
    const { body } = await client.get<Binary>(`${path}/$my-data?as=document&language=nb`);
    return Buffer.from(body.data ?? '', 'base64').toString('utf8');
  };
  expect(await page(own)).toContain('Lokal Bruker (demo)');
  const printed = await page(as.lc);
  expect(printed).toContain('Testpasient');
  expect(printed).not.toContain('Lokal Bruker');
  expect((await call(as.lc, `${path}/$restrict`, { reason: 'Bestrides.' })).status).toBe(200);
  expect((await as.lc.get(`${path}/$my-data`)).status).toBe(404);
  expect((await as.sc.get(`${path}/$my-data`)).status).toBe(404);
  expect((await own.get(`${path}/$my-data`)).status).toBe(200);
});

test('a group of several patients is for none of them to read', async () => {
  const members = [national, local].map(({ patient }) => ({ entity: { reference: `Patient/${patient}` } }));
  const { status, body } = await as.admin.post('Group', {
    ...{ resourceType: 'Group', type: 'person', actual: true, member: members },
  });
  expect(status).toBe(201);
  expect((await as.patient.get(`Group/${body.id}`)).status).toBe(403);
});

test('what is there by right is not changed by writing resources, by nobody who signs in', async () => {
  const course = await nationalCourse(as.admin, { fnr: syntheticNumber(6) });
  const own = await patient(course);
  const path = `Patient/${course.patient}`;
  const { body: request } = await call<Task>(own, `${path}/$request-right`, { right: 'erasure' });
  const { body: reservation } = await call<Consent>(own, `${path}/$reserve`);
  const later: Task = { ...request, restriction: { period: { end: '2099-01-01' } } };
  for (const who of ['lc', 'ehr', 'admin'] as const) {
    expect([who, (await as[who].put(`Task/${request.id}`, later)).status]).toEqual([who, 403]);
    expect([who, (await as[who].put(`Task/${request.id}`, { ...later, code: { text: 'x' } })).status]).toEqual([
      who,
      403,
    ]);
    expect([who, (await as[who].send('DELETE', `Task/${request.id}`)).status]).toEqual([who, 403]);
    const { id: _, ...copy } = request;
    expect([who, (await as[who].post('Task', copy)).status]).toEqual([who, 403]);
    expect((await as[who].put(`Consent/${reservation.id}`, { ...reservation, status: 'inactive' })).status).toBe(403);
  }
  const { body: flag } = await call<Flag>(as.lc, `${path}/$restrict`, { reason: 'Bestrides.' });
  expect((await as.admin.put(`Flag/${flag.id}`, { ...flag, status: 'inactive' })).status).toBe(403);
  expect((await own.get<Task>(`Task/${request.id}`)).body).toEqual(request);
});

test('extracts are for the researcher of the project and for the national coordinator', async () => {
  const { body: who } = await as.researcher.get<Bundle>('Practitioner');
  const study = {
    resourceType: 'ResearchStudy',
    status: 'active',
    principalInvestigator: { reference: `Practitioner/${who.entry?.[0]?.resource?.id}` },
  };
  const { body: project } = await as.admin.post('ResearchStudy', study);
  const given = {
    registry: 'https://svar.example.org/fhir/PlanDefinition/smertereg',
    form: 'https://svar.example.org/fhir/Questionnaire/smertereg-to',
    dates: 'year',
    until: '2099-12-31',
  };
  const approval = await statuses(`ResearchStudy/${project.id}/$approve-extract`, given);
  const refused = { nobody: 401, ehr: 403, lu2: 403, patient: 403, neighbour: 403, lu: 403, lc: 403 };
  expect(approval).toEqual({ ...refused, researcher: 403, sc: 200, admin: 200 });
  const drawn = await statuses(`ResearchStudy/${project.id}/$draw-extract`);
  expect(drawn).toEqual({ ...refused, researcher: 200, sc: 200, admin: 200 });
  // an approval that was taken back, or is replaced, does not come back by writing it
  const { body: approved } = await as.admin.get<ResearchStudy>(`ResearchStudy/${project.id}`);
  expect((await as.admin.put(`ResearchStudy/${project.id}`, { ...approved, title: 'x' })).status).toBe(200);
  const until = { ...given, until: '2098-12-31' };
  expect((await call(as.sc, `ResearchStudy/${project.id}/$approve-extract`, until)).status).toBe(200);
  expect((await as.admin.put(`ResearchStudy/${project.id}`, approved)).status).toBe(403);
  const another = await researcher();
  expect((await another.get(`ResearchStudy/${project.id}/$draw-extract`)).status).toBe(403);
  for (const type of ['Patient', 'QuestionnaireResponse', 'EpisodeOfCare', 'ResearchSubject']) {
    expect((await as.researcher.get(type)).status, type).toBe(403);
  }
});
