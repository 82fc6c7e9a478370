import { MedplumClient } from '@medplum/core';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningRest, restInMemory } from '../../tests/kit/rest-in-memory.ts';

let rest: RunningRest;

beforeAll(async () => {
  rest = await restInMemory();
});

afterAll(() => rest.close());

describe('MedplumClient', () => {
  const client = () => new MedplumClient({ baseUrl: `${rest.origin}/`, fhirUrlPath: 'fhir/R4', cacheTime: 0 });

  it('creates, reads, updates, patches, searches and deletes', async () => {
    const medplum = client();
    const created = await medplum.createResource<Patient>({ resourceType: 'Patient', gender: 'female' });
    expect(created.id).toBeDefined();
    const updated = await medplum.updateResource({ ...created, active: true });
    expect(updated.meta?.versionId).toBe('2');
    await medplum.patchResource('Patient', created.id, [{ op: 'remove', path: '/active' }]);
    expect((await medplum.readVersion('Patient', created.id, '1')).active).toBeUndefined();
    expect(await medplum.searchResources('Patient', { gender: 'female' })).toHaveLength(1);
    expect((await medplum.readHistory('Patient', created.id)).entry).toHaveLength(3);
    await medplum.deleteResource('Patient', created.id);
    await expect(medplum.readResource('Patient', created.id)).rejects.toThrow('deleted');
  });

  it('creates only if there is none', async () => {
    const medplum = client();
    const patient: Patient = { resourceType: 'Patient', gender: 'unknown' };
    const first = await medplum.createResourceIfNoneExist(patient, 'gender=unknown');
    expect((await medplum.createResourceIfNoneExist(patient, 'gender=unknown')).id).toBe(first.id);
  });

  it('sends transactions, and its own reads as a batch', async () => {
    const medplum = new MedplumClient({
      baseUrl: `${rest.origin}/`,
      fhirUrlPath: 'fhir/R4',
      cacheTime: 0,
      autoBatchTime: 20,
    });
    const answer = await medplum.executeBatch({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: ['a', 'b'].map((id) => ({
        request: { method: 'PUT', url: `Patient/${id}` },
        resource: { resourceType: 'Patient', id },
      })),
    });
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201', '201']);
    const read = await Promise.all([medplum.readResource('Patient', 'a'), medplum.readResource('Patient', 'b')]);
    expect(read.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(rest.logged.join()).toContain('"interaction":"POST [base]"');
  });
});

describe('fhir-kit-client', () => {
  const client = () => new Client({ baseUrl: rest.base });

  it('creates, reads, updates, searches, pages and deletes', async () => {
    const fhir = client();
    const ids: string[] = [];
    for (const language of ['nb', 'sv', 'en']) {
      const body = { resourceType: 'Patient', gender: 'other', language };
      ids.push(String((await fhir.create({ resourceType: 'Patient', body })).id));
    }
    const [id = ''] = ids;
    expect((await fhir.read({ resourceType: 'Patient', id })).language).toBe('nb');
    const body = { resourceType: 'Patient', id, gender: 'other', language: 'nn' };
    expect((await fhir.update({ resourceType: 'Patient', id, body })).language).toBe('nn');
    const page = (await fhir.search({
      resourceType: 'Patient',
      searchParams: { gender: 'other', _count: 2 },
    })) as unknown as Bundle;
    const next = (await fhir.nextPage({ bundle: page as never })) as unknown as Bundle;
    expect([...(page.entry ?? []), ...(next.entry ?? [])].map(({ resource }) => resource?.id)).toEqual(ids);
    await fhir.delete({ resourceType: 'Patient', id });
    await expect(fhir.read({ resourceType: 'Patient', id })).rejects.toMatchObject({ response: { status: 410 } });
  });

  it('sends batches and transactions and reads the capability statement', async () => {
    const fhir = client();
    const body = (type: string) => ({
      resourceType: 'Bundle',
      type,
      entry: [{ request: { method: 'GET', url: 'Patient?_count=1' } }],
    });
    expect((await fhir.batch({ body: body('batch') as never })).type).toBe('batch-response');
    expect((await fhir.transaction({ body: body('transaction') as never })).type).toBe('transaction-response');
    expect((await fhir.capabilityStatement()).resourceType).toBe('CapabilityStatement');
  });
});
