import type { CapabilityStatement, PractitionerRole, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCallerOf } from '../../src/identity/caller-of.ts';
import type { Identity } from '../../src/identity/identity.ts';
import type { Access, Rule } from '../../src/model/access.ts';
import type { Caller } from '../../src/model/caller.ts';
import { refer } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const CODES = 'https://svar.example.org/fhir/CodeSystem';
const REGISTRY = 'https://svar.example.org/fhir/StructureDefinition/role-registry';

let server: TestServer;
let client: Rest;
let warnings: string[] = [];
const now = new Date('2026-05-04T08:00:00Z');

beforeAll(async () => {
  server = await testServer({ background: false });
  client = rest(server.base);
});
afterAll(() => server.close());

type Registered = { policy?: string; organization?: string; openReferences: boolean; lenientSearch: boolean };
const plain = { openReferences: false, lenientSearch: false };
const clients: Record<string, Registered> = {
  ehr: { ...plain, policy: 'ehr', organization: 'Organization/haukeland', openReferences: true },
  admin: { ...plain, policy: 'admin' },
  homeless: { ...plain, policy: 'ehr' },
  impostor: { ...plain, policy: 'lc', organization: 'Organization/haukeland' },
  app: plain,
};

/** Nothing is remembered, so that a test may change roles between two calls. */
function callerOf(identity: Partial<Identity>, at = now, rememberedMs = 0): Promise<Caller> {
  return createCallerOf({
    engine: server.fhir.engine,
    client: async (id) => clients[id],
    now: () => at,
    production: false,
    zone: 'Europe/Oslo',
    defaults: { openReferences: false, lenientSearch: true },
    warn: (text) => warnings.push(text),
    rememberedMs,
  })({ kind: 'person', subject: 'account-1', client: 'svar', strength: 'password', session: 's1', ...identity });
}

const staff = (id: string, more: Partial<Identity> = {}) =>
  callerOf({ fhirUser: `Practitioner/${id}`, role: id, ...more });
const system = (id: string, more: Partial<Identity> = {}) =>
  callerOf({ kind: 'system', subject: id, client: id, strength: 'secret', ...more });

function rules({ access }: Caller): readonly Rule[] {
  if (typeof access === 'string') throw new Error(`access is ${access}`);
  return access.rules;
}

async function demoRole(change: Partial<Record<keyof PractitionerRole, unknown>>, id: string): Promise<string> {
  const { body } = await client.get<PractitionerRole>('PractitionerRole/demo-lu');
  const role = { ...body, id, ...change };
  const { status, body: stored } = await client.put<PractitionerRole>(`PractitionerRole/${id}`, role);
  expect([200, 201], JSON.stringify(stored)).toContain(status);
  return id;
}

