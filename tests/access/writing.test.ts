import type { Bundle, BundleEntry, Observation, OperationOutcome, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller, Tenant } from '../../src/model/caller.ts';
import { ridOfId } from '../../src/model/rid.ts';
import { rowCondition } from '../../src/search/query/row-condition.ts';
import { type AsCaller, asCaller, hospitalSystem, labelsOf, limited, ridOfGiven, rule } from '../kit/as-caller.ts';
import { type Course, refer, referral } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';

let server: TestServer;
let own: AsCaller;
let other: AsCaller;
let admin: AsCaller;
let haukeland: Tenant;
let course: Course;
let foreign: Course;

beforeAll(async () => {
  server = await testServer({ background: false });
  haukeland = { reference: 'Organization/haukeland', rid: await ridOfGiven(server, 'haukeland') };
  const olavs = { reference: 'Organization/st-olavs', rid: await ridOfGiven(server, 'st-olavs') };
  own = asCaller(server, hospitalSystem(haukeland));
  other = asCaller(server, hospitalSystem(olavs));
  admin = asCaller(server, { name: 'admin', kind: 'client', access: 'all' });
  course = await refer(rest(server.base), { hospital: 'haukeland' });
  foreign = await refer(rest(server.base), { hospital: 'st-olavs', fnr: '13916900362' });
});
afterAll(() => server.close());

const observation = (at: Course, fields: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'urn:x', code: 'pain' }] },
  subject: { reference: `Patient/${at.patient}` },
  basedOn: [{ reference: `ServiceRequest/${at.referral}` }],
  ...fields,
});

let count = 0;
/** An Observation of a course, with an identifier of its own. */
async function stored(at: Course, fields: Partial<Observation> = {}): Promise<Observation> {
  count += 1;
  const identifier = [{ system: 'urn:test', value: String(count) }];
  const { status, body } = await admin.post<Observation>('Observation', observation(at, { identifier, ...fields }));
  expect(status).toBe(201);
  return body;
}

/** Everything that is stored, so that a test can tell that nothing is. */
async function everything(): Promise<string> {
  const { rows } = await server.database.pool.query<{ state: string }>(
    `select concat((select count(*) || ' ' || sum(version) from resource), ' ', (select count(*) from history), ' ',
      (select count(*) from outbox), ' ', (select count(*) from tie)) as state`,
  );
  return rows[0]?.state ?? '';
}

const words = (body: unknown): string =>
  ((body as OperationOutcome).issue ?? []).map(({ diagnostics }) => diagnostics).join('; ');

interface Act {
  readonly name: string;
  readonly make: (before: Observation) => { readonly request: BundleEntry['request']; readonly resource?: Resource };
  /** What the owner is told, who the resource is not there for, and who may only read. */
  readonly own: number;
  readonly unreachable: number;
  readonly readOnly: number;
  /** Whether a transaction goes on where there is nothing to do. */
  readonly nothing?: boolean;
}

const value = ({ identifier }: Observation): string => `urn:test|${identifier?.[0]?.value}`;
const changed = (before: Observation): Observation => ({ ...before, status: 'amended' });
const again = (before: Observation): Observation => {
  const { id: _, ...rest } = before;
  return rest as Observation;
};
const patch = { op: 'replace', path: '/status', value: 'amended' };
const patchBinary = (): Resource => ({
  resourceType: 'Binary',
  contentType: 'application/json-patch+json',
  data: Buffer.from(JSON.stringify([patch])).toString('base64'),
});

