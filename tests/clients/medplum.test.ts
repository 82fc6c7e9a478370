import { MedplumClient as Client, type MedplumClient, OperationOutcomeError } from '@medplum/core';
import type { Bundle, Observation, Patient, Questionnaire } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';

let server: TestServer;
let medplum: MedplumClient;
let mark: string;
let marks = 0;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  medplum = client();
});

beforeEach(() => {
  marks += 1;
  mark = `medplum-${marks}`;
});

afterAll(() => server.close());

const client = (options: object = {}) =>
  new Client({ baseUrl: `${server.url}/`, fhirUrlPath: 'fhir/R4', cacheTime: 0, ...options });

const patient = (more: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mark', value: mark }],
  ...more,
});

async function outcomeOf(work: Promise<unknown>): Promise<OperationOutcomeError> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(OperationOutcomeError);
  return failure as OperationOutcomeError;
}

describe('MedplumClient', () => {
  test('creates, reads, updates, patches, reads versions and history, deletes', async () => {
    const created = await medplum.createResource(patient({ gender: 'female' }));
    expect(await medplum.readResource('Patient', created.id)).toEqual(created);
    expect(await medplum.readReference({ reference: `Patient/${created.id}` })).toEqual(created);
    const updated = await medplum.updateResource({ ...created, active: true });
    expect(updated.meta?.versionId).toBe('2');
    const patched = await medplum.patchResource('Patient', created.id, [
      { op: 'test', path: '/meta/versionId', value: '2' },
      { op: 'replace', path: '/active', value: false },
    ]);
    expect([patched.active, patched.meta?.versionId]).toEqual([false, '3']);
    expect((await medplum.readVersion('Patient', created.id, '1')).active).toBeUndefined();
    const history = await medplum.readHistory('Patient', created.id);
    expect(history.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['3', '2', '1']);
    const second = await medplum.readHistory('Patient', created.id, { count: 1, offset: 1 });
    expect(second.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['2']);
    await medplum.deleteResource('Patient', created.id);
    expect((await outcomeOf(medplum.readResource('Patient', created.id))).outcome.issue[0]?.code).toBe('deleted');
  });

  test('updates without a change and with the version it read', async () => {
    const created = await medplum.createResource(patient());
    const unchanged = await medplum.updateResource(created);
    expect(unchanged.id).toBe(created.id);
    const current = await medplum.updateResource({ ...unchanged, active: true }, {
      headers: { 'If-Match': `W/"${unchanged.meta?.versionId}"` },
    } as RequestInit);
    const late = medplum.updateResource({ ...current, active: false }, {
      headers: { 'If-Match': 'W/"1"' },
    } as RequestInit);
    await outcomeOf(late);
    expect((await medplum.readResource('Patient', created.id)).active).toBe(true);
  });

  test('creates on condition, and upserts', async () => {
    const query = `identifier=urn:mark|${mark}`;
    const first = await medplum.createResourceIfNoneExist(patient(), query);
    const second = await medplum.createResourceIfNoneExist(patient(), query);
    expect(second.id).toBe(first.id);
    const upserted = await medplum.upsertResource(patient({ active: true }), query);
    expect([upserted.id, upserted.active]).toEqual([first.id, true]);
    const other = await medplum.upsertResource(
      patient({ identifier: [{ value: `${mark}-b` }] }),
      `identifier=${mark}-b`,
    );
    expect(other.id).not.toBe(first.id);
    await medplum.createResource(patient());
    await outcomeOf(medplum.upsertResource(patient(), query));
  });

  test('searches: one, many, by pages, by its string forms, with totals and offsets', async () => {
    for (const family of ['Alm', 'Berg', 'Dal', 'Elv', 'Fjell']) {
      await medplum.createResource(patient({ name: [{ family }] }));
    }
    const identifier = `urn:mark|${mark}`;
    expect((await medplum.searchOne('Patient', { identifier, family: 'dal' }))?.name?.[0]?.family).toBe('Dal');
    expect(await medplum.searchOne('Patient', { identifier, family: 'nobody' })).toBeUndefined();
    const found = await medplum.searchResources('Patient', { identifier, _sort: '-family', _count: 3 });
    expect(found.map(({ name }) => name?.[0]?.family)).toEqual(['Fjell', 'Elv', 'Dal']);
    const pages: string[][] = [];
    for await (const page of medplum.searchResourcePages('Patient', { identifier, _sort: 'family', _count: 2 })) {
      pages.push(page.map(({ name }) => name?.[0]?.family ?? ''));
    }
    expect(pages).toEqual([['Alm', 'Berg'], ['Dal', 'Elv'], ['Fjell']]);
    const bundle = await medplum.search(
      'Patient',
      `identifier=${identifier}&_count=2&_offset=2&_sort=family&_total=accurate`,
    );
    expect(bundle.total).toBe(5);
    expect(bundle.entry?.map(({ resource }) => resource?.name?.[0]?.family)).toEqual(['Dal', 'Elv']);
    const fields = await medplum.searchResources('Patient', `identifier=${identifier}&_fields=name&_count=1`);
    expect([fields[0]?.name !== undefined, fields[0]?.identifier]).toEqual([true, undefined]);
  });

  test('follows a canonical', async () => {
    const url = `http://example.org/Questionnaire/${mark}`;
    const made = await medplum.createResource<Questionnaire>({ resourceType: 'Questionnaire', status: 'active', url });
    expect((await medplum.readCanonical('Questionnaire', url))?.id).toBe(made.id);
  });

  test('sends batches and transactions', async () => {
    const transaction = await medplum.executeBatch({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: {
            resourceType: 'Observation',
            status: 'final',
            code: { text: 'c' },
            subject: { reference: 'urn:uuid:1' },
          },
          request: { method: 'POST', url: 'Observation' },
        },
        { fullUrl: 'urn:uuid:1', resource: patient(), request: { method: 'POST', url: 'Patient' } },
      ],
    });
    expect(transaction.type).toBe('transaction-response');
    const [observation, made] = transaction.entry?.map(({ resource }) => resource) ?? [];
    expect((observation as Observation | undefined)?.subject?.reference).toBe(`Patient/${made?.id}`);
    const batch = await medplum.executeBatch({
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: `Patient/${made?.id}` } },
        { request: { method: 'GET', url: 'Patient/nobody' } },
      ],
    });
    expect(batch.entry?.map(({ response }) => response?.status?.slice(0, 3))).toEqual(['200', '404']);
    const bad: Bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: patient({ active: true }), request: { method: 'POST', url: 'Patient' } },
        { resource: { ...patient(), gender: 'x' } as never, request: { method: 'POST', url: 'Patient' } },
      ],
    };
    const { outcome } = await outcomeOf(medplum.executeBatch(bad));
    expect(outcome.issue[0]?.expression).toEqual(['Bundle.entry[1].resource.gender']);
    expect(await medplum.searchResources('Patient', { identifier: `urn:mark|${mark}` })).toHaveLength(1);
  });

  test('gathers its own reads into a batch', async () => {
    const gathering = client({ autoBatchTime: 20 });
    const made = await Promise.all([1, 2, 3].map(() => gathering.createResource(patient())));
    const read = await Promise.all([
      ...made.map(({ id }) => gathering.readResource('Patient', id)),
      gathering.searchOne('Patient', { _id: made[0]?.id ?? '' }),
    ]);
    expect(read.map((each) => each?.id)).toEqual([...made.map(({ id }) => id), made[0]?.id]);
    await outcomeOf(
      Promise.all([gathering.readResource('Patient', 'nobody'), gathering.readResource('Patient', 'none')]),
    );
  });

  test('validates, reads everything of a patient, and is told of faults', async () => {
    const made = await medplum.createResource(patient());
    expect((await medplum.validateResource(made)).issue[0]?.severity).toBe('information');
    await medplum.createResource<Observation>({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'c' },
      subject: { reference: `Patient/${made.id}` },
    });
    expect((await medplum.readPatientEverything(made.id)).entry).toHaveLength(2);
    const { outcome } = await outcomeOf(medplum.createResource({ ...patient(), gender: 'x' } as never));
    expect(outcome.issue[0]?.expression).toEqual(['Patient.gender']);
    expect((await outcomeOf(medplum.readResource('Patient', 'nobody'))).outcome.issue[0]?.code).toBe('not-found');
    expect((await outcomeOf(medplum.search('Patient', 'nonsense=1'))).outcome.issue[0]?.code).toBe('not-supported');
  });

  test('keeps what is not FHIR-shaped but bytes', async () => {
    const binary = await medplum.createResource({
      resourceType: 'Binary',
      contentType: 'text/plain',
      data: Buffer.from('tekst æøå').toString('base64'),
    });
    expect(Buffer.from((await medplum.readResource('Binary', binary.id ?? '')).data ?? '', 'base64').toString()).toBe(
      'tekst æøå',
    );
  });
});