describe('staff', () => {
  test('a local user reaches courses of the registry at the hospital, and those that are in no registry yet', async () => {
    const caller = await staff('demo-lu');
    expect(rules(caller).find(({ types }) => types.includes('Patient'))?.ties).toEqual({
      labels: ['Organization/haukeland PlanDefinition/smertereg', 'Organization/haukeland *'],
      // the hospital, and its four wards
      anchors: Array.from({ length: 5 }, () => expect.any(String)),
    });
    expect(caller.tenant?.reference).toBe('Organization/haukeland');
    expect(caller.agent).toEqual({
      who: 'Practitioner/demo-lu',
      client: 'svar',
      role: 'lu',
      strength: 'password',
      session: 's1',
    });
  });

  test('a system coordinator reaches what is in the national study alone, and works for no hospital', async () => {
    const caller = await staff('demo-sc');
    const tied = rules(caller).filter(({ ties }) => ties !== undefined);
    expect(tied.length).toBeGreaterThan(0);
    for (const { ties } of tied) {
      expect(ties).toEqual({ labels: ['ResearchStudy/smertereg'], anchors: [] });
    }
    expect(caller.tenant).toBeUndefined();
  });

  test('wards of the hospital are part of it, wards of wards too', async () => {
    const anchorsOf = async () => rules(await staff('demo-lu2')).find(({ ties }) => ties !== undefined)?.ties?.anchors;
    const before = await anchorsOf();
    await client.put('Organization/ward-1', {
      resourceType: 'Organization',
      id: 'ward-1',
      name: 'Ward',
      partOf: { reference: 'Organization/st-olavs' },
    });
    await client.put('Organization/ward-2', {
      resourceType: 'Organization',
      id: 'ward-2',
      name: 'Room',
      partOf: { reference: 'Organization/ward-1' },
    });
    expect(await anchorsOf()).toHaveLength((before?.length ?? 0) + 2);
  });

  test.each<[string, Partial<Record<keyof PractitionerRole, unknown>>]>([
    ['is not active', { active: false }],
    ['has no word on being active', { active: undefined }],
    ['ended yesterday', { period: { end: '2026-05-03' } }],
    ['begins tomorrow', { period: { start: '2026-05-05' } }],
    ['ended a minute ago', { period: { end: '2026-05-04T07:59:00Z' } }],
    ['is of somebody else', { practitioner: { reference: 'Practitioner/demo-lc' } }],
    ['has no code', { code: undefined }],
    ['has the code of a policy that no person holds', { code: coded('admin') }],
    ['has the code of a policy of systems', { code: coded('ehr') }],
    ["has another system's code", { code: [{ coding: [{ system: 'urn:x', code: 'lu' }] }] }],
    ['has two codes', { code: [...coded('lu'), ...coded('lc')] }],
    ['has a code without policy', { code: coded('nobody') }],
  ])('a role that %s gives nothing', async (what, change) => {
    const role = await demoRole(change, `faulty-${what.replaceAll(/[^a-z]+/g, '-')}`);
    expect((await callerOf({ fhirUser: 'Practitioner/demo-lu', role })).access).toBe('none');
  });

  test.each<[string, Partial<Record<keyof PractitionerRole, unknown>>]>([
    ['without registry', { extension: undefined }],
    ['without hospital', { organization: undefined }],
    ['for two registries', { extension: [registry('smertereg'), registry('smertereg')] }],
  ])('a role %s reaches no courses', async (what, change) => {
    const role = await demoRole(change, `narrow-${what.replaceAll(/[^a-z]+/g, '-')}`);
    const caller = await callerOf({ fhirUser: 'Practitioner/demo-lu', role });
    expect(rules(caller).flatMap(({ types }) => types)).not.toContain('Patient');
  });

  test.each([
    ['today is its last day', { end: '2026-05-04' }],
    ['today is its first day', { start: '2026-05-04' }],
    ['this month is its last', { end: '2026-05' }],
    ['it began a minute ago', { start: '2026-05-04T07:59:00Z' }],
  ])('a role is in force if %s', async (what, period) => {
    const role = await demoRole({ period }, `lasting-${what.replaceAll(/[^a-z]+/g, '-')}`);
    expect((await callerOf({ fhirUser: 'Practitioner/demo-lu', role })).access).not.toBe('none');
  });

  test('who has chosen no role may look for one, and no more', async () => {
    const caller = await callerOf({ fhirUser: 'Practitioner/demo-lu' });
    expect(caller.agent?.role).toBe('newcomer');
    expect(rules(caller).every(({ ties, patient }) => ties === undefined && patient === undefined)).toBe(true);
    expect(rules(caller).flatMap(({ types }) => types)).not.toContain('Patient');
  });

  test('somebody who is not here has nothing, with a role of somebody else neither', async () => {
    expect((await callerOf({ fhirUser: 'Practitioner/nobody' })).access).toBe('none');
    expect((await callerOf({ fhirUser: 'Practitioner/nobody', role: 'demo-lu' })).access).toBe('none');
    expect((await callerOf({ fhirUser: 'Practitioner/demo-lc', role: 'demo-lu' })).access).toBe('none');
    expect((await callerOf({ role: 'demo-lu' })).access).toBe('none');
    expect((await callerOf({ fhirUser: 'Practitioner/demo-lu/../demo-lc', role: 'demo-lc' })).access).toBe('none');
  });

  test('a role that is ended stops working at once in the process that ended it, in others within a second', async () => {
    const role = await demoRole({}, 'ending');
    const elsewhere = await testServer({ database: server.database, packages: false, background: false });
    let at = now.getTime();
    const asks = [server, elsewhere].map(({ fhir }) =>
      createCallerOf({
        engine: fhir.engine,
        client: async () => undefined,
        now: () => new Date(at),
        production: false,
        zone: 'Europe/Oslo',
        defaults: { openReferences: false, lenientSearch: false },
        warn: () => undefined,
      }),
    );
    const identity: Identity = {
      ...{ kind: 'person', subject: 'a', client: 'svar', strength: 'password', session: 's' },
      ...{ fhirUser: 'Practitioner/demo-lu', role },
    };
    const held = () => Promise.all(asks.map(async (ask) => (await ask(identity)).access !== 'none'));
    try {
      expect(await held()).toEqual([true, true]);
      await demoRole({ active: false }, role);
      expect(await held()).toEqual([false, true]);
      at += 1000;
      expect(await held()).toEqual([false, false]);
    } finally {
      await elsewhere.close();
    }
  });
});

