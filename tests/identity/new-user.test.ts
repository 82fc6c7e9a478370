import type { Bundle, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';
import { signedIn } from '../kit/sign-in.ts';

let server: TestServer;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
});
afterAll(() => server.close());

const typed = {
  action: 'apply',
  login: 'nina',
  given: 'Nina',
  family: 'Testlege',
  mobile: '+47 900 00 020',
  position: 'Overlege',
  region: 'Helse Vest',
  department: 'Smerteklinikken',
  place: 'PlanDefinition/smertereg Organization/haukeland',
  role: 'lu',
};

async function apply(more: Partial<typeof typed> = {}) {
  const answer = await fetch(`${server.url}/account/new`, {
    method: 'POST',
    headers: { origin: server.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...typed, ...more }).toString(),
  });
  return { status: answer.status, text: await answer.text() };
}

const practitioners = async (): Promise<number> => {
  const { body } = await rest(server.base, await signedIn(server, 'lc')).get<Bundle>('Practitioner?family=Testlege');
  return body.total ?? body.entry?.length ?? 0;
};

test('the form offers the registries at their hospitals, and nothing national', async () => {
  const text = await (await fetch(`${server.url}/account/new`)).text();
  expect(text).toContain('value="PlanDefinition/smertereg Organization/haukeland"');
  expect(text.match(/<option /g)).toHaveLength(3);
});

test('what is missing or cannot be is told, and nothing is stored', async () => {
  for (const wrong of [
    { given: '' },
    { mobile: '90000020' },
    { login: 'a' },
    { role: 'sc' },
    { place: 'PlanDefinition/smertereg Organization/nowhere' },
  ]) {
    const { status, text } = await apply(wrong);
    expect([status, text.includes('Fyll ut alle feltene.')], JSON.stringify(wrong)).toEqual([400, true]);
  }
  expect((await apply({ login: 'lu' })).text).toContain('Brukernavnet er i bruk.');
  expect(await practitioners()).toBe(0);
});

test('from application to first sign-in: approved by the coordinator, a password by SMS, one of one’s own', async () => {
  expect((await apply()).text).toContain('Søknaden er sendt.');
  expect(await practitioners()).toBe(1);
  expect((await apply()).text).toContain('Brukernavnet er i bruk.');
  await server.identity?.welcome();
  expect(server.messages).toEqual([]);

  const lc = rest(server.base, await signedIn(server, 'lc'));
  const { body: people } = await lc.get<Bundle<Practitioner>>('Practitioner?family=Testlege');
  const who = people.entry?.[0]?.resource?.id;
  const roles = await lc.search<PractitionerRole>(`PractitionerRole?practitioner=Practitioner/${who}`);
  expect(roles).toMatchObject([{ active: false, organization: { reference: 'Organization/haukeland' } }]);
  const elsewhere = rest(server.base, await signedIn(server, 'lu2'));
  expect(
    (await elsewhere.post(`PractitionerRole/${roles[0]?.id}/$approve`, { resourceType: 'Parameters' })).status,
  ).not.toBe(200);
  const approved = await lc.post(`PractitionerRole/${roles[0]?.id}/$approve`, { resourceType: 'Parameters' });
  expect([approved.status, approved.body]).toMatchObject([200, { active: true }]);

  await Promise.all([1, 2, 3].map(() => server.identity?.welcome()));
  expect(server.messages).toMatchObject([{ to: '+4790000020', content: { kind: 'password' } }]);
  const [message] = server.messages;
  const temporary = message?.content.kind === 'password' ? message.content.password : '';
  const { signIn } = server.identity ?? {};
  const from = { address: '192.0.2.1', language: 'nb' } as const;
  const first = await signIn?.begin('nina', temporary, { kind: 'page' }, from);
  expect(first?.step.kind).toBe('new-password');
  await signIn?.choosePassword(first?.ticket ?? '', 'fire små duer på taket');
  const nina = await signedIn(server, 'nina', 'fire små duer på taket');
  expect((await rest(server.base, nina).get('Patient')).status).toBe(200);
});

test('where a thousand wait, nobody else applies, and nothing is stored', async () => {
  const { pool } = server.database;
  await pool.query(
    `insert into account (id, login, fhir_user, state, created)
    select 'waits-' || n, 'waits-' || n, 'Practitioner/waits-' || n, 'waiting', $1 from generate_series(1, 1000) n`,
    [Date.now()],
  );
  try {
    const before = await practitioners();
    const { status, text } = await apply({ login: 'too-late' });
    expect([status, text.includes('Prøv igjen senere')]).toEqual([400, true]);
    expect(await practitioners()).toBe(before);
  } finally {
    await pool.query(`delete from account where id like 'waits-%'`);
  }
});
