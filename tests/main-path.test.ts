import type {
  Communication,
  Consent,
  Observation,
  QuestionnaireResponse,
  ResearchSubject,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { b22Items, type Course, hadsItems, refer, referral, response, toItems } from './kit/course.ts';
import { type TestServer, testServer } from './kit/fhir-server.ts';
import { type Rest, rest } from './kit/rest.ts';

let server: TestServer;
let client: Rest;

beforeEach(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00' });
  client = rest(server.base);
});

afterEach(() => server.close());

const SEEN_AND_CONSENTED = {
  Tilsett: '1',
  Norsktalende: '1',
  KognSvekket: '0',
  SkriftligSamtyk: '1',
  DatoSamtykke: '2026-03-02',
} as const;

async function moveClock(now: string): Promise<void> {
  const answer = await client.send('POST', `${server.url}/test-clock`, { now }, { 'content-type': 'application/json' });
  expect(answer.body).toMatchObject({ now: new Date(now).toISOString() });
  expect(answer.status).toBe(200);
}

async function saveTo(
  course: Course,
  answers: Parameters<typeof toItems>[0],
  status: QuestionnaireResponse['status'] = 'in-progress',
  id?: string,
) {
  const body = response(course, 'smertereg-to', status, toItems(answers), '2026-03-02T09:00:00+01:00');
  const answer = id
    ? await client.put<QuestionnaireResponse>(`QuestionnaireResponse/${id}`, { ...body, id })
    : await client.post<QuestionnaireResponse>('QuestionnaireResponse', body);
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([id ? 200 : 201, expect.any(String)]);
  return answer.body;
}

/** The open membership of a course, as `study status reason`. */
async function membership(course: Course): Promise<string[]> {
  const subjects = await client.search<ResearchSubject>(`ResearchSubject?individual=Patient/${course.patient}`);
  return subjects
    .filter((subject) => subject.period?.end === undefined)
    .map((subject) => `${subject.study?.reference} ${subject.status}`);
}

const orders = async (course: Course): Promise<string[]> =>
  (await client.search<Task>(`Task?code=complete-questionnaire&patient=Patient/${course.patient}&_sort=_lastUpdated`))
    .filter(({ restriction }) => restriction?.period?.start !== undefined)
    .map(
      (task) =>
        `${task.input?.[0]?.valueCanonical?.split('/').at(-1)} ${task.businessStatus?.coding?.[0]?.code} ${task.restriction?.period?.start}`,
    )
    .sort();

