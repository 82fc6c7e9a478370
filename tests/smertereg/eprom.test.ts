import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Communication, Patient, Questionnaire, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guardedFetch } from '../../src/egress/guarded-fetch.ts';
import { readEgressPolicy } from '../../src/egress/policy.ts';
import { readEpromSettings } from '../../src/eprom/settings.ts';
import { epromOf } from '../../src/server/eprom.ts';
import { type Course, hadsItems, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic } from '../kit/sign-in.ts';
import { syntheticNumber } from '../rights/kit.ts';

const HADS = 'https://svar.example.org/fhir/Questionnaire/hads';
const EPROM_FORM = 'https://svar.example.org/fhir/sid/eprom-form';
const FNR = '13916900281';

/** Everything that was sent to the stand-in: the joint service's orders, and callbacks to a registry. */
let sent: { method: string; path: string; authorization: string | undefined; body: Record<string, unknown> }[] = [];
/** How often the stand-in refuses before it takes something. */
let refusals = 0;
let standIn: Server;
let server: TestServer;
let ehr: Rest;
const fetchOfServer = (origin: string) => guardedFetch(readEgressPolicy(origin));
let fetching: ReturnType<typeof guardedFetch>;

beforeAll(async () => {
  standIn = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
      sent.push({ method, path: url, authorization: headers.authorization, body });
      answer.setHeader('content-type', 'application/json');
      if (refusals > 0) {
        refusals -= 1;
        answer.statusCode = 503;
        answer.end('{"success":false}');
      } else if (url === '/webapi/api/v2/formorder') {
        answer.end(
          JSON.stringify({
            id: `order-${sent.length}`,
            singleUseCode: 'x',
            loginUrl: 'https://x.example',
            notificationChannel: 1,
          }),
        );
      } else answer.end('{"success":true}');
    });
  });
  await new Promise<void>((resolve) => standIn.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(standIn.address() as AddressInfo).port}`;
  fetching = fetchOfServer(origin);
  const settings = readEpromSettings({
    service: { url: origin, apiKey: 'c2VydmljZQ==', forms: { [HADS]: 'hads-at-the-service' } },
    callbacks: { 'demo-ehr': { url: `${origin}/registry`, apiKey: 'cmVnaXN0cnk=' } },
  });
  const { bots, channels } = epromOf(settings, fetching);
  server = await testServer({ identity: true, testClock: '2026-03-02T08:00:00+01:00', bots, channels, eprom: true });
  ehr = rest(server.base, basic('demo-ehr'));
  const admin = rest(server.base, basic('demo-admin'));
  const [form] = await admin.search<Questionnaire>(`Questionnaire?url=${HADS}`);
  const named = { ...form, identifier: [{ system: EPROM_FORM, value: 'hads-here' }] };
  expect((await admin.put(`Questionnaire/${form?.id}`, named)).status).toBe(200);
});

beforeEach(() => {
  sent = [];
  refusals = 0;
});

afterAll(async () => {
  await server.close();
  await fetching.close();
  standIn.close();
});

async function moveClock(now: string): Promise<void> {
  const answer = await ehr.send('POST', `${server.url}/test-clock`, { now }, { 'content-type': 'application/json' });
  expect(answer.status).toBe(200);
}

describe('Svar can be ordered from in the same shape by another registry system', () => {
  const order = (more: Record<string, unknown> = {}, credentials: Record<string, string> = basic('demo-ehr')) =>
    rest(server.base).send<Record<string, string>>(
      'POST',
      `${server.url}/webapi/api/v2/formorder`,
      {
        formId: 'hads-here',
        nationalId: FNR,
        expiryDate: '2026-03-09T12:00:00+01:00',
        metadata: '{"RELEVANT_DATE":"2026-03-02"}',
        distributionRule: 2,
        ...more,
      },
      { 'content-type': 'application/json', ...credentials },
    );
  const callbacksOf = (id: string | undefined) => sent.filter(({ body }) => body.id === id).map(({ body }) => body);

  test('an order is taken, told, answered in Svar, and its answers go back as a flat JSON text', async () => {
    const { status, body } = await order();
    expect([status, body.notificationChannel]).toEqual([200, 0]);
    expect(body.loginUrl).toMatch(/\/l\/[A-Za-z0-9_-]{32}$/);
    const [task] = await ehr.search<Task>(`Task?identifier=${body.id}`);
    const patient = task?.for?.reference ?? '';
    await server.fhir.runner.drain();
    expect(callbacksOf(body.id)).toMatchObject([
      { status: 'Ordered', errorCode: 'None', metadata: '{"RELEVANT_DATE":"2026-03-02"}' },
    ]);
    const answer: QuestionnaireResponse = {
      resourceType: 'QuestionnaireResponse',
      questionnaire: `${HADS}|1.0.0`,
      status: 'completed',
      subject: { reference: patient },
      authored: '2026-03-02T10:00:00+01:00',
      item: hadsItems('2'),
    };
    expect((await ehr.post('QuestionnaireResponse', answer)).status).toBe(201);
    await server.fhir.runner.drain();
    const told = callbacksOf(body.id).at(-1);
    expect(told).toMatchObject({ status: 'Completed', filledOutBy: 'SegSelv' });
    expect(JSON.parse(String(told?.formData))).toMatchObject({ HADSSpm1: '2', HADSSpm14: '2' });
    expect(sent.every(({ authorization }) => authorization === 'Basic cmVnaXN0cnk=')).toBe(true);
  });

  test('the same number is the same patient, and an order that is not answered expires with a callback', async () => {
    const { body } = await order({ expiryDate: '2026-03-04T12:00:00+01:00' });
    expect(await ehr.search<Patient>(`Patient?identifier=${FNR}`)).toHaveLength(1);
    await moveClock('2026-03-04T11:59:59+01:00');
    expect(callbacksOf(body.id).map(({ status }) => status)).toEqual(['Ordered']);
    await moveClock('2026-03-04T12:00:00+01:00');
    expect(callbacksOf(body.id).map(({ status }) => status)).toEqual(['Ordered', 'Expired']);
  });

  test('a callback that the registry does not take is told again', async () => {
    refusals = 1;
    const { body } = await order();
    await server.fhir.runner.drain();
    await moveClock('2026-03-04T12:10:00+01:00');
    expect(callbacksOf(body.id).map(({ status }) => status)).toEqual(['Ordered', 'Ordered']);
  });

  test('its answer is no answer to the same form of a course', async () => {
    const fnr = syntheticNumber(71);
    const course = await refer(ehr, { fnr });
    const consented = {
      ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0' },
      ...{ SkriftligSamtyk: '1', DatoSamtykke: '2026-03-04' },
    };
    const to = response(course, 'smertereg-to', 'in-progress', toItems(consented), '2026-03-04T13:00:00+01:00');
    expect((await ehr.post('QuestionnaireResponse', to)).status).toBe(201);
    const { status, body } = await order({ nationalId: fnr });
    expect(status).toBe(200);
    const answer = {
      ...{ resourceType: 'QuestionnaireResponse', questionnaire: `${HADS}|1.0.0`, status: 'completed' },
      subject: { reference: `Patient/${course.patient}` },
      authored: '2026-03-04T13:30:00+01:00',
      item: hadsItems('2'),
    };
    expect((await ehr.post('QuestionnaireResponse', answer)).status).toBe(201);
    await server.fhir.runner.drain();
    const tasks = await ehr.search<Task>(`Task?patient=${course.patient}&code=complete-questionnaire`);
    const ofHads = tasks.filter(({ input }) => input?.[0]?.valueCanonical?.startsWith(HADS));
    const stateOf = (task: Task | undefined) => task?.businessStatus?.coding?.[0]?.code;
    expect(stateOf(ofHads.find(({ identifier }) => identifier?.[0]?.value === body.id))).toBe('answered');
    expect(stateOf(ofHads.find(({ basedOn }) => basedOn !== undefined))).toBe('ordered');
  });

  test('an order ends with a callback when its patient dies, and none is taken for the dead', async () => {
    const { body } = await order({ expiryDate: '2026-03-20T12:00:00+01:00' });
    const [patient] = await ehr.search<Patient>(`Patient?identifier=${FNR}`);
    const dead = { ...patient, deceasedDateTime: '2026-03-04' };
    expect((await ehr.put(`Patient/${patient?.id}`, dead)).status).toBe(200);
    await server.fhir.runner.drain();
    expect((await ehr.search<Task>(`Task?identifier=${body.id}`))[0]?.status).toBe('cancelled');
    expect(callbacksOf(body.id).map(({ status }) => status)).toEqual(['Ordered', 'Expired']);
    expect((await order()).status).toBe(422);
    const { body: annulled } = await ehr.get<Patient>(`Patient/${patient?.id}`);
    const { deceasedDateTime: _, ...alive } = annulled;
    expect((await ehr.put(`Patient/${patient?.id}`, alive)).status).toBe(200);
    expect((await order()).status).toBe(200);
  });

  test('what cannot be ordered is refused with words, without a national number in them, and nothing is stored', async () => {
    const before = (await ehr.search('Task')).length;
    for (const [more, status, word] of [
      [{ formId: 'nothing' }, 404, 'form'],
      [{ nationalId: '88888888831' }, 400, 'nationalId'],
      [{ nationalId: '13916900282' }, 422, ''],
      [{ expiryDate: '2020-01-01' }, 400, 'expiryDate'],
      [{ expiryDate: 'soon' }, 400, 'expiryDate'],
      [{ distributionRule: 9 }, 400, 'distributionRule'],
      [{ metadata: '{' }, 400, 'metadata'],
      [{ formId: 7 }, 400, 'formId'],
    ] as const) {
      const answer = await order(more);
      expect([answer.status, answer.body.success], JSON.stringify(more)).toEqual([status, false]);
      expect(answer.body.message).toContain(word);
      expect(answer.body.message).not.toMatch(/\d{11}/);
    }
    expect((await order({}, basic('demo-ehr', 'wrong'))).status).toBe(401);
    expect((await order({}, {})).status).toBe(401);
    expect(await ehr.search('Task')).toHaveLength(before);
  });
});

describe('Svar can order through the joint Norwegian ePROM service, and take its callbacks', () => {
  let course: Course;
  let task: Task | undefined;

  beforeAll(async () => {
    course = await refer(ehr, { fnr: '01010750160', birthDate: '1980-01-01' }).catch(() => refer(ehr));
    const consented = {
      Tilsett: '1',
      Norsktalende: '1',
      KognSvekket: '0',
      SkriftligSamtyk: '1',
      DatoSamtykke: '2026-03-02',
    };
    const body = response(course, 'smertereg-to', 'in-progress', toItems(consented), '2026-03-04T13:00:00+01:00');
    expect((await ehr.post('QuestionnaireResponse', body)).status).toBe(201);
    await moveClock('2026-03-04T17:00:00+01:00');
    const tasks = await ehr.search<Task>(`Task?based-on=ServiceRequest/${course.referral}&code=complete-questionnaire`);
    task = tasks.find(({ input }) => input?.[0]?.valueCanonical?.startsWith(HADS));
  });

  const callback = (body: Record<string, unknown>) =>
    ehr.send<Record<string, unknown>>(
      'PUT',
      `${server.url}/api/PromsFormOrder`,
      {
        id: 'order-1',
        errorCode: 'None',
        timestampUtc: '2026-03-05T09:00:00Z',
        metadata: JSON.stringify({ task: task?.id }),
        ...body,
      },
      { 'content-type': 'application/json' },
    );
  const answers = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`HADSSpm${index + 1}`, '1']));

  test('an order that falls due is placed there, with its deadline and nothing but its Task as metadata', async () => {
    const notices = await ehr.search<Communication>(`Communication?based-on=Task/${task?.id}`);
    expect(notices).toMatchObject([{ status: 'completed', medium: [{ coding: [{ code: 'eprom' }] }] }]);
  });

  test('"Ordered" changes nothing; wrong answers are refused; answers become one locked response, however often told', async () => {
    expect((await callback({ status: 'Ordered' })).body).toEqual({ success: true });
    const wrong = await callback({ status: 'Completed', formData: JSON.stringify({ ...answers, HADSSpm3: '7' }) });
    expect([wrong.status, wrong.body.success]).toEqual([422, false]);
    expect(wrong.body.message).toContain('HADSSpm3');
    expect((await callback({ status: 'Completed', formData: '[' })).status).toBe(422);
    const completed = { status: 'Completed', formData: JSON.stringify(answers), filledOutBy: 'SegSelv' };
    expect((await callback(completed)).body).toEqual({ success: true });
    expect((await callback(completed)).body).toEqual({ success: true });
    const responses = await ehr.search<QuestionnaireResponse>(
      `QuestionnaireResponse?based-on=ServiceRequest/${course.referral}&questionnaire=${HADS}`,
    );
    expect(responses).toMatchObject([{ status: 'completed', subject: { reference: `Patient/${course.patient}` } }]);
    await server.fhir.runner.drain();
    const { body: answered } = await ehr.get<Task>(`Task/${task?.id}`);
    expect(answered.status).toBe('completed');
  });

  test('a callback about an order that did not go that way is not found', async () => {
    expect((await callback({ status: 'Expired', metadata: '{"task":"nowhere"}' })).status).toBe(404);
    expect((await callback({ status: 'Expired', metadata: '{}' })).status).toBe(404);
    expect((await callback({ status: 'Lost' })).status).toBe(400);
  });
});
