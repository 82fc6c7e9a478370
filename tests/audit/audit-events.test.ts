import type { AuditEvent, Bundle, CapabilityStatement, Composition, OperationOutcome } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetPatient } from '../../src/audit/patient-keys.ts';
import type { Caller } from '../../src/model/caller.ts';
import { resourceTypes } from '../../src/model/resource-types.ts';
import { ridOfId } from '../../src/model/rid.ts';
import { ask, staff } from '../kit/audited.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';

let server: TestServer;
let patient: string;
let observation: string;
let hospital: string;
let other: string;
let nurse: Caller;
let doctor: Caller;
let self: Caller;
const admin = staff('admin', { tenant: undefined });

const made = async (resource: { resourceType: string }): Promise<string> =>
  (await ask<{ id: string }>(server, admin, 'POST', resource.resourceType, resource)).json.id;

beforeAll(async () => {
  server = await testServer({ packages: false });
  const name = (family: string) => [{ family, given: ['Test'] }];
  hospital = await made({ resourceType: 'Organization', name: 'Testsykehuset' } as never);
  other = await made({ resourceType: 'Organization', name: 'Annet sykehus' } as never);
  const nurseId = await made({ resourceType: 'Practitioner', name: name('Sykepleier') } as never);
  const doctorId = await made({ resourceType: 'Practitioner', name: name('<Lege>') } as never);
  patient = await made({ resourceType: 'Patient' });
  observation = await made({
    ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
    subject: { reference: `Patient/${patient}` },
  } as never);
  const at = (id: string) => ({ tenant: { reference: `Organization/${id}`, rid: ridOfId(id) ?? '0' } });
  nurse = staff(nurseId, at(hospital));
  doctor = staff(doctorId, at(other));
  const rid = ridOfId(patient) ?? '0';
  self = {
    name: 'patient',
    kind: 'client',
    access: {
      key: 'self',
      rules: [{ types: ['Patient', 'Observation', 'AuditEvent'], acts: ['read', 'search'], patient: rid }],
    },
    agent: { who: `Patient/${patient}`, client: 'svar', role: 'patient', strength: 'federated' },
  };
  await ask(server, nurse, 'GET', `Observation/${observation}`);
  await ask(server, doctor, 'GET', `Patient/${patient}/$everything`);
  await ask(server, self, 'GET', `Observation/${observation}`);
}, 60_000);
afterAll(() => server.close());

const events = async (caller: Caller, query: string) => {
  const answer = await ask<Bundle<AuditEvent>>(server, caller, 'GET', `AuditEvent?${query}`);
  return (answer.json.entry ?? []).map(({ resource }) => resource as AuditEvent);
};
const whoIn = (found: readonly AuditEvent[]) => found.map(({ agent }) => agent[0]?.who?.reference);

test('a patient sees who has seen the record: by name, role and hospital, newest first', async () => {
  const found = await events(self, `patient=Patient/${patient}`);
  expect(whoIn(found).slice(0, 3)).toEqual([`Patient/${patient}`, doctor.agent?.who, nurse.agent?.who]);
  const seen = found[2];
  expect(seen).toMatchObject({
    type: { code: 'rest' },
    subtype: [{ code: 'read' }],
    action: 'R',
    outcome: '0',
    agent: [
      { who: { display: 'Test Sykepleier' }, role: [{ coding: [{ code: 'lu' }] }], requestor: true },
      { who: { reference: `Organization/${hospital}`, display: 'Testsykehuset' } },
      { who: { identifier: { value: 'test' } } },
    ],
    entity: [
      { what: { reference: `Patient/${patient}` } },
      { what: { reference: `Observation/${observation}/_history/1` } },
    ],
  });
});