describe('systems', () => {
  test("a hospital's system reaches the hospital, and is what its registration says", async () => {
    const caller = await system('ehr');
    expect(rules(caller).find(({ types }) => types.includes('Patient'))?.ties?.labels).toEqual([
      'Organization/haukeland',
    ]);
    expect(caller).toMatchObject({ openReferences: true, lenientSearch: false });
    expect(caller.agent).toMatchObject({ who: 'Device/ehr', role: 'ehr' });
  });

  test('a system without hospital reaches none, one that is not registered or has a policy of people nothing', async () => {
    expect(rules(await system('homeless')).flatMap(({ types }) => types)).not.toContain('Patient');
    expect((await system('unheard-of')).access).toBe('none');
    expect((await system('impostor')).access).toBe('none');
    expect((await system('app')).access).toBe('none');
  });

  test('an administrating system reaches everything, so far as its scopes let it', async () => {
    expect((await system('admin')).access).toBe('all');
    expect(rules(await system('admin', { scope: 'system/Patient.rs' }))).toEqual([
      { types: ['Patient'], acts: ['read', 'search'] },
    ]);
    expect((await system('admin', { scope: 'openid' })).access).toBe('none');
    expect((await system('admin', { scope: '' })).access).toBe('none');
    expect((await system('admin', { scope: 'user/*.cruds' })).access).toBe('none');
  });
});

describe('scopes', () => {
  test('narrow what a role may', async () => {
    const caller = await staff('demo-lu', { client: 'app', scope: 'user/Patient.r openid' });
    expect(rules(caller)).toEqual([
      { types: ['Patient'], acts: ['read'], ties: expect.objectContaining({ labels: expect.any(Array) }) },
    ]);
  });

  test('a patient/ scope takes a patient who is here', async () => {
    const { patient } = await refer(client);
    const scope = 'patient/Observation.rs';
    expect((await staff('demo-lu', { scope })).access).toBe('none');
    expect((await staff('demo-lu', { scope, patient: 'nobody' })).access).toBe('none');
    const [rule] = rules(await staff('demo-lu', { scope, patient }));
    expect(rule).toMatchObject({ types: ['Observation'], patient: expect.any(String), ties: expect.anything() });
  });

  test('a constraint becomes a condition on rows; one that cannot be applied leaves nothing', async () => {
    const scoped = (scope: string) => staff('demo-lu', { scope });
    const [rule] = rules(await scoped('user/Observation.rs?category=survey'));
    expect(rule?.where?.map(({ key }) => key)).toEqual(['Observation?category=survey']);
    expect((await scoped('user/Observation.rs?nonsense=1')).access).toBe('none');
    expect((await scoped('user/Observation.rs?patient.name=x')).access).toBe('none');
  });
});

