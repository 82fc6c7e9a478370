import type { Consent, ResearchSubject, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, refer, type ToAnswers } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { consented, consentOf, eligible, impaired, notSeen, save, saveTo } from './course-kit.ts';
import { derivedAgain } from './derived-again.ts';

const NOW = '2026-03-02T08:00:00+01:00';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ testClock: NOW, background: false });
  client = rest(server.base);
});

afterAll(() => server.close());

const again = async ({ episode }: Course): Promise<string[]> =>
  (await derivedAgain(server.url, episode, new Date(NOW))).map(({ resourceType, id }) => `${resourceType}/${id}`);

test('the state derivable from scratch equals the state stored, after every step of a course', async () => {
  const course = await refer(client);
  expect(await again(course)).toEqual([]);
  const steps: readonly ToAnswers[] = [notSeen, impaired, eligible, consented, impaired, eligible, notSeen, consented];
  let id: string | undefined;
  for (const answers of steps) {
    const saved = await saveTo(client, course, answers, { id });
    id = saved.body.id;
    expect([answers, saved.status, await again(course)]).toEqual([answers, expect.any(Number), []]);
  }
  await save(client, course, 'smertereg-b22');
  expect(await again(course)).toEqual([]);
  const consent = await consentOf(client, course);
  await client.put(`Consent/${consent.id}`, { ...consent, status: 'inactive' });
  expect(await again(course)).toEqual([]);
  await server.fhir.runner.drain();
  expect(await again(course)).toEqual([]);
});

test('what somebody changes in the database is told', async () => {
  const course = await refer(client, { fnr: '13916900362' });
  await saveTo(client, course, consented);
  const stored = async <R extends Consent | ResearchSubject | Task>(search: string): Promise<R> =>
    (await client.search<R>(search))[0] as R;
  const membership = await stored<ResearchSubject>(`ResearchSubject?patient=Patient/${course.patient}`);
  const line = await stored<Task>(`Task?focus=EpisodeOfCare/${course.episode}&code=register-course`);
  for (const [resource, from, to] of [
    [membership, '"on-study"', '"candidate"'],
    [line, '"status":"in-progress"', '"status":"completed"'],
  ] as const) {
    const change = (one: string, other: string) =>
      server.database.pool.query(
        'update resource set content = replace(content, $1, $2) where content like $3 and content like $4',
        [one, other, `%"id":"${resource.id}"%`, `%"resourceType":"${resource.resourceType}"%`],
      );
    expect((await change(from, to)).rowCount).toBe(1);
    expect(await again(course)).toContain(`${resource.resourceType}/${resource.id}`);
    await change(to, from);
    expect(await again(course)).toEqual([]);
  }
});