const acts: readonly Act[] = [
  {
    name: 'create',
    make: (before) => ({ request: { method: 'POST', url: 'Observation' }, resource: again(before) }),
    ...{ own: 201, unreachable: 422, readOnly: 403 },
  },
  {
    name: 'conditional create',
    make: (before) => ({
      request: { method: 'POST', url: 'Observation', ifNoneExist: 'identifier=urn:test|no-such' },
      resource: again(before),
    }),
    ...{ own: 201, unreachable: 422, readOnly: 403 },
  },
  {
    name: 'update',
    make: (before) => ({ request: { method: 'PUT', url: `Observation/${before.id}` }, resource: changed(before) }),
    ...{ own: 200, unreachable: 403, readOnly: 403 },
  },
  {
    name: 'conditional update',
    make: (before) => ({
      request: { method: 'PUT', url: `Observation?identifier=${value(before)}` },
      resource: again(changed(before)),
    }),
    ...{ own: 200, unreachable: 422, readOnly: 403 },
  },
  {
    name: 'patch',
    make: (before) => ({ request: { method: 'PATCH', url: `Observation/${before.id}` }, resource: patchBinary() }),
    ...{ own: 200, unreachable: 404, readOnly: 403 },
  },
  {
    name: 'conditional patch',
    make: (before) => ({
      request: { method: 'PATCH', url: `Observation?identifier=${value(before)}` },
      resource: patchBinary(),
    }),
    ...{ own: 200, unreachable: 404, readOnly: 403 },
  },
  {
    name: 'delete',
    make: (before) => ({ request: { method: 'DELETE', url: `Observation/${before.id}` } }),
    ...{ own: 204, unreachable: 204, readOnly: 403, nothing: true },
  },
  {
    name: 'conditional delete',
    make: (before) => ({ request: { method: 'DELETE', url: `Observation?identifier=${value(before)}` } }),
    ...{ own: 204, unreachable: 204, readOnly: 403, nothing: true },
  },
];

const ways = {
  alone: async (who: AsCaller, { request, resource }: BundleEntry) => {
    const { method = 'GET', url = '', ifNoneExist } = request ?? {};
    const body = method === 'PATCH' ? [patch] : resource;
    return who.send(method, url, body, ifNoneExist === undefined ? {} : { 'if-none-exist': ifNoneExist });
  },
  batch: async (who: AsCaller, entry: BundleEntry) => {
    const { body } = await who.bundle('batch', entry);
    const response = body.entry?.[0]?.response;
    return { status: Number(response?.status.slice(0, 3)), body: response?.outcome as Resource };
  },
  transaction: async (who: AsCaller, entry: BundleEntry) => {
    // beside it stands a write that would be allowed
    const { status, body } = await who.bundle('transaction', entry, {
      request: { method: 'POST', url: 'Basic' },
      resource: { resourceType: 'Basic', code: { text: 'beside' } },
    });
    return status === 200
      ? { status: Number(body.entry?.[0]?.response?.status.slice(0, 3)), body: body as Resource }
      : { status, body: body as Resource };
  },
} as const;

describe.each(Object.keys(ways) as (keyof typeof ways)[])('%s', (way) => {
  const send = ways[way];

  test.each(acts)('$name: is done where the caller reaches what is there and what will be', async (act) => {
    const before = await stored(course);
    const { status } = await send(own, act.make(before) as BundleEntry);
    expect(status).toBe(act.own);
  });

  test.each(acts)('$name: to whom it does not reach, the resource is not there', async (act) => {
    const before = await stored(course);
    const state = await everything();
    const { status, body } = await send(other, act.make(before) as BundleEntry);
    expect(status).toBe(act.unreachable);
    expect(JSON.stringify(body ?? '')).not.toContain(course.patient);
    if (!(act.nothing && way === 'transaction')) {
      expect(await everything()).toBe(state);
    }
    expect((await admin.get<Observation>(`Observation/${before.id}`)).body).toEqual(before);
  });

  test.each(acts)('$name: who may only read it is refused in words, and nothing is stored', async (act) => {
    const before = await stored(course);
    const reader = asCaller(
      server,
      limited([
        rule({ acts: ['read', 'search'], ties: { labels: ['Organization/haukeland'], anchors: [] } }),
        rule({ acts: ['create', 'update', 'delete'], ties: { labels: ['Organization/st-olavs'], anchors: [] } }),
        rule({ types: ['Basic'] }),
      ]),
    );
    const state = await everything();
    const { status, body } = await send(reader, act.make(before) as BundleEntry);
    expect(status).toBe(act.readOnly);
    expect(words(body)).toMatch(
      /^Your access does not allow you to (store|change|delete) this Observation; nothing was/,
    );
    expect(await everything()).toBe(state);
  });
});

describe('an act that a caller may do to no resource of a type', () => {
  test.each(acts)('$name is refused the same whether the resource is there or not', async (act) => {
    const reader = asCaller(server, limited([rule({ acts: ['read', 'search'] })]));
    const answers = [];
    for (const before of [await stored(course), { ...observation(course), id: 'nobody', identifier: [] }]) {
      answers.push(await ways.alone(reader, act.make(before) as BundleEntry));
    }
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(words(answers[0]?.body)).toBe(words(answers[1]?.body));
  });
});

