import type { Bundle, Flag, Observation, Questionnaire } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Bot } from '../../src/bots/bot.ts';
import type { Caller } from '../../src/model/caller.ts';
import { ridOfId } from '../../src/model/rid.ts';
import { ask, auditOf, staff, told } from '../kit/audited.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';

let server: TestServer;
/** A patient of each test's own, made by nobody known to the test's caller. */
let patient: string;
const caller = staff('nurse');
const maker = staff('maker');

/** Within the write of a Flag it makes an Observation. */
const bot: Bot = {
  declaration: { name: 'observer', kind: 'enforce', trigger: ['Flag?'] },
  handler: (medplum, { input }) =>
    medplum.createResource(observation((input as Flag).subject.reference?.slice(8) ?? '')),
} as Bot;

beforeAll(async () => {
  server = await testServer({ packages: false, bots: [bot] });
}, 60_000);
afterAll(() => server.close());

beforeEach(async () => {
  patient = await made({ resourceType: 'Patient' });
});

const observation = (id: string, code = 'x'): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: code },
  subject: { reference: `Patient/${id}` },
});

async function made(resource: { resourceType: string }): Promise<string> {
  const answer = await ask<{ id: string }>(server, maker, 'POST', resource.resourceType, resource);
  expect(answer.status).toBe(201);
  return answer.json.id;
}

const send = (method: string, url: string, body?: object, headers?: Record<string, string>) =>
  ask<Bundle & { id: string }>(server, caller, method, url, body, headers);

/** What the test's own caller left about a patient. */
const rows = async (of = patient): Promise<string[]> =>
  (await auditOf(server, of)).filter(({ agent }) => agent?.who !== 'Practitioner/maker').map(told);

const NURSE = 'Practitioner/nurse';

test('a read, and the versions and the history that are read, each leave a row', async () => {
  const id = await made(observation(patient));
  await send('GET', `Observation/${id}`);
  await send('HEAD', `Observation/${id}`);
  await send('GET', `Observation/${id}/_history/1`);
  await send('GET', `Observation/${id}/_history`);
  await send('GET', `Observation/${id}`, undefined, { 'if-none-match': 'W/"1"' });
  expect(await rows()).toEqual([
    `${NURSE} | read | 200 | Observation/1`,
    `${NURSE} | read | 200 | Observation/1`,
    `${NURSE} | vread | 200 | Observation/1`,
    `${NURSE} | history-instance | 200 | Observation/1`,
    `${NURSE} | read | 304 | Observation/1`,
  ]);
});

test('a search leaves a row for each patient whose resources it finds, with all of them', async () => {
  const other = await made({ resourceType: 'Patient' });
  await made(observation(patient, 'searched'));
  await made(observation(patient, 'searched'));
  await made(observation(other, 'searched'));
  await send('GET', `Observation?subject=Patient/${patient},Patient/${other}`);
  await send('POST', 'Observation/_search', undefined, { 'content-type': 'application/x-www-form-urlencoded' });
  expect((await rows())[0]).toBe(`${NURSE} | search-type | 200 | Observation/1 Observation/1`);
  expect((await rows(other))[0]).toBe(`${NURSE} | search-type | 200 | Observation/1`);
  expect(await rows()).toHaveLength(2);
});

test('what is included counts as seen', async () => {
  const id = await made(observation(patient));
  await send('GET', `Observation?_id=${id}&_include=Observation:subject`);
  await send('GET', `Patient?_id=${patient}&_revinclude=Observation:subject`);
  expect(await rows()).toEqual([
    `${NURSE} | search-type | 200 | Observation/1 Patient/1`,
    `${NURSE} | search-type | 200 | Observation/1 Patient/1`,
  ]);
});

test('$everything, the history of a type and of the system tell of every patient in them', async () => {
  await made(observation(patient));
  await send('GET', `Patient/${patient}/$everything`);
  await send('GET', 'Observation/_history?_count=1000');
  await send('GET', '_history?_count=1000');
  expect(await rows()).toEqual([
    `${NURSE} | operation everything | 200 | Observation/1 Patient/1`,
    `${NURSE} | history-type | 200 | Observation/1`,
    `${NURSE} | history-system | 200 | Observation/1 Patient/1`,
  ]);
});

