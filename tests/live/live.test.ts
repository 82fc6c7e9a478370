import { ClientStorage, MedplumClient, MemoryStorage, type SubscriptionEmitter } from '@medplum/core';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { hads, order } from '../access/policy-world.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { basic, type Credentials, signedIn, signedInAs } from '../kit/sign-in.ts';

let server: TestServer;
let second: TestServer;
let ehr: Credentials;
const opened: WebSocket[] = [];

beforeAll(async () => {
  server = await testServer({ identity: true });
  second = await testServer({ identity: true, database: server.database, packages: false });
  ehr = basic('demo-ehr');
});

afterEach(() => {
  for (const socket of opened.splice(0)) socket.terminate();
});

afterAll(async () => {
  await second.close();
  await server.close();
});

const json = 'application/fhir+json';

async function fhir(who: Credentials, method: string, path: string, body?: object, at = server) {
  const answer = await fetch(`${at.base}/${path}`, {
    method,
    headers: { ...who, 'content-type': json, origin: at.url },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Record<string, never> };
}

/** A patient of Haukeland, with a referral and a course: staff of Haukeland see it. */
async function refer(id: string, organization = 'haukeland'): Promise<void> {
  const who = basic('demo-admin');
  const entries: Resource[] = [
    { resourceType: 'Patient', id, name: [{ text: 'Live Test' }] },
    {
      resourceType: 'ServiceRequest',
      id,
      status: 'active',
      intent: 'order',
      subject: { reference: `Patient/${id}` },
      authoredOn: '2026-03-02',
    },
    {
      ...{ resourceType: 'EpisodeOfCare', id, status: 'active', patient: { reference: `Patient/${id}` } },
      managingOrganization: { reference: `Organization/${organization}` },
      referralRequest: [{ reference: `ServiceRequest/${id}` }],
      period: { start: '2026-03-02' },
    },
  ];
  const answer = await fhir(who, 'POST', '', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: entries.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

const subscription = (criteria: string) => ({
  ...{ resourceType: 'Subscription', status: 'active', reason: 'a test', criteria },
  channel: { type: 'websocket' },
});

interface Listening {
  readonly told: Bundle[];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
}

/** Binds as MedplumClient does, and waits for the handshake. */
async function listening(who: Credentials, criteria: string, at = server): Promise<Listening> {
  const made = await fhir(who, 'POST', 'Subscription', subscription(criteria), at);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return bound(await tokenOf(who, String(made.body.id), at));
}

async function tokenOf(who: Credentials, id: string, at = server): Promise<{ token: string; url: string }> {
  const { status, body } = await fhir(who, 'GET', `Subscription/${id}/$get-ws-binding-token`, undefined, at);
  expect(status, JSON.stringify(body)).toBe(200);
  const parameters = body.parameter as unknown as { name: string; valueString?: string; valueUrl?: string }[];
  const find = (name: string) => parameters.find((each) => each.name === name);
  return { token: find('token')?.valueString ?? '', url: find('websocket-url')?.valueUrl ?? '' };
}

async function bound({ token, url }: { token: string; url: string }): Promise<Listening> {
  const socket = new WebSocket(url);
  opened.push(socket);
  const told: Bundle[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const shaken = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Bundle;
      const status = message.entry?.[0]?.resource as { readonly type?: string } | undefined;
      if (status?.type === 'handshake') resolve();
      else if (status?.type === 'event-notification') told.push(message);
    });
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'bind-with-token', payload: { token } })));
  await Promise.race([shaken, closed.then((code) => Promise.reject(new Error(`closed: ${code}`)))]);
  return { told, socket, closed };
}

const ids = ({ told }: Listening) => told.map(({ entry }) => entry?.[1]?.resource?.id);
const soon = { timeout: 10_000, interval: 30 };