describe('what is referred to', () => {
  test('is not here for who does not reach it: in the same words as what never was', async () => {
    const nobody = '0123456789abcdef';
    const asked = async (at: Course) => other.post('Observation', observation(at));
    const hidden = await asked(course);
    const absent = await asked({ patient: nobody, referral: nobody, episode: nobody });
    expect(hidden.status).toBe(422);
    expect(hidden.body).toEqual(absent.body);
  });

  test('is not here by a conditional reference either', async () => {
    const bundle = await other.bundle('transaction', {
      request: { method: 'POST', url: 'Observation' },
      resource: {
        ...observation(foreign),
        subject: { reference: 'Patient?identifier=urn:oid:2.16.578.1.12.4.1.4.1|13916900281' },
      } as Observation,
    });
    expect([bundle.status, words(bundle.body)]).toEqual([412, 'This conditional reference finds no Patient.']);
  });

  test('is not found by If-None-Exist: the hospital has its own record of the person', async () => {
    const identifier = [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '13916900281' }];
    const { status, body } = await other.post<Patient>(
      'Patient',
      { resourceType: 'Patient', identifier },
      { 'if-none-exist': `identifier=${identifier[0]?.system}|${identifier[0]?.value}` },
    );
    expect(status).toBe(201);
    expect(body.id).not.toBe(course.patient);
  });

  test('may stay where the version before named it already', async () => {
    const before = await stored(course, { focus: [{ reference: `Patient/${foreign.patient}` }] });
    expect((await own.put(`Observation/${before.id}`, changed(before))).status).toBe(200);
    const fresh = { ...changed(before), derivedFrom: [{ reference: `Observation/${(await stored(foreign)).id}` }] };
    expect((await own.put(`Observation/${before.id}`, fresh)).status).toBe(422);
  });

  test('may be a patient whom the caller reaches, though it may not read Patients', async () => {
    const ties = { labels: [haukeland.reference], anchors: [] };
    const feeder = asCaller(server, limited([rule({ types: ['Observation'], acts: ['create'], ties })]));
    expect((await feeder.post('Observation', observation(course))).status).toBe(201);
    expect((await feeder.post('Observation', observation(foreign))).status).toBe(422);
  });
});

describe('moving', () => {
  test('a resource to a course of another hospital is refused', async () => {
    const both = asCaller(
      server,
      limited([
        rule({ acts: ['read'] }),
        rule({ acts: ['update'], ties: { labels: [haukeland.reference], anchors: [] } }),
      ]),
    );
    const before = await stored(course);
    const moved = { ...before, subject: observation(foreign).subject, basedOn: observation(foreign).basedOn };
    const there = await stored(foreign);
    const fetched = { ...there, subject: observation(course).subject, basedOn: observation(course).basedOn };
    expect((await both.put(`Observation/${before.id}`, moved)).status).toBe(403);
    expect((await both.put(`Observation/${there.id}`, fetched)).status).toBe(403);
    expect((await both.put(`Observation/${before.id}`, changed(before))).status).toBe(200);
  });

  test('a course to another hospital is refused to its own, and takes its ties with it where it is done', async () => {
    const mine = await refer(rest(server.base), { hospital: 'haukeland', fnr: '13916900443' });
    const { body: episode } = await admin.get(`EpisodeOfCare/${mine.episode}`);
    const moved = { ...episode, managingOrganization: { reference: 'Organization/st-olavs' } };
    const state = await everything();
    const refused = await own.put(`EpisodeOfCare/${mine.episode}`, moved);
    expect([refused.status, await everything()]).toEqual([403, state]);
    expect((await admin.put(`EpisodeOfCare/${mine.episode}`, moved)).status).toBe(200);
    for (const id of [mine.patient, mine.episode, mine.referral]) {
      expect(await labelsOf(server, ridOfId(id) ?? '')).toEqual(['Organization/st-olavs', 'Organization/st-olavs *']);
    }
    expect((await own.get(`EpisodeOfCare/${mine.episode}`)).status).toBe(404);
  });

  test('a patient out of its compartment is refused to the patient', async () => {
    const rid = ridOfId(course.patient) ?? '';
    const patient = asCaller(server, limited([rule({ acts: ['read'] }), rule({ acts: ['update'], patient: rid })]));
    const before = await stored(course);
    const moved = { ...before, subject: { reference: `Patient/${foreign.patient}` } };
    expect((await patient.put(`Observation/${before.id}`, moved)).status).toBe(403);
    expect((await patient.put(`Observation/${before.id}`, changed(before))).status).toBe(200);
  });
});

