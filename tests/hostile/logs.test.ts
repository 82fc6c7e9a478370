import { PassThrough } from 'node:stream';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';

/** Values that belong to nobody, and that no line of the program or of PostgreSQL holds by chance. */
const secrets = {
  family: 'Zqxfamily',
  given: 'Zqxgiven',
  number: '13916900281',
  wrong: '13916900282',
  phone: '99887766',
  id: 'zqx-patient-id',
  text: 'Zqxfreetext',
  searched: 'Zqxsearched',
};

test('the log tells of requests, refusals and failures without anything of a patient', async () => {
  let written = '';
  const log = new PassThrough();
  log.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  const server = await testServer({ packages: false, background: false, log });
  const client = rest(server.base);
  const person = (value: string): Resource => ({
    resourceType: 'Patient',
    id: secrets.id,
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value }],
    name: [{ family: secrets.family, given: [secrets.given], text: secrets.text }],
    telecom: [{ system: 'phone', value: secrets.phone }],
  });
  const asked = [
    await client.put(`Patient/${secrets.id}`, person(secrets.number)),
    await client.put(`Patient/${secrets.id}`, person(secrets.wrong)),
    await client.put(`Patient/${secrets.id}`, JSON.stringify(person(secrets.number)).slice(0, -2)),
    await client.get(`Patient/${secrets.id}`),
    await client.get(`Patient/${secrets.searched}`),
    await client.get<Bundle>(`Patient?name=${secrets.family}&_sort=family`),
    await client.get(`Patient?nme=${secrets.searched}`),
    await client.get(`Patient?birthdate=${secrets.searched}`),
    await client.get(`Patient?name=${secrets.searched}%ff`),
    await client.get(`Patient/${secrets.id}/$${secrets.searched}`),
    await client.get(`${secrets.searched}/${secrets.id}`),
    await client.send(secrets.id.toUpperCase().slice(0, 3), 'Patient').catch(() => ({ status: 400 })),
    await client.post('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: person(secrets.wrong), request: { method: 'PUT', url: `Patient/${secrets.id}` } }],
    }),
    await client.post('Patient', person(secrets.number), { 'if-none-exist': `identifier=${secrets.number}` }),
    await client.send('DELETE', `Patient?identifier=${secrets.number}`),
  ];
  expect(new Set(asked.map(({ status }) => Math.floor(status / 100)))).toEqual(new Set([2, 4]));

  // A database that fails in the middle of a request.
  await server.database.pool.query('alter table string_idx rename to string_idx_gone');
  const failed = await client.put(`Patient/${secrets.id}-2`, { ...person(secrets.number), id: `${secrets.id}-2` });
  const searched = await client.get(`Patient?name=${secrets.searched}`);
  expect([failed.status, searched.status]).toEqual([500, 500]);
  for (const value of Object.values(secrets)) {
    expect(JSON.stringify([failed.body, searched.body])).not.toContain(value);
  }
  await server.close();

  const lines = written.trim().split('\n');
  expect(lines.filter((line) => line.includes('"request"')).length).toBeGreaterThanOrEqual(asked.length);
  expect(lines.some((line) => line.includes('a request failed'))).toBe(true);
  for (const value of Object.values(secrets)) {
    expect(lines.filter((line) => line.toLowerCase().includes(value.toLowerCase()))).toEqual([]);
  }
});
