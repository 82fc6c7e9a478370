import type { Bundle, Observation, OperationOutcome, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../../tests/kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../../../tests/kit/rest.ts';
import { ridOfId, shardOfRid } from '../../model/rid.ts';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false });
  client = rest(server.base);
  await client.put('Patient/bystander', { resourceType: 'Patient', id: 'bystander' });
});

afterAll(() => server.close());

interface Entry {
  fullUrl?: string;
  resource?: object;
  request: { method: string; url: string; [condition: string]: string };
}

const post = (resource: { resourceType: string }, more: Partial<Entry> & { ifNoneExist?: string } = {}): Entry => ({
  ...(more.fullUrl ? { fullUrl: more.fullUrl } : {}),
  resource,
  request: {
    method: 'POST',
    url: resource.resourceType,
    ...(more.ifNoneExist ? { ifNoneExist: more.ifNoneExist } : {}),
  },
});

const put = (resource: { resourceType: string; id: string }, conditions: Record<string, string> = {}): Entry => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ...conditions },
});

const patch = (url: string, operations: unknown[]): Entry => ({
  resource: {
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify(operations)).toString('base64'),
  },
  request: { method: 'PATCH', url },
});

const ask = (method: 'GET' | 'DELETE', url: string): Entry => ({ request: { method, url } });

const send = (...entry: Entry[]): Promise<Reply<Bundle>> =>
  client.post<Bundle>('', { resourceType: 'Bundle', type: 'transaction', entry });

const statuses = ({ body }: Reply<Bundle>): string[] =>
  (body.entry ?? []).map((entry) => entry.response?.status?.slice(0, 3) ?? '');

const issues = ({ body }: Reply<unknown>): string[] =>
  ((body as OperationOutcome).issue ?? []).map((issue) => `${issue.code} ${issue.expression?.join()}`);

const idAt = ({ body }: Reply<Bundle>, index: number): string =>
  /\/([^/]+)\/_history/.exec(body.entry?.[index]?.response?.location ?? '')?.[1] ?? '';

const patient = (fields: object = {}) => ({ resourceType: 'Patient', ...fields });
const observation = (fields: object = {}) => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
  ...fields,
});
const about = (reference: string) => observation({ subject: { reference } });
const named = (value: string) => ({ identifier: [{ system: 'urn:t', value }] });

const count = async (search: string): Promise<number> => (await client.search(search)).length;

test('references by full URL resolve whatever the order of the entries, in both directions', async () => {
  const a = 'urn:uuid:00000000-0000-4000-8000-00000000000a';
  const b = 'urn:uuid:00000000-0000-4000-8000-00000000000b';
  const answer = await send(
    post({ ...about(a), hasMember: [{ reference: b }] } as never),
    post({ ...about(a), derivedFrom: [{ reference: b }] } as never, { fullUrl: b }),
    post(patient(), { fullUrl: a }),
    put({ ...patient({ link: [{ other: { reference: a }, type: 'seealso' }] }), id: 'linked' } as never),
  );
  expect([answer.status, ...statuses(answer)]).toEqual([200, '201', '201', '201', '201']);
  const { body } = await client.get<Observation>(`Observation/${idAt(answer, 0)}`);
  expect(body.subject?.reference).toBe(`Patient/${idAt(answer, 2)}`);
  expect(body.hasMember?.[0]?.reference).toBe(`Observation/${idAt(answer, 1)}`);
  const linked = await client.get<Patient>('Patient/linked');
  expect(linked.body.link?.[0]?.other.reference).toBe(`Patient/${idAt(answer, 2)}`);
  expect(await count(`Observation?subject=Patient/${idAt(answer, 2)}`)).toBe(2);
});

test('a conditional reference means the one resource that it finds', async () => {
  const made = await send(post(patient(named('conditional'))));
  const answer = await send(post(about('Patient?identifier=urn:t|conditional')));
  const { body } = await client.get<Observation>(`Observation/${idAt(answer, 0)}`);
  expect(body.subject?.reference).toBe(`Patient/${idAt(made, 0)}`);
  const nobody = await send(post(patient(named('beside'))), post(about('Patient?identifier=urn:t|nobody')));
  expect(nobody.status).toBe(412);
  expect(issues(nobody)).toEqual(['not-found Bundle.entry[1].resource.subject']);
  expect(await count('Patient?identifier=urn:t|beside')).toBe(0);
});