describe('the merged path', () => {
  test('of writes that are done together, those are refused that their callers do not reach', async () => {
    const wide = asCaller(
      server,
      limited([rule({ acts: ['read'] }), rule({ acts: ['create'], patient: ridOfId(course.patient) ?? '' })]),
    );
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        (i % 3 === 0 ? own : wide).post('Observation', observation(i % 3 === 2 ? foreign : course)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, i) => (i % 3 === 2 ? 403 : 201)),
    );
  });

  test('a tie that goes between plan and commit refuses the write', async () => {
    const mine = await refer(rest(server.base), { hospital: 'haukeland', fnr: '13916900524' });
    const { merger } = server.fhir.engine;
    const write = merger.write.bind(merger);
    merger.write = async (prepared) => {
      merger.write = write;
      const { body } = await admin.get(`EpisodeOfCare/${mine.episode}`);
      const moved = { ...body, managingOrganization: { reference: 'Organization/st-olavs' } };
      expect((await admin.put(`EpisodeOfCare/${mine.episode}`, moved)).status).toBe(200);
      return write(prepared);
    };
    expect((await own.post('Observation', observation(mine))).status).toBe(403);
    expect((await admin.get<Bundle>(`Observation?subject=Patient/${mine.patient}`)).body.entry ?? []).toEqual([]);
  });

  test('so does one that goes while the write waits for its patient', async () => {
    const mine = await refer(rest(server.base), { hospital: 'haukeland', fnr: '13916900605' });
    const { body: episode } = await own.get(`EpisodeOfCare/${mine.episode}`);
    const holder = await server.database.pool.connect();
    try {
      await holder.query('begin');
      const shard = Number((BigInt(ridOfId(mine.patient) ?? '0') >> 10n) & 4095n);
      await holder.query('select pg_advisory_xact_lock(11, $1)', [shard]);
      const waiting = own.put(`EpisodeOfCare/${mine.episode}`, { ...episode, status: 'onhold' });
      await expect
        .poll(
          async () =>
            (await holder.query("select 1 from pg_locks where locktype = 'advisory' and not granted")).rowCount,
        )
        .toBeGreaterThan(0);
      await holder.query('delete from tie where rid = $1', [ridOfId(mine.episode)]);
      await holder.query('commit');
      expect((await waiting).status).toBe(403);
    } finally {
      holder.release();
    }
  });
});