describe('a course at a demo hospital', () => {
  test('is national with consent, its forms are ordered, dispatched two minutes apart, answered and scored', async () => {
    const course = await refer(client);
    expect(await membership(course)).toEqual([]);

    await saveTo(course, SEEN_AND_CONSENTED);
    expect(await membership(course)).toEqual(['ResearchStudy/smertereg on-study']);
    const [consent] = await client.search<Consent>(`Consent?patient=Patient/${course.patient}`);
    expect(consent?.status).toBe('active');

    await moveClock('2026-03-02T16:29:59+01:00');
    expect(await orders(course)).toEqual([
      'hads|1.0.0 ordered 2026-03-02T15:32:00.000Z',
      'smertereg-pasreg|1.0.0 ordered 2026-03-02T15:30:00.000Z',
    ]);
    expect(server.sent).toEqual([]);

    await moveClock('2026-03-02T16:31:00+01:00');
    expect(server.sent.map((notice) => notice.at.toISOString())).toEqual(['2026-03-02T15:30:00.000Z']);
    await moveClock('2026-03-02T17:00:00+01:00');
    expect(server.sent.map((notice) => notice.at.toISOString())).toEqual([
      '2026-03-02T15:30:00.000Z',
      '2026-03-02T15:32:00.000Z',
    ]);
    const notices = await client.search<Communication>(`Communication?subject=Patient/${course.patient}`);
    expect(notices.map((notice) => notice.status)).toEqual(['completed', 'completed']);

    const answered = await client.post<QuestionnaireResponse>(
      'QuestionnaireResponse',
      response(course, 'hads', 'completed', hadsItems('2'), '2026-03-03T10:00:00+01:00'),
    );
    expect(answered.status).toBe(201);
    await moveClock('2026-03-03T10:00:00+01:00');
    const scores = await client.search<Observation>(`Observation?patient=Patient/${course.patient}`);
    expect(scores.map((score) => score.valueQuantity?.value ?? score.valueInteger)).toEqual([14, 14]);
    expect(
      scores.every((score) => score.derivedFrom?.[0]?.reference === `QuestionnaireResponse/${answered.body.id}`),
    ).toBe(true);
    expect((await orders(course))[0]).toContain('hads|1.0.0 answered');
  });

  test('reminds after three days without an answer and locks after three more, with the reason', async () => {
    const course = await refer(client);
    await saveTo(course, SEEN_AND_CONSENTED);
    await moveClock('2026-03-05T16:29:00+01:00');
    expect(server.sent).toHaveLength(2);
    await moveClock('2026-03-05T16:40:00+01:00');
    expect(server.sent).toHaveLength(4);
    await moveClock('2026-03-08T16:29:00+01:00');
    expect((await orders(course)).every((order) => order.includes(' reminded '))).toBe(true);
    await moveClock('2026-03-08T16:40:00+01:00');
    const tasks = await client.search<Task>(
      `Task?code=complete-questionnaire&patient=Patient/${course.patient}&status=failed`,
    );
    expect(tasks.map((task) => [task.businessStatus?.coding?.[0]?.code, task.statusReason?.coding?.[0]?.code])).toEqual(
      [
        ['expired', '7'],
        ['expired', '7'],
      ],
    );
    await moveClock('2026-04-08T16:40:00+02:00');
    expect(server.sent).toHaveLength(4);
  });

  test('orders Eval at the next 16:30 and Opioid four weeks after SluttDato, across the change to summer time', async () => {
    const course = await refer(client);
    await saveTo(course, SEEN_AND_CONSENTED);
    await moveClock('2026-03-10T12:00:00+01:00');
    const locked = await client.post(
      'QuestionnaireResponse',
      response(course, 'smertereg-b22', 'completed', b22Items('2026-03-10'), '2026-03-10T12:00:00+01:00'),
    );
    expect(locked.status).toBe(201);
    await moveClock('2026-03-10T12:01:00+01:00');
    expect((await orders(course)).filter((order) => order.includes(' ordered '))).toEqual([
      'smertereg-eval|1.0.0 ordered 2026-03-10T15:30:00.000Z',
      'smertereg-opioid|1.0.0 ordered 2026-04-07T14:30:00.000Z',
    ]);
  });

  test('moves in the commit of the answer that changes a criterion, and ends when consent is withdrawn', async () => {
    const course = await refer(client);
    const { id } = await saveTo(course, { Tilsett: '1', Norsktalende: '1' });
    expect(await membership(course)).toEqual(['ResearchStudy/smertereg-haukeland candidate']);
    await saveTo(
      course,
      { ...SEEN_AND_CONSENTED, KognSvekket: '1', SkriftligSamtyk: undefined, DatoSamtykke: undefined },
      'in-progress',
      id,
    );
    expect(await membership(course)).toEqual(['ResearchStudy/smertereg-haukeland ineligible']);
    await saveTo(course, SEEN_AND_CONSENTED, 'in-progress', id);
    expect(await membership(course)).toEqual(['ResearchStudy/smertereg on-study']);
    await moveClock('2026-03-02T12:00:00+01:00');
    expect(await orders(course)).toHaveLength(2);

    const [consent] = await client.search<Consent>(`Consent?patient=Patient/${course.patient}`);
    expect((await client.put(`Consent/${consent?.id}`, { ...consent, status: 'inactive' })).status).toBe(200);
    const subjects = await client.search<ResearchSubject>(`ResearchSubject?individual=Patient/${course.patient}`);
    expect(subjects.filter((s) => s.study?.reference === 'ResearchStudy/smertereg').map((s) => s.status)).toContain(
      'withdrawn',
    );
    expect((await orders(course)).every((order) => order.includes(' stopped '))).toBe(true);
    await moveClock('2026-03-12T12:00:00+01:00');
    expect(server.sent).toEqual([]);
  });

  test('stays local when it was referred by telephone alone', async () => {
    const course = await refer(client);
    await saveTo(course, { ...SEEN_AND_CONSENTED, via: ['TelefonCalling'] });
    expect((await membership(course))[0]).toContain('ResearchStudy/smertereg-haukeland');
  });
});

describe('bad input', () => {
  test('a fødselsnummer with a wrong control digit is refused, and nothing of the transaction is stored', async () => {
    const bundle = await client.post<Resource>('', {
      ...referral({ fnr: '13916900282' }),
    });
    expect(bundle.status).toBe(422);
    expect(await client.search('Patient')).toEqual([]);
    expect(await client.search('ServiceRequest')).toEqual([]);
  });
});
