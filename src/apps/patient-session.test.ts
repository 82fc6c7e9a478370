import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Course } from '../../tests/kit/course.ts';
import { type Credentials, signedIn, signedInAs } from '../../tests/kit/sign-in.ts';
import { consented, OrderWorld, type Started } from '../../tests/smertereg/order-kit.ts';

let world: OrderWorld;
let course: Started;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T08:30:00+01:00', { apps: true });
  course = await world.start(consented);
  await world.at('2026-03-02T16:33:00+01:00');
});

afterAll(() => world.close());

/** An answer's JSON: what it holds is the tests' to say. */
// biome-ignore lint/suspicious/noExplicitAny: read by expectations alone
const told = async (answer: Response | Promise<Response>): Promise<any> => (await answer).json();
const ask = async (who: Credentials, path = '/patient/session') => fetch(world.server.url + path, { headers: who });
const patient = () => signedInAs(world.server, { fhirUser: `Patient/${course.patient}` });
const holder = async (order: string | undefined) =>
  signedInAs(world.server, { fhirUser: `Patient/${course.patient}`, strength: 'link', order });

test('nobody, staff and systems have no such session', async () => {
  for (const who of [
    {},
    await signedIn(world.server, 'lu'),
    { cookie: 'svar-session=made-up', 'x-medplum': 'extended' },
  ]) {
    const answer = await ask(who);
    expect([answer.status, await answer.text()]).toEqual([401, '{}']);
  }
});

test('another site that sends the browser here is told nothing', async () => {
  const { cookie = '' } = await patient();
  const answer = await ask({ cookie, origin: 'https://elsewhere.example' });
  expect(answer.status).toBe(401);
});

test('a patient is told who they are and what waits, in the order of dispatch, and nobody keeps it', async () => {
  const answer = await ask(await patient());
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const session = await told(answer);
  expect(session).toMatchObject({
    ...{ person: `Patient/${course.patient}`, name: expect.any(String), by: 'sign-in', language: 'nb' },
    ...{ now: '2026-03-02T15:33:00.000Z', timeZone: 'Europe/Oslo' },
  });
  expect(session.orders.map(({ questionnaire }: { questionnaire: string }) => questionnaire.split('/').at(-1))).toEqual(
    ['smertereg-pasreg|1.0.0', 'hads|1.0.0'],
  );
  expect(session.orders[1]).toMatchObject({ questions: 14, minutes: 3, begun: false });
});

test('who holds a link is not told the name', async () => {
  const { id } = await world.order(course, 'hads');
  const session = await told(ask(await holder(id)));
  expect(session).toMatchObject({ by: 'link', order: id });
  expect(session.name).toBeUndefined();
});

/** Another course of the same patient, of another referral, whose forms have been sent too. */
async function startAgain({ patient }: Started): Promise<Course> {
  const made = async (resource: Resource) => (await world.admin.post(resource.resourceType, resource)).body.id ?? '';
  const person = { reference: `Patient/${patient}` };
  const referral = await made({
    ...{ resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: person, authoredOn: '2026-03-02' },
  });
  const episode = await made({
    ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: person, period: { start: '2026-03-02' } },
    managingOrganization: { reference: 'Organization/haukeland' },
    referralRequest: [{ reference: `ServiceRequest/${referral}` }],
  });
  const again = { patient, episode, referral };
  await world.to(again, consented);
  await world.at('2026-03-03T16:33:00+01:00');
  return again;
}

test('the key of an order on the device is the same at every visit, and goes with what a session reaches alone', async () => {
  const keysOf = async (who: Credentials): Promise<ReadonlyMap<string, string>> => {
    const session = await told(ask(who));
    expect(JSON.stringify(session).match(/deviceKey/g)).toHaveLength(session.orders.length);
    return new Map(session.orders.map((order: Record<'id' | 'deviceKey', string>) => [order.id, order.deviceKey]));
  };
  const other = await startAgain(course);
  const { id = '' } = await world.order(course, 'hads');
  const [all, again, byLink] = [
    await keysOf(await patient()),
    await keysOf(await patient()),
    await keysOf(await holder(id)),
  ];
  expect(again).toEqual(all);
  expect(all.size).toBe(4);
  expect(new Set(all.values()).size).toBe(4);
  for (const key of all.values()) expect(Buffer.from(key, 'base64')).toHaveLength(32);
  // a sitting is of one referral: a link opens on the device no more than on the server
  expect(byLink.get(id)).toBe(all.get(id));
  expect(byLink.size).toBe(2);
  expect(byLink.has((await world.order(other, 'hads')).id ?? '')).toBe(false);
});

test('where an order stands is told to whose it is alone', async () => {
  const { id } = await world.order(course, 'hads');
  const about = `/patient/session?order=${id}`;
  expect((await told(ask(await patient(), about))).asked).toEqual({ order: id, state: 'open' });
  expect((await told(ask(await signedIn(world.server, 'patient'), about))).asked).toBeUndefined();
});

test('the page of an order comes with its first question, for whose it is alone, and nobody keeps it', async () => {
  const { id } = await world.order(course, 'hads');
  const page = await ask(await patient(), `/patient/?order=${id}`);
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(await page.text()).toMatch(/<div id="app">.*type="radio".*<script type="application\/json"/s);
  const { cookie = '' } = await signedIn(world.server, 'patient');
  const others = await (await ask({ cookie, 'x-medplum': 'extended' }, `/patient/?order=${id}`)).text();
  expect(others).not.toContain('type="radio"');
  expect(others).not.toContain(course.patient);
  expect(await (await ask({}, `/patient/?order=${id}`)).text()).toContain('<div id="app"></div>');
});

test('the style that a page holds itself is let in by its digest, and no other', async () => {
  const { id } = await world.order(course, 'hads');
  const page = await ask(await patient(), `/patient/?order=${id}`);
  const style = /<style>(.*?)<\/style>/s.exec(await page.text())?.[1] ?? '';
  const digest = createHash('sha256').update(style).digest('base64');
  expect(style.length).toBeGreaterThan(1000);
  expect(page.headers.get('content-security-policy')).toContain(`style-src 'self' 'sha256-${digest}';`);
});

test('the page that browsers keep for when there is no net is nobody’s', async () => {
  const shell = await (await ask(await patient(), '/patient/shell')).text();
  expect(shell).toContain('<div id="app"></div>');
  expect(shell).not.toContain(course.patient);
});

test('what the app is made of goes out compressed', async () => {
  const page = await (await ask({}, '/patient/')).text();
  const script = /src="([^"]+)"/.exec(page)?.[1] ?? '';
  for (const encoding of ['br', 'gzip', 'identity']) {
    const file = await fetch(world.server.url + script, { headers: { 'accept-encoding': encoding } });
    expect(file.headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
    expect(file.headers.get('content-type')).toMatch(/javascript/);
    expect(await file.text()).toContain('import');
  }
});