describe('rules on single resources', () => {
  const coded = (code: string): Observation => observation(course, { code: { coding: [{ system: 'urn:x', code }] } });
  const reads = rule({ acts: ['read', 'search'] });

  test.each(['alone', 'batch', 'transaction'] as const)(
    'criteria hold for what is there and what will be: %s',
    async (way) => {
      const { engine } = server.fhir;
      const { parameters } = engine.definitions();
      const condition = rowCondition(parameters, 'Observation', [['code', 'urn:x|pain']], engine);
      const where = rule({ types: ['Observation'], acts: ['create', 'update', 'delete'], where: [condition] });
      const scoped = asCaller(server, limited([reads, where, rule({ types: ['Basic'] })]));
      const asked = async (method: 'POST' | 'PUT' | 'DELETE', url: string, resource?: Resource): Promise<number> =>
        (await ways[way](scoped, { request: { method, url }, ...(resource ? { resource } : {}) })).status;
      expect(await asked('POST', 'Observation', coded('pain'))).toBe(201);
      expect(await asked('POST', 'Observation', coded('other'))).toBe(403);
      const pain = await stored(course);
      const another = (await admin.post<Observation>('Observation', coded('other'))).body;
      expect(await asked('PUT', `Observation/${pain.id}`, { ...coded('other'), id: pain.id ?? '' })).toBe(403);
      expect(await asked('PUT', `Observation/${another.id}`, { ...coded('pain'), id: another.id ?? '' })).toBe(403);
      expect(await asked('DELETE', `Observation/${another.id}`)).toBe(403);
      expect(await asked('PUT', `Observation/${pain.id}`, changed(pain))).toBe(200);
      expect(await asked('DELETE', `Observation/${pain.id}`)).toBe(204);
    },
  );

  test('what a change changes is judged by what was there and what will be', async () => {
    const seen: unknown[] = [];
    const closes = rule({
      acts: ['create', 'update', 'delete'],
      when: ({ act, before, after }) => {
        const status = (resource: unknown) => (resource as Observation | undefined)?.status;
        seen.push([act, status(before), status(after)]);
        return act === 'update' && status(before) === 'preliminary' && status(after) === 'final';
      },
    });
    const closer = asCaller(server, limited([reads, closes]));
    const open = await stored(course, { status: 'preliminary' });
    const at = `Observation/${open.id}`;
    expect((await closer.put(at, { ...open, status: 'amended' })).status).toBe(403);
    expect((await closer.send('DELETE', at)).status).toBe(403);
    expect((await closer.post('Observation', observation(course))).status).toBe(403);
    expect((await closer.send('PATCH', at, [{ op: 'replace', path: '/status', value: 'final' }])).status).toBe(200);
    expect(seen).toEqual([
      ['update', 'preliminary', 'amended'],
      ['delete', 'preliminary', undefined],
      ['create', undefined, 'final'],
      ['update', 'preliminary', 'final'],
    ]);
  });

  test('one rule is not completed by another', async () => {
    const status = async (...rules: Parameters<typeof limited>[0]): Promise<number> =>
      (await asCaller(server, limited([reads, ...rules])).post('Observation', observation(course))).status;
    const here = { labels: ['Organization/haukeland'], anchors: [] };
    const create = { types: ['Observation'], acts: ['create'] as const };
    expect(await status(rule({ ...create, ties: here }))).toBe(201);
    expect(await status(rule({ ...create, ties: { labels: [], anchors: [] } }))).toBe(403);
    expect(await status(rule({ ...create, types: [], ties: here }), rule({ ...create, acts: [] }))).toBe(403);
    expect(
      await status(rule({ types: ['Task'], acts: ['create'], ties: here }), rule({ ...create, patient: '1' })),
    ).toBe(403);
    expect(await status(rule({ ...create, acts: ['update'], ties: here }), rule({ ...create, patient: '1' }))).toBe(
      403,
    );
    expect(await status(rule({ ...create, ties: here, patient: ridOfId(foreign.patient) ?? '' }))).toBe(403);
    expect(await status(rule({ ...create, ties: here, patient: ridOfId(course.patient) ?? '' }))).toBe(201);
  });

  test('nobody but the patient writes in a record that is restricted', async () => {
    const mine = await refer(rest(server.base), { hospital: 'haukeland', fnr: '13916900958' });
    const rid = ridOfId(mine.patient) ?? '';
    const patient = asCaller(server, limited([reads, rule({ patient: rid })]));
    await server.database.pool.query(
      'insert into restriction (shard, patient, since) values ((($1::int8 >> 10) & 4095)::int2, $1, 0)',
      [rid],
    );
    expect((await patient.post('Observation', observation(mine))).status).toBe(201);
    expect((await own.post('Observation', observation(mine))).status).toBe(422);
    await server.database.pool.query('delete from restriction');
    expect((await own.post('Observation', observation(mine))).status).toBe(201);
  });
});