test.each<[string, number, Entry]>([
  ['an invalid resource', 400, post({ resourceType: 'Observation' })],
  ['a reference that leads nowhere', 422, post(about('Patient/nowhere'))],
  ['a version that is not the current one', 412, put({ ...patient(), id: 'here' } as never, { ifMatch: 'W/"7"' })],
  ['a read of what is not there', 404, ask('GET', 'Patient/nowhere')],
  ['a patch of what is not there', 404, patch('Patient/nowhere', [{ op: 'add', path: '/active', value: true }])],
  ['a deletion of what others refer to', 409, ask('DELETE', 'Patient/here')],
])('fails as a whole for %s at its end', async (_name, status, last) => {
  await send(put({ ...patient(), id: 'here' } as never), post(about('Patient/here')));
  const [before] = await client.search<Patient>('Patient?_id=here');
  const answer = await send(
    post(patient(named('whole'))),
    put({ ...patient(named('whole')), id: 'whole' } as never),
    patch('Patient/bystander', [{ op: 'add', path: '/active', value: true }]),
    last,
  );
  expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  expect(await count('Patient?identifier=urn:t|whole')).toBe(0);
  expect((await client.get('Patient/whole')).status).toBe(404);
  expect((await client.get<Patient>('Patient/bystander')).body.active).toBeUndefined();
  expect((await client.search<Patient>('Patient?_id=here'))[0]).toEqual(before);
});

test('PUT, PATCH, POST, DELETE and GET go together; the GET sees what the others did', async () => {
  const made = await send(post(patient()), post(patient(named('patched'))), post(patient(named('gone'))));
  const [updated, patched, gone] = [0, 1, 2].map((index) => idAt(made, index)) as [string, string, string];
  const answer = await send(
    ask('GET', `Patient/${patched}`),
    ask('GET', 'Patient?identifier=urn:t|patched'),
    ask('DELETE', `Patient/${gone}`),
    patch(`Patient/${patched}`, [{ op: 'add', path: '/active', value: true }]),
    put({ ...patient({ gender: 'other' }), id: updated } as never, { ifMatch: 'W/"1"' }),
    post(about(`Patient/${patched}`)),
    ask('DELETE', 'Patient/never-was'),
  );
  expect([answer.status, ...statuses(answer)]).toEqual([200, '200', '200', '204', '200', '200', '201', '204']);
  expect(answer.body.entry?.[0]?.resource).toMatchObject({ active: true });
  expect(answer.body.entry?.[1]?.resource).toMatchObject({ entry: [{ resource: { active: true } }] });
  expect((await client.get(`Patient/${gone}`)).status).toBe(410);
  expect((await client.get<Patient>(`Patient/${updated}`)).body).toMatchObject({
    gender: 'other',
    meta: { versionId: '2' },
  });
});

test('what refers to each other can be deleted together, and alone not', async () => {
  const made = await send(put({ ...patient(), id: 'pair' } as never), post(about('Patient/pair')));
  const observationId = idAt(made, 1);
  expect((await send(ask('DELETE', 'Patient/pair'))).status).toBe(409);
  const both = await send(ask('DELETE', 'Patient/pair'), ask('DELETE', `Observation/${observationId}`));
  expect([both.status, ...statuses(both)]).toEqual([200, '204', '204']);
});

test('what a transaction deletes cannot be referred to by it, what it restores can', async () => {
  await send(put({ ...patient(), id: 'turned' } as never));
  const refused = await send(ask('DELETE', 'Patient/turned'), post(about('Patient/turned')));
  expect([refused.status >= 400, (await client.get('Patient/turned')).status]).toEqual([true, 200]);
  await client.send('DELETE', 'Patient/turned');
  const restored = await send(post(about('Patient/turned')), put({ ...patient(), id: 'turned' } as never));
  expect([restored.status, ...statuses(restored)]).toEqual([200, '201', '201']);
  expect((await client.get<Patient>('Patient/turned')).body.meta?.versionId).toBe('3');
});