test('a write leaves its row with it: create, update, patch, delete', async () => {
  const { json } = await send('POST', 'Observation', observation(patient));
  await send('PUT', `Observation/${json.id}`, { ...observation(patient, 'y'), id: json.id });
  await send('PATCH', `Observation/${json.id}`, [{ op: 'replace', path: '/code/text', value: 'z' }] as never, {
    'content-type': 'application/json-patch+json',
  });
  await send('DELETE', `Observation/${json.id}`);
  expect(await rows()).toEqual([
    `${NURSE} | create | 201 | Observation/1`,
    `${NURSE} | update | 200 | Observation/2`,
    `${NURSE} | patch | 200 | Observation/3`,
    `${NURSE} | delete | 204 | Observation/4 deleted`,
  ]);
});

test('a write that changes nothing shows what is there, and that is a row', async () => {
  const id = await made({ ...observation(patient), identifier: [{ system: 'urn:t', value: patient }] } as never);
  await send('POST', 'Observation', observation(patient), { 'if-none-exist': `identifier=urn:t|${patient}` });
  expect(await rows()).toEqual([`${NURSE} | create | 200 | Observation/1`]);
  expect(id).not.toBe('');
});

test('a transaction leaves one row for each patient, and what it reads another', async () => {
  const other = await made({ resourceType: 'Patient' });
  const entry = (resource: object, url: string) => ({ resource, request: { method: 'POST', url } });
  const answer = await send('POST', '', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      entry(observation(patient, 'a'), 'Observation'),
      entry(observation(patient, 'b'), 'Observation'),
      entry(observation(other, 'c'), 'Observation'),
      { request: { method: 'GET', url: `Patient/${patient}` } },
    ],
  });
  expect(answer.status).toBe(200);
  expect(await rows()).toEqual([
    `${NURSE} | transaction | 200 | Observation/1 Observation/1`,
    `${NURSE} | transaction | 200 | Patient/1`,
  ]);
  expect(await rows(other)).toEqual([`${NURSE} | create | 201 | Observation/1`]);
});

test('each entry of a batch leaves what it would leave alone, refusals too', async () => {
  await send('POST', '', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { request: { method: 'GET', url: `Patient/${patient}` } },
      { request: { method: 'GET', url: 'Patient/nobody' } },
      { resource: observation(patient), request: { method: 'POST', url: 'Observation' } },
      { request: { method: 'GET', url: `Observation?subject=Patient/${patient}` } },
    ],
  });
  expect(await rows()).toEqual([
    `${NURSE} | create | 201 | Observation/1`,
    `${NURSE} | read | 200 | Patient/1`,
    `${NURSE} | search-type | 200 | Observation/1`,
  ]);
  expect(await unnamed('read', 404)).toBe(1);
});

test('what a form fetches for $populate is seen', async () => {
  const form: Questionnaire = {
    resourceType: 'Questionnaire',
    status: 'active',
    url: 'urn:audit:populated',
    extension: [
      {
        url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-launchContext',
        extension: [
          {
            url: 'name',
            valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' },
          },
          { url: 'type', valueCode: 'Patient' },
        ],
      },
      {
        url: 'http://hl7.org/fhir/StructureDefinition/variable',
        valueExpression: {
          name: 'found',
          language: 'application/x-fhir-query',
          expression: 'Observation?subject=Patient/{{%patient.id}}',
        },
      },
    ],
    item: [
      {
        linkId: 'a',
        type: 'string',
        extension: [
          {
            url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression',
            valueExpression: { language: 'text/fhirpath', expression: '%found.entry.resource.code.text' },
          },
        ],
      },
    ],
  };
  await made(form);
  await made(observation(patient, 'fetched'));
  const answer = await send('POST', 'Questionnaire/$populate', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'questionnaire', resource: form },
      { name: 'subject', valueReference: { reference: `Patient/${patient}` } },
    ],
  });
  expect(answer.body).toContain('fetched');
  expect(await rows()).toEqual([`${NURSE} | operation populate | 200 | Observation/1 Patient/1`]);
});

test('what a bot writes because of a write is the bot’s, and tells whose write it was', async () => {
  await send('POST', 'Flag', {
    ...{ resourceType: 'Flag', status: 'active', code: { text: 'x' } },
    subject: { reference: `Patient/${patient}` },
  });
  const entries = (await auditOf(server, patient)).slice(1);
  expect(entries.map(told)).toEqual([
    `${NURSE} | create | 201 | Flag/1`,
    'Device/observer | create | 201 | Observation/1',
  ]);
  expect(entries[1]?.agent?.cause?.who).toBe(NURSE);
  expect(entries[0]?.agent).toMatchObject({ organization: 'Organization/x', session: 'one', role: 'lu' });
});