describe('ids', () => {
  const given = (id: string, fields: Partial<Observation> = {}) => ({ ...observation(foreign), id, ...fields });

  test('that are taken are refused in the words of those that may not be chosen', async () => {
    const hidden = await stored(course);
    await admin.put('Observation/chosen-here', { ...observation(course), id: 'chosen-here' });
    const answers = [];
    for (const id of [hidden.id ?? '', '0123456789abcdef', 'chosen-here']) {
      answers.push(await other.put(`Observation/${id}`, given(id)));
    }
    expect(new Set(answers.map(({ status, body }) => `${status} ${words(body)}`))).toEqual(
      new Set([
        '403 You may not store a Observation under this id. To create one, send it by POST: the server gives it an id.',
      ]),
    );
    expect((await other.put('Observation/chosen-there', given('chosen-there'))).status).toBe(201);
    const patient = asCaller(server, limited([rule()]));
    expect((await patient.put('Observation/chosen-by-nobody', given('chosen-by-nobody'))).status).toBe(403);
  });

  test('versions and times of the body are not believed', async () => {
    const meta = { versionId: '77', lastUpdated: '2001-01-01T00:00:00Z' };
    const { body } = await own.post<Observation>('Observation', { ...observation(course), id: 'mine', meta });
    expect(body.id).not.toBe('mine');
    expect(body.meta?.versionId).toBe('1');
    expect(body.meta?.lastUpdated).not.toContain('2001');
    const updated = await own.put<Observation>(`Observation/${body.id}`, { ...changed(body), meta });
    expect([updated.body.id, updated.body.meta?.versionId]).toEqual([body.id, '2']);
  });
});

describe('forging', () => {
  const event = {
    resourceType: 'AuditEvent',
    type: { code: 'rest' },
    recorded: '2026-03-02T08:00:00Z',
    agent: [{ requestor: true }],
    source: { observer: { display: 'x' } },
  };
  const everywhere = (who: string): Caller => ({
    ...{ name: 'admin', kind: 'client', access: 'all' },
    agent: { who, client: 'demo-admin', role: 'admin', strength: 'secret' },
  });
  const provenance = (who: string, target: string, more: object = {}) => ({
    resourceType: 'Provenance',
    target: [{ reference: target }],
    recorded: '2026-03-02T08:00:00Z',
    agent: [{ who: { reference: who } }],
    ...more,
  });

  test('nobody who has signed in writes, changes or deletes an AuditEvent', async () => {
    const boss = asCaller(server, everywhere('Practitioner/boss'));
    const { body } = await admin.post('AuditEvent', event);
    expect((await boss.post('AuditEvent', event)).status).toBe(403);
    expect((await boss.put(`AuditEvent/${body.id}`, { ...body, outcome: '8' })).status).toBe(403);
    expect(
      (await boss.send('PATCH', `AuditEvent/${body.id}`, [{ op: 'add', path: '/outcome', value: '8' }])).status,
    ).toBe(403);
    expect((await boss.send('DELETE', `AuditEvent/${body.id}`)).status).toBe(403);
    expect(
      (
        await boss.bundle('transaction', {
          request: { method: 'POST', url: 'AuditEvent' },
          resource: event as Resource,
        })
      ).status,
    ).toBe(403);
  });

  test('a Provenance names its sender, tells of what the sender may change, and stays', async () => {
    const mine = await stored(course);
    const theirs = await stored(foreign);
    await admin.put('Practitioner/signer', { resourceType: 'Practitioner', id: 'signer' });
    await admin.put('Practitioner/victim', { resourceType: 'Practitioner', id: 'victim' });
    const agent = { who: 'Practitioner/signer', client: 'svar', role: 'lu', strength: 'password' };
    const signer = asCaller(server, { ...own.caller, agent });
    const target = `Observation/${mine.id}`;
    const status = async (body: object) => (await signer.post('Provenance', body)).status;
    expect(await status(provenance('Practitioner/victim', target))).toBe(403);
    const signature = {
      type: [{ code: '1' }],
      when: '2026-03-02T08:00:00Z',
      who: { reference: 'Practitioner/victim' },
    };
    expect(await status(provenance('Practitioner/signer', target, { signature: [signature] }))).toBe(403);
    expect(await status(provenance('Practitioner/signer', `Observation/${theirs.id}`))).toBe(422);
    const reader = asCaller(server, {
      ...limited([rule({ acts: ['read'] }), rule({ types: ['Provenance'], acts: ['create'] })]),
      agent,
    });
    expect((await reader.post('Provenance', provenance('Practitioner/signer', target))).status).toBe(403);
    const { status: done, body } = await signer.post('Provenance', provenance('Practitioner/signer', target));
    expect(done).toBe(201);
    expect((await signer.put(`Provenance/${body.id}`, { ...body, recorded: '2026-03-03T08:00:00Z' })).status).toBe(403);
    expect((await signer.send('DELETE', `Provenance/${body.id}`)).status).toBe(403);
  });

  test('the mark of historic data is neither set nor taken away', async () => {
    const tag = [{ system: 'https://svar.example.org/fhir/CodeSystem/load', code: 'historic' }];
    expect((await own.post('Observation', { ...observation(course), meta: { tag } })).status).toBe(422);
    const loader = asCaller(server, { name: 'load', kind: 'system', access: 'all' });
    const { body } = await loader.post<Observation>('Observation', { ...observation(course), meta: { tag } });
    expect((await own.put(`Observation/${body.id}`, { ...body, meta: {} })).status).toBe(422);
    expect((await own.put(`Observation/${body.id}`, changed(body))).status).toBe(200);
  });

  test('a patient answers as nobody else', async () => {
    const rid = ridOfId(course.patient) ?? '';
    const patient = asCaller(server, {
      ...limited([rule({ types: ['Questionnaire', 'Practitioner'] }), rule({ patient: rid })]),
      agent: { who: `Patient/${course.patient}`, client: 'svar', role: 'test', strength: 'eid' },
    });
    await admin.put('Practitioner/victim', { resourceType: 'Practitioner', id: 'victim' });
    const answer = (fields: object) => ({
      resourceType: 'QuestionnaireResponse',
      questionnaire: 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0',
      status: 'in-progress',
      subject: { reference: `Patient/${course.patient}` },
      basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
      ...fields,
    });
    const self = { reference: `Patient/${course.patient}` };
    const status = async (fields: object) => (await patient.post('QuestionnaireResponse', answer(fields))).status;
    expect(await status({ author: { reference: 'Practitioner/victim' } })).toBe(403);
    expect(await status({ source: { reference: 'Practitioner/victim' } })).toBe(403);
    expect(await status({ source: { display: 'my doctor' } })).toBe(403);
    expect(await status({ subject: { reference: `Patient/${foreign.patient}` } })).toBe(422);
    expect(await status({ basedOn: [{ reference: `ServiceRequest/${foreign.referral}` }] })).toBe(422);
    expect(await status({ author: self, source: self })).toBe(201);
    expect(await status({})).toBe(201);
  });
});