test('an AuditEvent is read by its id, and is valid FHIR', async () => {
  const [newest] = await events(self, `patient=${patient}&_count=1`);
  const answer = await ask<AuditEvent>(server, self, 'GET', `AuditEvent/${newest?.id}`);
  expect([answer.status, answer.json]).toEqual([200, newest]);
  expect((await ask(server, self, 'GET', `AuditEvent/${newest?.id}/_history/1`)).status).toBe(200);
  const validated = await ask<OperationOutcome>(server, admin, 'POST', 'AuditEvent/$validate', newest as AuditEvent);
  expect(validated.json.issue?.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.each(['0'.repeat(32), 'f'.repeat(32), 'x', '1'])('an id that was made up is 404: %s', async (id) => {
  expect((await ask(server, admin, 'GET', `AuditEvent/${id}`)).status).toBe(404);
});

test('they are searched by agent, entity, time, action, subtype, outcome and role', async () => {
  const all = `patient=Patient/${patient}`;
  expect(whoIn(await events(admin, `${all}&agent=${nurse.agent?.who}`))).toEqual([nurse.agent?.who]);
  expect(whoIn(await events(admin, `${all}&agent=Organization/${other}`))).toEqual([doctor.agent?.who]);
  expect(whoIn(await events(admin, `${all}&entity=Observation/${observation}&subtype=read&agent-role=lu`))).toEqual([
    nurse.agent?.who,
  ]);
  expect((await events(admin, `${all}&action=C`)).map(({ action }) => action)).toEqual(['C', 'C']);
  expect((await events(admin, `${all}&subtype=operation`)).map(({ action }) => action)).toEqual(['E']);
  expect(await events(admin, `${all}&outcome=4`)).toEqual([]);
  expect(await events(admin, `${all}&date=lt2026-01-01`)).toEqual([]);
  const year = new Date().getUTCFullYear();
  expect((await events(admin, `${all}&date=ge${year}-01-01&date=le${year}`)).length).toBeGreaterThan(4);
});

test('they come by page, each once', async () => {
  const all = await events(self, `patient=Patient/${patient}&subtype=read,create`);
  const paged: AuditEvent[] = [];
  let url: string | undefined = `AuditEvent?patient=Patient/${patient}&subtype=read,create&_count=2`;
  while (url !== undefined) {
    const { json }: { json: Bundle<AuditEvent> } = await ask(server, self, 'GET', url);
    expect(json.entry?.length).toBeLessThanOrEqual(2);
    paged.push(...(json.entry ?? []).map(({ resource }) => resource as AuditEvent));
    url = json.link?.find(({ relation }) => relation === 'next')?.url?.replace(`${server.base}/`, '');
  }
  expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
});

test('a search without a patient, or by what is not known, is refused', async () => {
  for (const query of [
    '',
    'date=2026',
    'patient=Patient/../x',
    `patient=${patient}&site=x`,
    `patient=${patient}&date=x`,
  ]) {
    expect((await ask(server, admin, 'GET', `AuditEvent?${query}`)).status, query).toBe(400);
  }
});

test('a hospital’s coordinator sees what the own hospital did, of patients in reach', async () => {
  const rules = [{ types: ['Patient', 'AuditEvent'], acts: ['read', 'search'] as const }];
  const coordinator: Caller = { ...nurse, access: { key: 'lc', rules } };
  expect(new Set(whoIn(await events(coordinator, `patient=${patient}`)))).toEqual(new Set([nurse.agent?.who]));
  const [foreign] = await events(admin, `patient=${patient}&agent=${doctor.agent?.who}`);
  expect((await ask(server, coordinator, 'GET', `AuditEvent/${foreign?.id}`)).status).toBe(404);
});

test('nobody sees the log of a patient who is out of reach, or without AuditEvent in the policy', async () => {
  const stranger = await made({ resourceType: 'Patient' });
  expect((await ask(server, self, 'GET', `AuditEvent?patient=Patient/${stranger}`)).status).toBe(404);
  expect((await ask(server, self, 'GET', `Patient/${stranger}/$access-log`)).status).toBe(404);
  const [event] = await events(admin, `patient=Patient/${stranger}`);
  expect((await ask(server, self, 'GET', `AuditEvent/${event?.id}`)).status).toBe(404);
  const user: Caller = {
    ...nurse,
    access: { key: 'lu', rules: [{ types: ['Patient'], acts: ['read', 'search'] }] },
  };
  for (const url of [`AuditEvent?patient=${patient}`, `AuditEvent/${event?.id}`, `Patient/${patient}/$access-log`]) {
    expect((await ask(server, user, 'GET', url)).status, url).toBe(403);
  }
});

test.each([
  ['nb', 'Hvem har sett opplysningene dine', 'lokal bruker', 'Du selv', 'hentet samlet'],
  ['sv', 'Vilka som har sett dina uppgifter', 'lokal användare', 'Du själv', 'hämtat samlat'],
  ['en', 'Who has seen your record', 'local user', 'Yourself', 'fetched as a whole'],
])('the log is a document that a person reads, in %s', async (language, ...words) => {
  const answer = await ask<Bundle>(server, self, 'GET', `Patient/${patient}/$access-log`, undefined, {
    'accept-language': language,
  });
  expect([answer.status, answer.json.type]).toEqual([200, 'document']);
  const [composition, ...rest] = (answer.json.entry ?? []).map(({ resource }) => resource);
  const { div = '' } = (composition as Composition).text ?? {};
  for (const word of [...words, 'Test Sykepleier', 'Testsykehuset', 'Test &#60;Lege&#62;']) {
    expect(div).toContain(word);
  }
  expect(div).not.toContain('<Lege>');
  expect(new Set(rest.map((resource) => resource?.resourceType))).toEqual(new Set(['AuditEvent']));
  const validated = await ask<OperationOutcome>(server, admin, 'POST', 'Composition/$validate', composition);
  // it refers to AuditEvents, which are not stored
  const errors = validated.json.issue?.filter(({ severity, code }) => severity === 'error' && code !== 'not-found');
  expect(errors).toEqual([]);
});

test('looking at the log is in the log', async () => {
  await ask(server, nurse, 'GET', `AuditEvent?patient=Patient/${patient}`);
  const [last] = await events(self, `patient=Patient/${patient}&agent=${nurse.agent?.who}`);
  expect(last).toMatchObject({ subtype: [{ code: 'search-type' }] });
});

test('nobody stores, changes or deletes an AuditEvent', async () => {
  const [event] = await events(admin, `patient=Patient/${patient}`);
  const { id, ...rest } = event as AuditEvent;
  expect((await ask(server, nurse, 'POST', 'AuditEvent', rest)).status).toBe(403);
  expect((await ask(server, nurse, 'PUT', `AuditEvent/${id}`, { ...rest, id })).status).toBe(403);
  expect((await ask(server, nurse, 'DELETE', `AuditEvent/${id}`)).status).toBeGreaterThanOrEqual(400);
  expect((await ask(server, self, 'GET', `AuditEvent/${id}`)).status).toBe(200);
});

test('/metadata tells what AuditEvent can do here', async () => {
  const { json } = await ask<CapabilityStatement>(server, admin, 'GET', 'metadata');
  const resources = json.rest?.[0]?.resource ?? [];
  expect(resources).toHaveLength(resourceTypes.length);
  const own = resources.find(({ type }) => type === 'AuditEvent');
  expect(own?.interaction?.map(({ code }) => code)).toEqual(['read', 'vread', 'search-type']);
  expect(own?.searchParam?.map(({ name }) => name).sort()).toEqual(
    ['action', 'agent', 'agent-role', 'date', 'entity', 'outcome', 'patient', 'subtype'].sort(),
  );
});

test('once the key of a patient is gone, nothing is found any more', async () => {
  const erased = await made({ resourceType: 'Patient' });
  const [before] = await events(admin, `patient=Patient/${erased}`);
  expect(before?.subtype?.[0]?.code).toBe('create');
  await forgetPatient(server.database.pool, ridOfId(erased) ?? '0');
  expect((await ask(server, admin, 'GET', `AuditEvent/${before?.id}`)).status).toBe(404);
  const still = await events(admin, `patient=Patient/${erased}`);
  expect(still.map(({ subtype }) => subtype?.[0]?.code)).not.toContain('create');
});
