import type { Observation, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../../tests/kit/rest.ts';

let server: TestServer;
let feed: TestServer;
let client: Rest;
/** A client whose references may stay open. */
let open: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false });
  feed = await testServer({ packages: false, database: server.database, caller: { openReferences: true } });
  client = rest(server.base);
  open = rest(feed.base);
  await client.put('Patient/here', { resourceType: 'Patient', id: 'here' });
});

afterAll(async () => {
  await feed.close();
  await server.close();
});

const observation = (fields: object = {}): object => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
  ...fields,
});

const faults = ({ status, body }: Reply<unknown>): string =>
  [
    status,
    ...((body as OperationOutcome).issue ?? []).map((issue) => `${issue.severity} ${issue.expression?.join()}`),
  ].join(' ');

const post = (fields: object, through = client) => through.post('Observation', observation(fields));

describe('a reference to what is not here', () => {
  test('is refused, wherever it stands', async () => {
    const performer = [{ reference: 'Practitioner/nobody' }, { reference: 'Organization/0123456789abcdef' }];
    const answer = await post({ subject: { reference: 'Patient/here' }, performer });
    expect(faults(answer)).toBe('422 error Observation.performer[0] error Observation.performer[1]');
  });

  test.each([
    ['an absolute url elsewhere', { reference: 'https://elsewhere.example.org/fhir/Patient/1' }],
    ['an identifier', { identifier: { system: 'urn:x', value: '1' } }],
    ['words', { display: 'somebody' }],
  ])('is no matter where it is %s', async (_name, subject) => {
    expect((await post({ subject })).status).toBe(201);
  });

  test('is refused where it is contained and leads out', async () => {
    const contained = [{ resourceType: 'Device', id: 'd', patient: { reference: 'Patient/nobody' } }];
    const answer = await post({ contained, device: { reference: '#d' } });
    expect(answer.status).toBe(422);
  });

  test('may be stored with a warning by a client configured so, but never as subject or basis', async () => {
    const performer = [{ reference: 'Practitioner/nobody' }];
    const stored = await post({ performer, subject: { reference: 'Patient/here' } }, open);
    expect(stored.status).toBe(201);
    expect((await client.get<Observation>(`Observation/${(stored.body as Observation).id}`)).body.performer).toEqual(
      performer,
    );
    expect(faults(await post({ performer, subject: { reference: 'Patient/nobody' } }, open))).toContain(
      'error Observation.subject',
    );
    expect(faults(await post({ basedOn: [{ reference: 'CarePlan/nobody' }] }, open))).toContain(
      'error Observation.basedOn[0]',
    );
    const task = { resourceType: 'Task', status: 'requested', intent: 'order', for: { reference: 'Patient/nobody' } };
    expect(faults(await open.post('Task', task))).toBe('422 error Task.for');
  });

  test('is told by a warning to who asks for the outcome', async () => {
    const answer = await open.post('Observation', observation({ performer: [{ reference: 'Practitioner/0' }] }), {
      prefer: 'return=OperationOutcome',
    });
    expect(faults(answer)).toMatch(/^201 .*warning Observation\.performer\[0\]$/);
  });
});

test('a reference to a resource of another type than it names is refused', async () => {
  const { body } = await client.post<Patient>('Patient', { resourceType: 'Patient' });
  expect(faults(await post({ subject: { reference: `Group/${body.id}` } }))).toBe('422 error Observation.subject');
  expect((await post({ subject: { reference: `Patient/${body.id}` } })).status).toBe(201);
});

test('a version of a resource, and an absolute url of this server, are references to the resource', async () => {
  await client.put('Patient/linked', { resourceType: 'Patient', id: 'linked' });
  for (const reference of ['Patient/linked/_history/1', `${server.base}/Patient/linked`]) {
    expect((await post({ subject: { reference } })).status).toBe(201);
    expect((await client.send('DELETE', 'Patient/linked')).status).toBe(409);
    const [referring] = await client.search<Observation>('Observation?subject=Patient/linked');
    await client.send('DELETE', `Observation/${referring?.id}`);
  }
  expect((await client.send('DELETE', 'Patient/linked')).status).toBe(204);
});

describe('what others refer to', () => {
  const referred = async (): Promise<string> =>
    (await client.post<Patient>('Patient', { resourceType: 'Patient' })).body.id ?? '';
  const remove = async (id: string): Promise<string> => {
    const { status, body } = await client.send<OperationOutcome>('DELETE', `Patient/${id}`);
    return `${status} ${body?.issue?.map((issue) => issue.code) ?? ''}`.trim();
  };

  test('cannot be deleted, until they are gone or refer to something else', async () => {
    const id = await referred();
    const { body } = await post({ subject: { reference: `Patient/${id}` } });
    const { id: observationId } = body as Observation;
    expect(await remove(id)).toBe('409 conflict');
    await client.put(`Observation/${observationId}`, observation({ id: observationId }));
    expect(await remove(id)).toBe('204');
    expect((await client.get(`Patient/${id}`)).status).toBe(410);
  });

  test('cannot be deleted where no search parameter knows of the reference either', async () => {
    const id = await referred();
    const url = 'https://svar.example.org/fhir/StructureDefinition/test';
    await post({ extension: [{ url, valueReference: { reference: `Patient/${id}` } }] });
    expect(await remove(id)).toBe('409 conflict');
  });

  test('can be deleted where it is only told of: AuditEvent and Provenance', async () => {
    const id = await referred();
    const agent = [{ who: { reference: 'Patient/here' } }];
    const provenance = await client.post('Provenance', {
      ...{ resourceType: 'Provenance', recorded: '2026-03-02T09:00:00Z', agent },
      target: [{ reference: `Patient/${id}` }],
    });
    expect(provenance.status).toBe(201);
    expect(await remove(id)).toBe('204');
  });

  test('can be deleted where it refers to itself alone', async () => {
    const id = await referred();
    const link = [{ other: { reference: `Patient/${id}` }, type: 'seealso' }];
    expect((await client.put(`Patient/${id}`, { resourceType: 'Patient', id, link })).status).toBe(200);
    expect(await remove(id)).toBe('204');
  });
});

test('a write that was judged by a questionnaire which has changed meanwhile is judged anew', async () => {
  const url = 'https://svar.example.org/fhir/Questionnaire/test-judged';
  const form = (linkId: string) => ({
    ...{ resourceType: 'Questionnaire', id: 'judged', url, version: '1', status: 'active' },
    item: [{ linkId, text: 'Spørsmål', type: 'integer' }],
  });
  const answer = (linkId: string) => ({
    ...{
      resourceType: 'QuestionnaireResponse',
      questionnaire: `${url}|1`,
      status: 'completed',
      authored: '2026-03-02',
    },
    item: [{ linkId, answer: [{ valueInteger: 1 }] }],
  });
  await client.put('Questionnaire/judged', form('a'));
  // both servers remember the form now; a stored response would keep it from changing
  for (const through of [client, open]) {
    expect((await through.post('QuestionnaireResponse/$validate', answer('a'))).status).toBe(200);
  }
  expect((await client.put('Questionnaire/judged', form('b'))).status).toBe(200);
  for (const through of [client, open]) {
    expect((await through.post('QuestionnaireResponse', answer('a'))).status).toBe(422);
    expect((await through.post('QuestionnaireResponse', answer('b'))).status).toBe(201);
  }
});