describe('$extract with store', () => {
  const EXTRACT = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-observationExtract';
  const store = { resourceType: 'Parameters', parameter: [{ name: 'store', valueBoolean: true }] };

  async function answered(): Promise<string> {
    await admin.put('Questionnaire/measures', {
      ...{ resourceType: 'Questionnaire', id: 'measures', status: 'active', version: '1' },
      url: 'http://example.org/Questionnaire/measures',
      extension: [{ url: EXTRACT, valueBoolean: true }],
      item: [{ linkId: 'weight', type: 'decimal', code: [{ system: 'http://loinc.org', code: '29463-7' }] }],
    });
    const { status, body } = await own.post('QuestionnaireResponse', {
      ...{ resourceType: 'QuestionnaireResponse', status: 'completed', authored: '2026-03-02T09:00:00+01:00' },
      questionnaire: 'http://example.org/Questionnaire/measures|1',
      subject: { reference: `Patient/${course.patient}` },
      basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
      item: [{ linkId: 'weight', answer: [{ valueDecimal: 70 }] }],
    });
    expect(status).toBe(201);
    return body.id ?? '';
  }

  test('stores as its caller, in the course of the response', async () => {
    const id = await answered();
    expect((await own.post(`QuestionnaireResponse/${id}/$extract`, store)).status).toBe(200);
    const { rows } = await server.database.pool.query(
      `select r.anchor from resource r where r.type = (select type from resource where rid = $1) and r.content like $2`,
      [ridOfId((await stored(course)).id ?? ''), `%QuestionnaireResponse/${id}%`],
    );
    expect(rows).toEqual([{ anchor: ridOfId(course.referral) }]);
  });

  test('stores nothing that its caller may not store', async () => {
    const id = await answered();
    const elsewhere = { labels: ['Organization/st-olavs'], anchors: [] };
    const reader = asCaller(server, limited([rule({ acts: ['read', 'search'] }), rule({ ties: elsewhere })]));
    const state = await everything();
    const refused = await reader.post(`QuestionnaireResponse/${id}/$extract`, store);
    expect([refused.status, await everything()]).toEqual([403, state]);
    expect((await other.post(`QuestionnaireResponse/${id}/$extract`, store)).status).toBe(404);
  });
});

