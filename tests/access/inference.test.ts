import type { Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access } from '../../src/model/access.ts';
import { systemCaller } from '../../src/model/caller.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';
import { queries, sorts } from './queries.ts';
import { dice, populate, readWorld, TYPES } from './world.ts';

/*
 * What a caller may not see leaves no trace: whatever of it is stored, changed or deleted, every answer stays the same to
 * the byte, and what is hidden is answered as what never was.
 */

let server: TestServer;
let limited: TestServer;
let client: Rest;
/** Ids of what the caller sees; no other resource of the database. */
let visible: readonly string[];
let hidden: readonly { readonly type: string; readonly id: string; readonly deleted: boolean }[];

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  await populate(server.fhir, 11);
  const roll = dice(3);
  const world = await readWorld(server.database);
  visible = world.current.filter(({ id }) => id !== 'p0' && (id === 'p1' || roll(2) === 0)).map(({ id }) => id);
  hidden = world.current.filter(({ id }) => !visible.includes(id));
  await hide();
  const access: Access = {
    key: 'those of a hospital',
    rules: [
      {
        types: TYPES,
        acts: ['read', 'search', 'create', 'update', 'delete'],
        ties: { labels: ['Organization/h0'], anchors: [] },
      },
    ],
  };
  limited = await testServer({
    database: server.database,
    packages: false,
    background: false,
    caller: { name: 'limited', access },
  });
  client = rest(limited.base);
});
afterAll(async () => {
  await limited.close();
  await server.close();
});

/** Hangs what is visible on one anchor that is the caller's, and all else on one that is not. */
async function hide(): Promise<void> {
  const { pool } = server.database;
  for (const table of ['resource', 'history']) {
    await pool.query(`update ${table} set anchor = case when id = any($1) then 1 else 2 end`, [visible]);
  }
  await pool.query('delete from tie');
  await pool.query(`insert into tie (shard, rid, label, given)
    values (0, 1, 'Organization/h0', false), (0, 2, 'Organization/h1', false)`);
}

const probes: readonly string[] = [
  ...queries.flatMap(({ url }) => {
    const [type = ''] = url.split('?');
    const join = url.includes('?') ? '&' : '?';
    const orders = sorts[type] ?? ['_lastUpdated'];
    return [
      `${url}${join}_total=accurate`,
      `${url}${join}_summary=count`,
      `${url}${join}_count=3&_total=estimate&_sort=${orders[url.length % orders.length] || '-_id'}`,
      `${url}${join}_count=2&_offset=3`,
    ];
  }),
  'Observation?_include=Observation:subject&_include=Observation:derived-from&_include:iterate=Observation:subject',
  'Observation?_include=*',
  'Patient?_revinclude=Observation:subject&_revinclude=EpisodeOfCare:patient&_revinclude=List:subject',
  'Patient?_revinclude=Observation:subject&_revinclude:iterate=Observation:derived-from',
  'Observation?_revinclude=List:item&_elements=status',
  'QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire',
  'Observation?_summary=true',
  ...['Observation', 'Patient', 'List', 'QuestionnaireResponse'].flatMap((type) => [
    `${type}/_history?_count=7`,
    `${type}/_history?_at=2026-11-22`,
    `${type}/$meta`,
  ]),
  '_history?_count=9',
  '_history?_since=2020-01-01',
  '$meta',
  ...['p0', 'p1', 'p2', 'p3', 'p4', 'p5'].flatMap((id) => [
    `Patient/${id}/$everything`,
    `Patient/${id}/$everything?_count=2`,
  ]),
];

/** What an answer tells, apart from page tokens and the time of answering. */
const told = ({ status, headers, body }: Reply<unknown>): unknown => [
  status,
  headers.get('etag'),
  headers.get('last-modified'),
  headers.get('location'),
  JSON.stringify(body)
    .replaceAll(/_page=[A-Za-z0-9_-]+/g, '_page=…')
    .replace(/^(\{"resourceType":"Bundle","id":)"[^"]*"/, '$1"…"')
    .replace(/^(\{"resourceType":"Bundle",(?:"id":"…",)?"meta":)\{[^}]*\}/, '$1{…}'),
];

async function answers(): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const reads = hidden.flatMap(({ type, id }) => [
    `${type}/${id}`,
    `${type}/${id}/_history`,
    `${type}/${id}/_history/1`,
    `${type}/${id}/$meta`,
    `${type}?_id=${id}`,
  ]);
  const shown = visible.flatMap((id) =>
    ['Observation', 'QuestionnaireResponse'].map((type) => `${type}/${id}/_history`),
  );
  for (const probe of [...probes, ...reads, ...shown]) {
    found.set(probe, told(await client.get(probe)));
  }
  return found;
}