describe('a page that listens to a search', () => {
  test('is told of what comes to match it, once, with the resource and the subscription that it is for', async () => {
    const lu = await signedIn(server, 'lu');
    const page = await listening(lu, 'EpisodeOfCare?status=active');
    await refer('told-1');
    await vi.waitFor(() => expect(ids(page)).toEqual(['told-1']), soon);
    const [first] = page.told;
    expect(first).toMatchObject({ resourceType: 'Bundle', type: 'history' });
    expect(first?.entry?.[0]?.resource).toMatchObject({
      resourceType: 'SubscriptionStatus',
      type: 'event-notification',
    });
  });

  test('is told nothing of what another hospital does', async () => {
    const [lu, lu2] = [await signedIn(server, 'lu'), await signedIn(server, 'lu2')];
    const [haukeland, stOlavs] = [await listening(lu, 'EpisodeOfCare'), await listening(lu2, 'EpisodeOfCare')];
    await refer('other-1', 'st-olavs');
    await refer('own-1');
    await vi.waitFor(() => expect(ids(haukeland)).toContain('own-1'), soon);
    await vi.waitFor(() => expect(ids(stOlavs)).toContain('other-1'), soon);
    expect(ids(haukeland)).not.toContain('other-1');
    expect(ids(stOlavs)).not.toContain('own-1');
  });

  test('is told of what another process on the same database commits', async () => {
    const lu = await signedIn(second, 'lu');
    const page = await listening(lu, 'EpisodeOfCare?_elements=status', second);
    await refer('process-1');
    await vi.waitFor(() => expect(ids(page)).toContain('process-1'), soon);
    expect(page.told[0]?.entry?.[1]?.resource).not.toHaveProperty('period');
  });

  test('hears nothing more once its person has signed out, and its connection ends', async () => {
    const lu = await signedIn(server, 'lu');
    const page = await listening(lu, 'EpisodeOfCare');
    await fetch(`${server.url}/account`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...lu, origin: server.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'action=sign-out',
    });
    await refer('after-1');
    expect(await page.closed).toBe(4401);
    expect(ids(page)).toEqual([]);
  });

  test('hears nothing more after half an hour without a request, though it asks and listens all the while', async () => {
    const lu = await signedIn(server, 'lu');
    const page = await listening(lu, 'EpisodeOfCare');
    const session = '(select session from live_subscription order by expires desc limit 1)';
    const seen = async (minutes: number) =>
      server.database.pool.query(`update session set seen = $1 where id = ${session}`, [Date.now() - minutes * 60_000]);
    await seen(29);
    const polls = await fhir({ ...lu, 'x-svar-unattended': '1' }, 'GET', 'Task?_count=1');
    expect(polls.status).toBe(200);
    await refer('idle-1');
    await vi.waitFor(() => expect(ids(page)).toEqual(['idle-1']), soon);
    const { rows } = await server.database.pool.query<{ quiet: boolean }>(
      `select seen < $1 as quiet from session where id = ${session}`,
      [Date.now() - 28 * 60_000],
    );
    expect(rows[0]?.quiet).toBe(true);
    await seen(31);
    await refer('idle-2');
    expect(await page.closed).toBe(4401);
    expect(ids(page)).toEqual(['idle-1']);
    expect((await fhir(lu, 'GET', 'Task?_count=1')).status).toBe(401);
  });

  test('is told nothing of what a patient has not sent, nor the patient of what staff write among themselves', async () => {
    await refer('unsent-1');
    const course = { patient: 'unsent-1', referral: 'unsent-1', episode: 'unsent-1' };
    const admin = basic('demo-admin');
    const task = (await fhir(admin, 'POST', 'Task', { ...order(course), authoredOn: new Date().toISOString() })).body;
    const patient = await signedInAs(server, { fhirUser: 'Patient/unsent-1' });
    const [staff, own] = [
      await listening(await signedIn(server, 'lu'), 'QuestionnaireResponse'),
      await listening(patient, 'Task'),
    ];
    for (const criteria of ['Task?_content=moren', 'QuestionnaireResponse?_content=moren']) {
      expect((await fhir(patient, 'POST', 'Subscription', subscription(criteria))).status).toBe(400);
    }
    const begun = await fhir(patient, 'POST', 'QuestionnaireResponse', hads(course, 'in-progress'));
    expect(begun.status, JSON.stringify(begun.body)).toBe(201);
    await fhir(admin, 'PUT', `Task/${String(task.id)}`, { ...task, note: [{ text: 'Ring moren.' }] });
    await vi.waitFor(() => expect(ids(own)).toEqual([task.id]), soon);
    expect(JSON.stringify(own.told)).not.toContain('Ring moren');
    await fhir(patient, 'PUT', `QuestionnaireResponse/${String(begun.body.id)}`, {
      ...begun.body,
      status: 'completed',
    });
    await vi.waitFor(() => expect(ids(staff)).toEqual([begun.body.id]), soon);
    expect(JSON.stringify(staff.told)).not.toContain('"in-progress"');
  });

  test('hears nothing more once its role is taken away', async () => {
    const lu = await signedIn(server, 'lu');
    const page = await listening(lu, 'EpisodeOfCare');
    const admin = basic('demo-admin');
    const { body: held } = await fhir(admin, 'GET', 'PractitionerRole/demo-lu');
    expect((await fhir(admin, 'PUT', 'PractitionerRole/demo-lu', { ...held, active: false })).status).toBe(200);
    await refer('ended-1');
    expect(await page.closed).toBe(4401);
    expect(ids(page)).toEqual([]);
    expect((await fhir(admin, 'PUT', 'PractitionerRole/demo-lu', { ...held, active: true })).status).toBe(200);
  });

  test('is answered its pings', async () => {
    const page = await listening(await signedIn(server, 'lu'), 'EpisodeOfCare');
    const answer = new Promise((resolve) => page.socket.once('message', (data) => resolve(JSON.parse(String(data)))));
    page.socket.send('{"type": "ping"}');
    expect(await answer).toEqual({ type: 'pong' });
  });
});