describe('what is deleted', () => {
  test('stays reachable as a tombstone, with its history, for exactly those who reached it', async () => {
    const before = await stored(course);
    expect((await own.send('DELETE', `Observation/${before.id}`)).status).toBe(204);
    const { rows } = await server.database.pool.query(
      `select 'now' as at, patient, anchor from resource where rid = $1
       union all select 'before', patient, anchor from history where rid = $1 order by 1`,
      [ridOfId(before.id ?? '')],
    );
    const belongs = { patient: ridOfId(course.patient), anchor: ridOfId(course.referral) };
    expect(rows).toEqual([
      { at: 'before', ...belongs },
      { at: 'now', ...belongs },
    ]);
    expect((await own.get(`Observation/${before.id}`)).status).toBe(410);
    expect((await own.get<Bundle>(`Observation/${before.id}/_history`)).body.entry).toHaveLength(2);
    for (const url of [`Observation/${before.id}`, `Observation/${before.id}/_history`]) {
      expect((await other.get(url)).status).toBe(404);
    }
  });
});

describe('a hospital', () => {
  test('refers a patient, all in one transaction, and reaches what it stored', async () => {
    const { status, body } = await own.send<Bundle>(
      'POST',
      '',
      referral({ hospital: 'haukeland', fnr: '13916900796' }),
    );
    expect(status).toBe(200);
    for (const { response } of body.entry ?? []) {
      const url = response?.location?.replace(/\/_history.*/, '') ?? '';
      expect([(await own.get(url)).status, (await other.get(url)).status]).toEqual([200, 404]);
    }
  });

  test('does not refer a patient to another hospital', async () => {
    const state = await everything();
    expect((await own.send('POST', '', referral({ hospital: 'st-olavs', fnr: '13916900877' }))).status).toBe(403);
    expect(await everything()).toBe(state);
  });

  test('stores a patient first, then the referral, then the course', async () => {
    const patient = (await own.post('Patient', { resourceType: 'Patient' })).body.id;
    const subject = { reference: `Patient/${patient}` };
    const request = { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject };
    const referred = (await own.post('ServiceRequest', request)).body.id;
    const episode = {
      ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: subject },
      managingOrganization: { reference: 'Organization/haukeland' },
      referralRequest: [{ reference: `ServiceRequest/${referred}` }],
    };
    const opened = await own.post('EpisodeOfCare', episode);
    expect(opened.status).toBe(201);
    for (const url of [`Patient/${patient}`, `ServiceRequest/${referred}`, `EpisodeOfCare/${opened.body.id}`]) {
      expect([(await own.get(url)).status, (await other.get(url)).status]).toEqual([200, 404]);
    }
    expect((await own.send('DELETE', `EpisodeOfCare/${opened.body.id}`)).status).toBe(204);
    for (const [url, after] of [
      [`Patient/${patient}`, 200],
      [`ServiceRequest/${referred}`, 200],
      [`EpisodeOfCare/${opened.body.id}`, 410],
    ] as const) {
      expect([(await own.get(url)).status, (await other.get(url)).status]).toEqual([after, 404]);
    }
  });

  test('keeps what it stores outside any course', async () => {
    const shared = await admin.post('Patient', { resourceType: 'Patient' });
    const open = (hospital: string) => ({
      ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: { reference: `Patient/${shared.body.id}` } },
      managingOrganization: { reference: `Organization/${hospital}` },
    });
    for (const hospital of ['haukeland', 'st-olavs']) {
      expect((await admin.post('EpisodeOfCare', open(hospital))).status).toBe(201);
    }
    const { basedOn: _, ...loose } = observation(course, { subject: { reference: `Patient/${shared.body.id}` } });
    const { body } = await own.post<Observation>('Observation', loose);
    const derived = { ...loose, derivedFrom: [{ reference: `Observation/${body.id}` }] };
    const score = await admin.post('Observation', derived);
    await admin.put(`Observation/${body.id}`, changed(body));
    for (const url of [`Patient/${shared.body.id}`, `Observation/${body.id}`, `Observation/${score.body.id}`]) {
      const theirs = url.startsWith('Patient') ? 200 : 404;
      expect([(await own.get(url)).status, (await other.get(url)).status]).toEqual([200, theirs]);
    }
  });
});