describe('patients', () => {
  test('reach what is theirs', async () => {
    const { patient } = await refer(client);
    const caller = await callerOf({ fhirUser: `Patient/${patient}` });
    for (const { ties, patient: about, types, where } of rules(caller)) {
      expect(ties).toBeUndefined();
      if (about === undefined) {
        expect(types).not.toContain('Patient');
        expect(types).not.toContain('Observation');
      }
      expect(where).toBeUndefined();
    }
    expect((await callerOf({ fhirUser: 'Patient/nobody' })).access).toBe('none');
    expect((await callerOf({ fhirUser: `Patient/${patient}`, kind: 'system' })).access).toBe('none');
  });

  test("another patient's record in launch context gives nothing", async () => {
    const [own, other] = [await refer(client), await refer(client)];
    const scope = 'patient/*.rs';
    const caller = (patient: string) => callerOf({ fhirUser: `Patient/${own.patient}`, scope, patient });
    const about = (access: Caller['access']) => (access as Access).rules.filter(({ patient }) => patient !== undefined);
    expect(about((await caller(own.patient)).access)).not.toHaveLength(0);
    expect(about((await caller(other.patient)).access)).toHaveLength(0);
  });

  test('a personal link opens one order and the response to it, until that is answered; then its state alone', async () => {
    const { patient, referral } = await refer(client);
    const order = (status: Task['status'], owner = patient): Task => ({
      resourceType: 'Task',
      status,
      intent: 'order',
      code: { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'complete-questionnaire' }] },
      for: { reference: `Patient/${owner}` },
      basedOn: [{ reference: `ServiceRequest/${referral}` }],
      input: [
        {
          type: { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'questionnaire' }] },
          valueCanonical: 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0',
        },
      ],
    });
    const { body: task } = await client.post<Task>('Task', order('requested'));
    const opened = () => callerOf({ fhirUser: `Patient/${patient}`, order: task.id, strength: 'link' });
    const own = rules(await opened()).filter((rule) => rule.patient !== undefined);
    expect(own.map(({ types }) => types.join()).sort()).toEqual([
      'QuestionnaireResponse',
      'QuestionnaireResponse',
      'QuestionnaireResponse',
      'Task',
    ]);
    // responses are shown where they are to this form, of this referral, and under way as well
    for (const { types, acts, where } of own) {
      const shows = types.includes('QuestionnaireResponse') && acts.includes('read');
      expect(where, `${types} ${acts}`).toHaveLength(shows ? 2 : 1);
    }
    const create = own.find(({ acts }) => acts.includes('create'));
    const answer = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0',
      subject: { reference: `Patient/${patient}` },
      basedOn: [{ reference: `ServiceRequest/${referral}` }],
    };
    const may = (after: object) => create?.when?.({ act: 'create', before: undefined, after });
    expect(may(answer)).toBe(true);
    expect(may({ ...answer, questionnaire: 'https://svar.example.org/fhir/Questionnaire/pgic|1.0.0' })).toBe(false);
    expect(may({ ...answer, basedOn: [...answer.basedOn, { reference: 'ServiceRequest/other' }] })).toBe(false);
    expect(may({ ...answer, author: { reference: 'Practitioner/demo-lu' } })).toBe(false);

    await client.put(`Task/${task.id}`, { ...task, status: 'completed' });
    const left = rules(await opened()).filter((rule) => rule.patient !== undefined);
    expect(left.map(({ types, acts }) => [types.join(), acts.join()])).toEqual([['Task', 'read,search']]);
    await client.put(`Task/${task.id}`, { ...task, status: 'cancelled' });
    expect((await opened()).access).toBe('none');
    expect((await callerOf({ fhirUser: `Patient/${patient}`, order: 'nothing' })).access).toBe('none');
  });
});

test('a policy that is not understood grants nothing, and the operator is told once', async () => {
  const { body } = await client.get<CapabilityStatement>('CapabilityStatement/lu');
  const resource = body.rest?.[0]?.resource?.[0];
  if (resource !== undefined) resource.extension = [{ url: 'urn:only-on-sundays', valueCode: 'x' }];
  warnings = [];
  await client.put('CapabilityStatement/lu', body);
  try {
    const ask = createCallerOf({
      engine: server.fhir.engine,
      client: async () => undefined,
      now: () => now,
      production: false,
      zone: 'Europe/Oslo',
      defaults: { openReferences: false, lenientSearch: false },
      warn: (text) => warnings.push(text),
      rememberedMs: 0,
    });
    const identity: Identity = {
      ...{ kind: 'person', subject: 'a', client: 'svar', strength: 'password', session: 's' },
      ...{ fhirUser: 'Practitioner/demo-lu', role: 'demo-lu' },
    };
    expect((await ask(identity)).access).toBe('none');
    expect((await ask(identity)).access).toBe('none');
    expect(warnings).toEqual([expect.stringContaining('urn:only-on-sundays')]);
  } finally {
    delete resource?.extension;
    await client.put('CapabilityStatement/lu', {
      ...body,
      rest: body.rest?.map((each) => ({
        ...each,
        resource: each.resource?.map((one, index) =>
          index === 0
            ? {
                ...one,
                extension: [
                  { url: 'https://svar.example.org/fhir/StructureDefinition/access-reach', valueCode: 'shared' },
                ],
              }
            : one,
        ),
      })),
    });
  }
});

test('access has another key whenever it is another', async () => {
  const { patient } = await refer(client);
  const keys = await Promise.all(
    [
      staff('demo-lu'),
      staff('demo-lc'),
      staff('demo-lu2'),
      staff('demo-sc'),
      staff('demo-lu', { scope: 'user/*.rs' }),
      staff('demo-lu', { scope: 'patient/*.rs', patient }),
      callerOf({ fhirUser: `Patient/${patient}` }),
      system('ehr'),
    ].map(async (caller) => ((await caller).access as Access).key),
  );
  expect(new Set(keys).size).toBe(keys.length);
  expect(((await staff('demo-lu')).access as Access).key).toBe(keys[0]);
});

const coded = (code: string) => [{ coding: [{ system: `${CODES}/role`, code }] }];
const registry = (id: string) => ({ url: REGISTRY, valueReference: { reference: `PlanDefinition/${id}` } });