test('two entries that write the same resource are refused', async () => {
  await send(put({ ...patient(named('same')), id: 'same' } as never));
  const twice: Entry[][] = [
    [put({ ...patient(), id: 'same' } as never), put({ ...patient({ active: true }), id: 'same' } as never)],
    [put({ ...patient(), id: 'fresh' } as never), put({ ...patient({ active: true }), id: 'fresh' } as never)],
    [patch('Patient/same', [{ op: 'add', path: '/active', value: true }]), ask('DELETE', 'Patient/same')],
    [ask('DELETE', 'Patient/same'), ask('DELETE', 'Patient?identifier=urn:t|same')],
  ];
  for (const entries of twice) {
    const answer = await send(...entries);
    expect([answer.status, ...issues(answer)]).toEqual([400, 'duplicate Bundle.entry[1]']);
  }
  expect((await client.get<Patient>('Patient/same')).body.meta?.versionId).toBe('1');
});

test('two entries with the same condition cannot both create', async () => {
  const once = (name: string): Entry => post(patient(named(name)), { ifNoneExist: `identifier=urn:t|${name}` });
  const answer = await send(once('twin'), once('twin'));
  expect([answer.status, ...issues(answer)]).toEqual([400, 'duplicate Bundle.entry[1]']);
  expect(await count('Patient?identifier=urn:t|twin')).toBe(0);
  await send(once('twin'));
  const known = await send(once('twin'), once('twin'));
  expect([known.status, ...statuses(known)]).toEqual([200, '200', '200']);
});

test('references to a conditional create lead to what exists already', async () => {
  const made = await send(post(patient(named('existing'))));
  const url = 'urn:uuid:00000000-0000-4000-8000-00000000000c';
  const answer = await send(
    post(about(url)),
    post(patient(named('existing')), { fullUrl: url, ifNoneExist: 'identifier=urn:t|existing' }),
  );
  expect(statuses(answer)).toEqual(['201', '200']);
  const { body } = await client.get<Observation>(`Observation/${idAt(answer, 0)}`);
  expect(body.subject?.reference).toBe(`Patient/${idAt(made, 0)}`);
});

test('what belongs to a patient gets into the shard of the patient, however the patient is referred to', async () => {
  const made = await send(post(patient(named('sharded'))), put({ ...patient(), id: 'given-id' } as never));
  const url = 'urn:uuid:00000000-0000-4000-8000-00000000000d';
  const answer = await send(
    post(about(`Patient/${idAt(made, 0)}`)),
    post(about('Patient/given-id')),
    post(about('Patient?identifier=urn:t|sharded')),
    post(about(url)),
    post(patient(), { fullUrl: url }),
  );
  expect(answer.status).toBe(200);
  const shardOf = (id: string): number => shardOfRid(ridOfId(id) ?? '0');
  const { rows } = await server.database.pool.query<{ rid: string }>("select rid from locator where id = 'given-id'");
  const [first, second, third, fourth, fresh] = [0, 1, 2, 3, 4].map((index) => shardOf(idAt(answer, index)));
  const known = shardOf(idAt(made, 0));
  expect([first, second, third, fourth]).toEqual([known, shardOfRid(rows[0]?.rid ?? '0'), known, fresh]);
});

test('every fault of every entry is told, with its place', async () => {
  const answer = await send(
    post({ resourceType: 'Observation', status: 'final' } as never),
    post(patient()),
    post(about('Patient/nowhere')),
  );
  expect(answer.status).toBe(400);
  expect(issues(answer).map((issue) => issue.split(' ')[1])).toEqual(
    expect.arrayContaining([expect.stringContaining('Bundle.entry[0]'), 'Bundle.entry[2].resource.subject']),
  );
});

test('five thousand entries are done in one go', async () => {
  const url = (n: number): string => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const entries = Array.from({ length: 5000 }, (_, n) =>
    n % 5 === 4 ? post(patient(named(`many-${n}`)), { fullUrl: url(n) }) : post(about(url(n - (n % 5) + 4))),
  );
  const started = performance.now();
  const answer = await send(...entries);
  expect(answer.status).toBe(200);
  expect(new Set(statuses(answer))).toEqual(new Set(['201']));
  expect(performance.now() - started).toBeLessThan(20_000);
  const { body } = await client.get<Observation & Resource>(`Observation/${idAt(answer, 4995)}`);
  expect(body.subject?.reference).toBe(`Patient/${idAt(answer, 4999)}`);
  expect(await count(`Observation?subject=Patient/${idAt(answer, 4999)}`)).toBe(4);
}, 60_000);