describe('a subscription by websocket', () => {
  test('is refused for a search that the role may not make', async () => {
    const { status } = await fhir(
      await signedIn(server, 'patient'),
      'POST',
      'Subscription',
      subscription('Practitioner?name=a'),
    );
    const open = await fhir(await signedIn(server, 'lu'), 'POST', 'Subscription', subscription('AuditEvent'));
    expect([status, open.status].every((code) => code === 403 || code === 201)).toBe(true);
    expect(open.status).toBe(403);
  });

  test.each(['Task?nonsense=1', 'Nothing?a=b', 'Task?a=b#c', '', 'Task/1'])(
    'is refused for what is no search: %s',
    async (criteria) => {
      const { status, body } = await fhir(await signedIn(server, 'lu'), 'POST', 'Subscription', subscription(criteria));
      expect([400, 404, 422]).toContain(status);
      expect(body.resourceType).toBe('OperationOutcome');
    },
  );

  test('is refused to systems, which have Subscriptions of their own to come', async () => {
    expect((await fhir(ehr, 'POST', 'Subscription', subscription('Task'))).status).toBe(403);
  });

  test("gives its token to nobody else's sign-in, and to nobody who has not signed in", async () => {
    const made = await fhir(await signedIn(server, 'lu'), 'POST', 'Subscription', subscription('Task'));
    const path = `Subscription/${made.body.id}/$get-ws-binding-token`;
    expect((await fhir(await signedIn(server, 'lc'), 'GET', path)).status).toBe(404);
    expect((await fhir({}, 'GET', path)).status).toBe(401);
  });

  test('of any other channel is judged as before', async () => {
    const rest = { ...subscription('Task'), channel: { type: 'rest-hook', endpoint: 'https://example.org' } };
    expect([403, 422]).toContain((await fhir(ehr, 'POST', 'Subscription', rest)).status);
  });
});

test('a connection that binds with a token that is none is told nothing', async () => {
  const lu = await signedIn(server, 'lu');
  const made = await fhir(lu, 'POST', 'Subscription', subscription('EpisodeOfCare'));
  const { url, token } = await tokenOf(lu, String(made.body.id));
  const socket = new WebSocket(url);
  opened.push(socket);
  const told: string[] = [];
  socket.on('message', (data) => told.push(String(data)));
  await new Promise((resolve) => socket.once('open', resolve));
  const bind = (value: unknown) => socket.send(JSON.stringify({ type: 'bind-with-token', payload: { token: value } }));
  for (const wrong of ['', 'x', `${token.slice(0, -2)}AA`, 7, null]) bind(wrong);
  socket.send('not json');
  socket.send('null');
  await refer('silent-1');
  socket.send('{"type":"ping"}');
  await vi.waitFor(() => expect(told).toEqual(['{"type":"pong"}']), soon);
});

test("MedplumClient's own subscribeToCriteria works against it", async () => {
  const { cookie = '' } = await signedIn(server, 'lu');
  const stub = `x.${Buffer.from('{"login_id":"bff"}').toString('base64url')}.x`;
  const medplum = new MedplumClient({
    ...{ baseUrl: `${server.url}/`, fhirUrlPath: 'fhir/R4', cacheTime: 0, accessToken: stub },
    storage: new ClientStorage(new MemoryStorage()),
    fetch: (input: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.delete('authorization');
      headers.set('cookie', cookie);
      headers.set('origin', server.url);
      return fetch(input, { ...init, headers });
    },
  });
  await medplum.getProfileAsync();
  const emitter: SubscriptionEmitter = medplum.subscribeToCriteria('EpisodeOfCare?status=active');
  const told: (string | undefined)[] = [];
  emitter.addEventListener('message', ({ payload }) => told.push(payload.entry?.[1]?.resource?.id));
  await new Promise<void>((resolve) => emitter.addEventListener('connect', () => resolve()));
  await refer('medplum-1');
  await vi.waitFor(() => expect(told).toEqual(['medplum-1']), soon);
  medplum.unsubscribeFromCriteria('EpisodeOfCare?status=active');
  medplum.getSubscriptionManager().closeWebSocket();
});
