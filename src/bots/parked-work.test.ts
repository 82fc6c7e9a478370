import type { Basic, OperationOutcome, Parameters } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';
import { basic, signedIn, signedInAs } from '../../tests/kit/sign-in.ts';
import { ATTEMPTS_MAX } from './runner.ts';

let server: TestServer;
let admin: Rest;
let sc: Rest;
/** Whether the bot fails, with a message that quotes what it was given. */
let broken = true;

beforeAll(async () => {
  server = await testServer({
    ...{ background: false, identity: true, testClock: '2026-03-02T08:00:00+01:00' },
    bots: [
      {
        declaration: { name: 'breaking', kind: 'follow', trigger: ['Basic'], interactions: ['create'] },
        async handler(_medplum, event) {
          if (broken) throw new TypeError(`no ${(event.input as Basic).code.text}`);
        },
      },
    ],
  });
  admin = rest(server.base, basic('demo-admin'));
  sc = rest(server.base, await signedIn(server, 'sc'));
});

afterAll(() => server.close());

const works = ({ body }: { body: Parameters | OperationOutcome }) =>
  ((body as Parameters).parameter ?? []).map(({ part = [] }) =>
    Object.fromEntries(
      part.map((one) => [one.name, one.valueCode ?? one.valueInteger ?? one.valueInstant ?? one.valueString]),
    ),
  );

test('the coordinator sees which work is parked and why, nothing of a patient, and lets it be tried again', async () => {
  for (const text of ['Anna', 'Bent']) {
    expect((await admin.post('Basic', { resourceType: 'Basic', code: { text } })).status).toBe(201);
  }
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    await server.fhir.runner.drain();
    await server.fhir.advance(new Date((server.fhir.clock?.now().getTime() ?? 0) + 3_600_000));
  }
  const found = await sc.get<Parameters>('$parked-work');
  expect([found.status, works(found)]).toEqual([
    200,
    [
      {
        ...{ bot: 'breaking', type: 'Basic', count: 2, attempts: ATTEMPTS_MAX, problem: 'TypeError' },
        since: expect.stringMatching(/^2026-03-02T/),
      },
    ],
  ]);
  expect(JSON.stringify(found.body)).not.toMatch(/Anna|Bent/);
  expect(works(await sc.get<Parameters>('$parked-work?bot=another'))).toEqual([]);

  // it fails once more, and is parked at once
  const retry = () => sc.post<Parameters>('$retry-parked-work?bot=breaking', { resourceType: 'Parameters' });
  expect((await retry()).body.parameter).toEqual([{ name: 'count', valueInteger: 2 }]);
  await server.fhir.runner.drain();
  expect(works(await sc.get<Parameters>('$parked-work'))).toHaveLength(1);
  broken = false;
  await retry();
  await server.fhir.runner.drain();
  expect(works(await sc.get<Parameters>('$parked-work'))).toEqual([]);
});

test('others are not told, and cannot set anything going; a reading alone changes nothing', async () => {
  const patient = await signedInAs(server, { fhirUser: 'Patient/demo-patient' });
  const [lu, lc] = await Promise.all(['lu', 'lc'].map((login) => signedIn(server, login)));
  for (const who of [patient, lu, lc, basic('demo-ehr')]) {
    const client = rest(server.base, who ?? {});
    expect((await client.get('$parked-work')).status).toBe(403);
    const tried = await client.post('$retry-parked-work?bot=breaking', { resourceType: 'Parameters' });
    expect(tried.status).toBe(403);
  }
  expect((await sc.get('$retry-parked-work?bot=breaking')).status).toBe(405);
  expect((await sc.post('$retry-parked-work', { resourceType: 'Parameters' })).status).toBe(400);
});