/** Changes, deletes and adds what the caller does not see. */
async function stir(seed: number): Promise<void> {
  const roll = dice(seed);
  const { interactions } = server.fhir;
  const put = async (resource: object): Promise<void> => {
    const { resourceType, id } = resource as { resourceType: string; id: string };
    const body = { resource: resource as Resource, text: JSON.stringify(resource) };
    await interactions.update(systemCaller, resourceType, { id }, body, {});
  };
  for (const { type, id } of hidden) {
    if (roll(3) === 0) {
      await interactions.delete(systemCaller, type, { id }, {}).catch(() => undefined);
    } else if (type === 'Patient') {
      await put({
        resourceType: type,
        id,
        gender: 'female',
        birthDate: '1999-09-09',
        name: [{ family: `Test${roll(3)}` }],
      });
    } else if (type === 'Observation') {
      await put({
        resourceType: type,
        id,
        meta: { tag: [{ system: 'urn:t', code: `hidden${roll(3)}` }] },
        status: 'final',
        code: { coding: [{ system: 'urn:c', code: `c${roll(3)}` }], text: 'measured2 measured1' },
        subject: { reference: `Patient/p${roll(6)}` },
        effectiveDateTime: '2026-03-01',
        valueQuantity: { value: 8 },
      });
    }
  }
  for (let n = 0; n < 25; n++) {
    await put({
      resourceType: 'Observation',
      id: `hidden-${seed}-${n}`,
      status: ['final', 'registered'][roll(2)],
      code: { coding: [{ system: 'urn:c', code: 'c1' }], text: 'measured1' },
      subject: { reference: 'Patient/p1' },
      derivedFrom: [{ reference: `Observation/${visible.find((id) => /^o\d/.test(id))}` }],
      valueQuantity: { value: 9 },
    });
  }
  await put({
    resourceType: 'List',
    id: `hidden-list-${seed}`,
    status: 'current',
    mode: 'working',
    subject: { reference: 'Patient/p1' },
    entry: [{ item: { reference: `Observation/${visible.find((id) => /^o\d/.test(id))}` } }],
  });
  await hide();
}

test('every answer stays the same to the byte, whatever becomes of what is hidden', { timeout: 120_000 }, async () => {
  expect(hidden.length).toBeGreaterThan(40);
  expect(visible.length).toBeGreaterThan(40);
  expect(probes.length).toBeGreaterThan(100);
  const before = await answers();
  await stir(1);
  const after = await answers();
  for (const [probe, answer] of before) {
    expect(after.get(probe), probe).toEqual(answer);
  }
  // there was something to be told, and something to be hidden
  const everything = await rest(server.base).get<{ total: number }>('Observation?_summary=count');
  const own = await client.get<{ total: number }>('Observation?_summary=count');
  expect(own.body.total).toBeGreaterThan(10);
  expect(everything.body.total).toBeGreaterThan(own.body.total + 20);
});

describe('what is hidden is answered as what never was', () => {
  const patients = ['Patient/p0', 'Patient/never'];
  /** What each of two requests is told, with what they ask for taken out. */
  async function alike(ask: (reference: string) => Promise<Reply<unknown>>): Promise<unknown> {
    const [one, other] = await Promise.all(
      patients.map(async (reference) => {
        const reply = await ask(reference);
        const [, id = ''] = reference.split('/');
        return JSON.parse(JSON.stringify([reply.status, reply.body]).replaceAll(new RegExp(`\\b${id}\\b`, 'g'), '…'));
      }),
    );
    expect(one).toEqual(other);
    return one;
  }
  const observation = (reference: string) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference },
  });

  test.each([
    ['read', (reference: string) => client.get(reference), 404],
    ['its history', (reference: string) => client.get(`${reference}/_history`), 404],
    ['a version', (reference: string) => client.get(`${reference}/_history/1`), 404],
    ['everything', (reference: string) => client.get(`${reference}/$everything`), 404],
    ['its labels', (reference: string) => client.get(`${reference}/$meta`), 404],
    [
      'a patch',
      (reference: string) =>
        client.send('PATCH', reference, [{ op: 'replace', path: '/gender', value: 'male' }], {
          'content-type': 'application/json-patch+json',
        }),
      404,
    ],
    ['a reference', (reference: string) => client.post('Observation', observation(reference)), 422],
    [
      'a reference in $validate',
      (reference: string) => client.post('Observation/$validate', observation(reference)),
      200,
    ],
    [
      'a reference in a transaction',
      (reference: string) =>
        client.post('', {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [{ resource: observation(reference), request: { method: 'POST', url: 'Observation' } }],
        }),
      422,
    ],
    [
      'a conditional reference',
      (reference: string) =>
        client.post('', {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [
            {
              resource: observation(`Patient?_id=${reference.slice(8)}`),
              request: { method: 'POST', url: 'Observation' },
            },
          ],
        }),
      412,
    ],
    [
      'a conditional patch',
      (reference: string) =>
        client.send('PATCH', `Patient?_id=${reference.slice(8)}`, [{ op: 'replace', path: '/gender', value: 'male' }], {
          'content-type': 'application/json-patch+json',
        }),
      404,
    ],
    ['a conditional deletion', (reference: string) => client.send('DELETE', `Patient?_id=${reference.slice(8)}`), 204],
    ['a deletion', (reference: string) => client.send('DELETE', reference), 204],
  ] as const)('%s', async (_, ask, status) => {
    const [given] = (await alike(ask)) as [number];
    expect(given).toBe(status);
  });
});
