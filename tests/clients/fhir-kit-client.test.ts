import type { Bundle, OperationOutcome, Patient, Resource } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';

let server: TestServer;
let fhir: Client;
let mark: string;
let marks = 0;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  fhir = new Client({ baseUrl: server.base });
});

beforeEach(() => {
  marks += 1;
  mark = `kit-${marks}`;
});

afterAll(() => server.close());

const patient = (more: Partial<Patient> = {}): Patient & { resourceType: string } => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mark', value: mark }],
  ...more,
});

const resourceType = 'Patient';

async function create(more: Partial<Patient> = {}): Promise<string> {
  return String((await fhir.create({ resourceType, body: patient(more) as never })).id);
}

async function refused(work: Promise<unknown>): Promise<{ status: number; outcome: OperationOutcome }> {
  const failure = (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as { response?: { status: number; data: OperationOutcome } } | undefined;
  expect(failure?.response?.data.resourceType).toBe('OperationOutcome');
  return { status: failure?.response?.status ?? 0, outcome: failure?.response?.data as OperationOutcome };
}

const ids = (bundle: unknown) =>
  ((bundle as Bundle).entry ?? []).map(({ resource }) => (resource as Resource | undefined)?.id);

describe('fhir-kit-client', () => {
  test('creates, reads, updates, patches, reads versions and deletes', async () => {
    const id = await create();
    expect(await fhir.read({ resourceType, id })).toMatchObject(patient());
    const updated = await fhir.update({ resourceType, id, body: patient({ id, active: true }) as never });
    const { response } = Client.httpFor(updated) as { response: Response };
    expect(response.headers.get('etag')).toBe('W/"2"');
    const patched = await fhir.patch({
      resourceType,
      id,
      jsonPatch: [{ op: 'replace', path: '/active', value: false }],
    } as never);
    expect((patched as unknown as Patient).active).toBe(false);
    expect(await fhir.vread({ resourceType, id, version: '1' } as never)).not.toHaveProperty('active');
    await fhir.delete({ resourceType, id });
    expect((await refused(fhir.read({ resourceType, id }))).status).toBe(410);
    const history = (await fhir.history({ resourceType, id } as never)) as unknown as Bundle;
    expect(history.entry?.map(({ request }) => request?.method)).toEqual(['DELETE', 'PUT', 'PUT', 'POST']);
  });

  test('creates and updates on condition, and holds to a version', async () => {
    const headers = { 'If-None-Exist': `identifier=urn:mark|${mark}` };
    const first = await fhir.create({ resourceType, body: patient() as never, options: { headers } } as never);
    const second = await fhir.create({ resourceType, body: patient() as never, options: { headers } } as never);
    expect((second as unknown as Patient).id).toBe((first as unknown as Patient).id);
    const searchParams = { identifier: `urn:mark|${mark}` };
    const updated = await fhir.update({
      resourceType,
      searchParams,
      body: patient({ active: true }) as never,
    } as never);
    expect(updated).toMatchObject({ active: true, meta: { versionId: '2' } });
    const id = String((first as unknown as Patient).id);
    const late = fhir.update({
      resourceType,
      id,
      body: patient({ id }) as never,
      options: { headers: { 'If-Match': 'W/"1"' } },
    } as never);
    expect((await refused(late)).status).toBe(412);
  });

  test('searches by GET and POST, and pages forth and back', async () => {
    const made = [];
    for (const family of ['Alm', 'Berg', 'Dal', 'Elv', 'Fjell']) {
      made.push(await create({ name: [{ family }] }));
    }
    const searchParams = { identifier: `urn:mark|${mark}`, _sort: 'family', _count: 2 };
    const first = await fhir.search({ resourceType, searchParams });
    const second = await fhir.nextPage({ bundle: first as never });
    const third = await fhir.nextPage({ bundle: second as never });
    expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(made);
    const back = await fhir.prevPage({ bundle: third as never });
    expect(ids(back)).toEqual(ids(second));
    expect(ids(await fhir.prevPage({ bundle: back as never }))).toEqual(ids(first));
    const posted = await fhir.resourceSearch({ resourceType, searchParams, options: { postSearch: true } } as never);
    expect(ids(posted)).toEqual(ids(first));
    const system = await fhir.systemSearch({ searchParams: { _type: 'Patient', _id: made[0] } } as never);
    expect(ids(system)).toEqual([made[0]]);
  });

  test('searches with what refers to it, and in a compartment’s words', async () => {
    const id = await create();
    const observation = await fhir.create({
      resourceType: 'Observation',
      body: {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'c' },
        subject: { reference: `Patient/${id}` },
      } as never,
    });
    const found = await fhir.search({
      resourceType,
      searchParams: { _id: id, _revinclude: 'Observation:subject' },
    });
    expect(ids(found)).toEqual([id, (observation as unknown as Resource).id]);
  });

  test('sends batches and transactions, which are undone as a whole', async () => {
    const entry = [
      { fullUrl: 'urn:uuid:1', resource: patient(), request: { method: 'POST', url: 'Patient' } },
      { request: { method: 'GET', url: 'Patient?_count=1' } },
    ];
    for (const type of ['batch', 'transaction'] as const) {
      const body = { resourceType: 'Bundle', type, entry } as never;
      const answer = (await fhir[type]({ body })) as unknown as Bundle;
      expect(answer.type).toBe(`${type}-response`);
      expect(answer.entry?.map(({ response }) => response?.status.slice(0, 3))).toEqual(['201', '200']);
    }
    const bad = [...entry, { resource: { ...patient(), gender: 'x' }, request: { method: 'POST', url: 'Patient' } }];
    const { status, outcome } = await refused(
      fhir.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry: bad } as never }),
    );
    expect([400, 422]).toContain(status);
    expect(outcome.issue[0]?.expression).toEqual(['Bundle.entry[2].resource.gender']);
    expect(ids(await fhir.search({ resourceType, searchParams: { identifier: `urn:mark|${mark}` } }))).toHaveLength(2);
  });

  test('reads the capability statement, histories, and calls operations', async () => {
    expect((await fhir.capabilityStatement()).resourceType).toBe('CapabilityStatement');
    const id = await create();
    expect(ids(await fhir.typeHistory({ resourceType } as never))).toContain(id);
    expect(ids(await fhir.systemHistory())).toContain(id);
    const everything = await fhir.operation({ name: 'everything', resourceType, id, method: 'GET' } as never);
    expect(ids(everything)).toEqual([id]);
    const validated = await fhir.operation({ name: 'validate', resourceType, input: patient() } as never);
    expect((validated as unknown as OperationOutcome).issue[0]?.severity).toBe('information');
  });

  test('is told of faults by OperationOutcomes', async () => {
    expect((await refused(fhir.read({ resourceType, id: 'nobody' }))).status).toBe(404);
    const { outcome } = await refused(fhir.create({ resourceType, body: patient({ gender: 'x' as never }) as never }));
    expect(outcome.issue[0]?.expression).toEqual(['Patient.gender']);
    const searched = await refused(fhir.search({ resourceType, searchParams: { nonsense: '1' } }));
    expect([searched.status, searched.outcome.issue[0]?.code]).toEqual([400, 'not-supported']);
  });
});