test('what is about no patient leaves nothing', async () => {
  const before = await count();
  const { json } = await send('POST', 'Organization', { resourceType: 'Organization', name: 'x' });
  await send('GET', `Organization/${json.id}`);
  await send('GET', 'Questionnaire');
  await send('GET', 'metadata');
  await send('GET', 'Organization/nobody');
  expect(await count()).toBe(before);
});

test('a search that finds nobody, or only counts, is a row all the same', async () => {
  await send('GET', 'Patient?identifier=urn:nobody|1');
  await send('GET', 'Patient?_summary=count');
  expect(await unnamed('search-type', 200)).toBeGreaterThanOrEqual(2);
});

test('a resource that could be about a patient and names none is a row without one when it is read', async () => {
  const { json } = await send('POST', 'Binary', { resourceType: 'Binary', contentType: 'text/plain', data: 'eA==' });
  const before = await unnamed('read', 200);
  expect((await send('GET', `Binary/${json.id}`)).status).toBe(200);
  expect(await unnamed('read', 200)).toBe(before + 1);
});

test('an operation on a patient is a row, though it shows nothing', async () => {
  await send('POST', 'Patient/$validate', { resourceType: 'Patient' });
  const { rows: found } = await server.database.pool.query(
    "select 1 from audit where patient is null and operation = 'validate'",
  );
  expect(found).toHaveLength(1);
});

test('a refusal is a row: what does not exist, what may not be touched', async () => {
  const nobody: Caller = { ...caller, access: { key: 'nothing', rules: [] } };
  const before = [await unnamed('read', 403), await unnamed('read', 404)];
  expect((await ask(server, nobody, 'GET', `Patient/${patient}`)).status).toBe(403);
  expect((await ask(server, caller, 'GET', 'Patient/nobody')).status).toBe(404);
  expect([await unnamed('read', 403), await unnamed('read', 404)]).toEqual(before.map((n) => n + 1));
  expect(await rows()).toEqual([]);
});

test('refusals of nobody known are counted, and at most thirty a minute are rows', async () => {
  const anonymous: Caller = { name: 'anonymous', kind: 'client', access: 'none' };
  const before = await count();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => ask(server, anonymous, 'GET', `Patient/${patient}`)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
  const added = (await count()) - before;
  expect(added).toBeGreaterThan(0);
  expect(added).toBeLessThanOrEqual(60);
  expect(server.fhir.audit.refusals.get(403)).toBeGreaterThanOrEqual(100);
});

test('one who asks much in one search, or many at once, leaves all of it', async () => {
  await Promise.all(Array.from({ length: 200 }, () => send('GET', `Patient/${patient}`)));
  expect(await rows()).toHaveLength(200);
});

test('no column of the audit holds an id, a name or a query in clear', async () => {
  const name = `Zquery${patient}`;
  await send('POST', 'Patient', { resourceType: 'Patient', name: [{ family: name }] });
  const own: Caller = {
    ...caller,
    agent: { who: `Patient/${patient}`, client: 'svar', role: 'patient', strength: 'two-factor' },
  };
  await ask(server, own, 'GET', `Patient/${patient}`);
  await send('GET', `Patient?family=${name}`);
  const rid = BigInt(ridOfId(patient) ?? 0);
  const bytes = rid.toString(16).padStart(16, '0');
  for (const table of ['audit', 'audit_agent', 'audit_seal', 'audit_chain']) {
    const { rows: all } = await server.database.pool.query<{ row: string }>(`select t::text as row from ${table} t`);
    for (const { row } of all) {
      for (const secret of [
        name,
        patient,
        rid.toString(),
        bytes,
        Buffer.from(patient).toString('hex'),
        'nurse',
        'Practitioner',
      ]) {
        expect(row.toLowerCase(), table).not.toContain(secret.toLowerCase());
      }
    }
  }
});

/** Rows that tell of no patient. */
async function unnamed(interaction: 'read' | 'search-type', status: number): Promise<number> {
  const { rows: found } = await server.database.pool.query<{ n: number }>(
    'select count(*)::int as n from audit where patient is null and interaction = $1 and status = $2',
    [{ read: 1, 'search-type': 6 }[interaction], status],
  );
  return found[0]?.n ?? 0;
}

async function count(): Promise<number> {
  const { rows: found } = await server.database.pool.query<{ n: number }>('select count(*)::int as n from audit');
  return found[0]?.n ?? 0;
}
