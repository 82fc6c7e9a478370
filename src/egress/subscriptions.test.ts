import type { OperationOutcome, Subscription } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
});

afterAll(() => server.close());

const subscription = (status: Subscription['status'], endpoint: string): Subscription => ({
  resourceType: 'Subscription',
  status,
  reason: 'a test',
  criteria: 'Observation?code=1',
  channel: { type: 'rest-hook', endpoint, header: ['Authorization: Bearer secret'] },
});

test.each(['http://169.254.169.254/', 'https://example.org/hook'])(
  'a Subscription that asks for messages is refused, since none would come, and its endpoint is not asked: %s',
  async (endpoint) => {
    for (const status of ['requested', 'active'] as const) {
      const { status: answer, body } = await client.post<OperationOutcome>(
        'Subscription',
        subscription(status, endpoint),
      );
      expect([answer, (body as unknown as OperationOutcome).issue[0]?.code]).toEqual([422, 'not-supported']);
    }
  },
);

test('one that is off is stored, and cannot be switched on', async () => {
  const { status, body } = await client.post<Subscription>('Subscription', subscription('off', 'https://example.org/'));
  expect(status).toBe(201);
  const { status: switched } = await client.put(`Subscription/${body.id}`, { ...body, status: 'requested' });
  expect(switched).toBe(422);
});
