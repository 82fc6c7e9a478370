import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let strict: TestServer;
let open: TestServer;

beforeAll(async () => {
  strict = await testServer({ packages: false, background: false });
  open = await testServer({
    packages: false,
    background: false,
    database: strict.database,
    caller: { openReferences: true },
  });
  await rest(strict.base).put('Patient/here', { resourceType: 'Patient', id: 'here' });
});

afterAll(async () => {
  await open.close();
  await strict.close();
});

const absent = { reference: 'Patient/absent' };
const observation = (more: object): Resource =>
  ({ resourceType: 'Observation', status: 'final', code: { text: 'c' }, ...more }) as Resource;

/** What must be there even where other references may stay open: the element and a resource that names nobody. */
const always: readonly (readonly [expression: string, resource: Resource])[] = [
  ['Observation.subject', observation({ subject: absent })],
  ['Observation.basedOn[0]', observation({ basedOn: [{ reference: 'ServiceRequest/absent' }] })],
  [
    'Consent.patient',
    {
      resourceType: 'Consent',
      status: 'active',
      scope: { text: 's' },
      category: [{ text: 'c' }],
      policyRule: { text: 'p' },
      patient: absent,
    },
  ],
  ['Task.for', { resourceType: 'Task', status: 'requested', intent: 'order', for: absent }],
  [
    'QuestionnaireResponse.questionnaire',
    { resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: 'http://example.org/absent' },
  ],
];

/** What may stay open for callers that are configured so. */
const others: readonly (readonly [expression: string, resource: Resource])[] = [
  ['Observation.performer[0]', observation({ performer: [{ reference: 'Practitioner/absent' }] })],
  [
    'Patient.managingOrganization',
    { resourceType: 'Patient', managingOrganization: { reference: 'Organization/absent' } },
  ],
];

const told = (body: unknown) =>
  ((body as OperationOutcome).issue ?? []).map(({ severity, expression }) => `${severity} ${expression?.[0]}`);

async function create(client: Rest, resource: Resource) {
  return client.post<OperationOutcome>(resource.resourceType, resource, { prefer: 'return=OperationOutcome' });
}

describe('references', () => {
  test.each(always)('%s must lead somewhere, whoever writes', async (expression, resource) => {
    for (const { base } of [strict, open]) {
      const { status, body } = await create(rest(base), resource);
      expect([status, told(body)]).toEqual([422, [`error ${expression}`]]);
    }
  });

  test.each(others)(
    '%s must lead somewhere, or be told of where the caller may leave it open',
    async (expression, resource) => {
      const refused = await create(rest(strict.base), resource);
      expect([refused.status, told(refused.body)]).toEqual([422, [`error ${expression}`]]);
      const warned = await create(rest(open.base), resource);
      expect(warned.status).toBe(201);
      expect(told(warned.body)).toContain(`warning ${expression}`);
    },
  );

  test.each([
    ['an absolute one elsewhere', { reference: 'https://ehr.example.org/fhir/Patient/1' }],
    ['a logical one', { identifier: { system: 'urn:mrn', value: '1' } }],
    ['a display', { display: 'somebody' }],
    ['a relative one', { reference: 'Patient/here' }],
    ['one of a version', { reference: 'Patient/here/_history/1' }],
    ['an absolute one of this server', { reference: 'OWN/Patient/here' }],
  ])('%s passes', async (_what, subject) => {
    const own = JSON.stringify(observation({ subject })).replace('OWN', strict.base);
    const { status, body } = await rest(strict.base).post('Observation', own);
    expect([status, (body as OperationOutcome).issue]).toEqual([201, undefined]);
  });

  test.each([
    ['to a type that may not stand there', observation({ subject: { reference: 'Practitioner/here' } })],
    ['to what is not contained', observation({ subject: { reference: '#nobody' } })],
    ['that is no address', observation({ subject: { reference: 'not an address' } })],
    ['to an unknown type', observation({ subject: { reference: 'Nonsense/1' } })],
    [
      'to an absolute address of this server that is not there',
      observation({ subject: { reference: 'OWN/Patient/absent' } }),
    ],
  ])('one %s is refused with its place', async (_what, resource) => {
    const own = JSON.stringify(resource).replace('OWN', strict.base);
    const { status, body } = await rest(strict.base).post<OperationOutcome>('Observation', own);
    expect(status).toBe(422);
    expect(told(body)[0]).toContain('error Observation.subject');
  });

  test('a resource may refer to itself, and be deleted then', async () => {
    const client = rest(strict.base);
    const self = { resourceType: 'Organization', id: 'self', name: 's', partOf: { reference: 'Organization/self' } };
    const put = async () => (await client.put('Organization/self', self)).status;
    expect([await put(), await put()]).toEqual([201, 200]);
    expect((await client.send('DELETE', 'Organization/self')).status).toBe(204);
    expect(await put()).toBe(201);
    expect((await client.send('DELETE', 'Organization/self')).status).toBe(204);
  });

  test('what was deleted is not there for new references', async () => {
    const client = rest(strict.base);
    await client.put('Patient/gone', { resourceType: 'Patient', id: 'gone' });
    await client.send('DELETE', 'Patient/gone');
    const { status } = await create(client, observation({ subject: { reference: 'Patient/gone' } }));
    expect(status).toBe(422);
  });
});
