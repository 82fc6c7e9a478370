import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretHashOf } from '../../../src/identity/oauth/client-store.ts';
import type { ClientRegistration } from '../../../src/identity/oauth/clients.ts';
import { endGrants } from '../../../src/identity/oauth/grants.ts';
import {
  app,
  authorize,
  basic,
  bearer,
  codeForm,
  get,
  type OauthServer,
  oauthServer,
  patient,
  post,
  signIn,
} from './kit.ts';

const OFFLINE = { scope: 'openid launch/patient offline_access patient/*.rs' };
const ONLINE = { scope: 'openid launch/patient patient/*.rs online_access' };

let server: OauthServer;
/** Another process of the same server. */
let other: OauthServer;

beforeAll(async () => {
  server = await oauthServer();
  other = await oauthServer({ database: server.database, baseUrl: server.url });
  server.person = patient;
});
afterAll(async () => {
  await other.close();
  await server.close();
});

const refresh = (token: string, client?: ClientRegistration, at = server) =>
  post(`${at.url}/oauth2/token`, {
    grant_type: 'refresh_token',
    refresh_token: token,
    ...(client !== undefined && { client_id: client.id }),
  });

test('a refresh token is good once, in whatever process, and gives the next one with the same context', async () => {
  const client = await app(server);
  const { json: first } = await signIn(server, client, OFFLINE);
  const { status, json: second } = await refresh(first.refresh_token, client, other);
  expect(status).toBe(200);
  expect(second).toMatchObject({ patient: 'kari', scope: OFFLINE.scope, token_type: 'Bearer' });
  expect(second.refresh_token).not.toBe(first.refresh_token);
  const { json: third } = await refresh(second.refresh_token, client);
  expect((await get(`${server.fhirBase}/who`, bearer(third.access_token))).json).toMatchObject({ patient: 'kari' });
});

test('a refresh token that is used again was stolen: all that came of the sign-in ends, in every process', async () => {
  const client = await app(server);
  const { json: first } = await signIn(server, client, OFFLINE);
  const { json: second } = await refresh(first.refresh_token, client);
  const stolen = await refresh(first.refresh_token, client, other);
  expect([stolen.status, stolen.json]).toEqual([
    400,
    { error: 'invalid_grant', error_description: 'grant request is invalid' },
  ]);
  expect((await refresh(second.refresh_token, client)).status).toBe(400);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  for (const process of [server, other]) {
    expect((await get(`${process.url}/fhir/R4/who`, bearer(second.access_token))).status).toBe(401);
  }
  const { rows } = await server.database.pool.query('select from oauth_grant where client = $1', [client.id]);
  expect(rows).toEqual([]);
});

test('of many who use it at the same time, one at most gets a token, and it is worth nothing', async () => {
  const client = await app(server);
  const { json } = await signIn(server, client, OFFLINE);
  const answers = await Promise.all(
    [server, other, server, other, server, other].map((process) => refresh(json.refresh_token, client, process)),
  );
  const given = answers.filter(({ status }) => status === 200);
  expect(given.length).toBeLessThanOrEqual(1);
  for (const { json } of given) expect((await refresh(json.refresh_token, client)).status).toBe(400);
});

test('another client can not use it, and it stays good for its own', async () => {
  const client = await app(server);
  const { json } = await signIn(server, client, OFFLINE);
  expect((await refresh(json.refresh_token, await app(server))).status).toBe(400);
  expect((await refresh(json.refresh_token, client)).status).toBe(200);
});

test('a public app need not say its name again, one with a secret must prove it', async () => {
  const { json } = await signIn(server, await app(server), OFFLINE);
  expect((await refresh(json.refresh_token)).status).toBe(200);

  const client = await app(server, { secretHash: secretHashOf('a secret') });
  const { told } = await authorize(server, client, OFFLINE);
  const { client_id: _, ...form } = codeForm(client, told?.code);
  const confidential = await post(`${server.url}/oauth2/token`, form, basic(client.id, 'a secret'));
  expect(confidential.status).toBe(200);
  expect((await refresh(confidential.json.refresh_token)).status).toBe(400);
  expect((await refresh(confidential.json.refresh_token, client)).status).toBe(401);
});

test('it can be used for fewer scopes, not for more', async () => {
  const client = await app(server);
  const { json } = await signIn(server, client, OFFLINE);
  const ask = (token: string, scope: string) =>
    post(`${server.url}/oauth2/token`, {
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: client.id,
      scope,
    });
  expect((await ask(json.refresh_token, 'patient/*.cruds')).json).toMatchObject({ error: 'invalid_scope' });
  expect((await ask(json.refresh_token, 'launch/patient')).json).toMatchObject({ scope: 'launch/patient' });
});

test('signing out ends what was given until then, not what was given beyond it', async () => {
  server.person = { ...patient, session: 'session-to-end' };
  const client = await app(server);
  const { json: online } = await signIn(server, client, ONLINE);
  const { json: offline } = await signIn(server, client, OFFLINE);
  await endGrants(server.database.pool, { session: 'session-to-end' }, 'sign-out');
  expect((await refresh(online.refresh_token, client)).status).toBe(400);
  const { json: next, status } = await refresh(offline.refresh_token, client);
  expect(status).toBe(200);
  await endGrants(server.database.pool, { session: 'session-to-end' });
  expect((await refresh(next.refresh_token, client)).status).toBe(400);
});

test('all sign-ins of an account can be ended', async () => {
  server.person = { ...patient, account: 'account-to-end' };
  const client = await app(server);
  const { json } = await signIn(server, client, OFFLINE);
  server.person = patient;
  await endGrants(server.database.pool, { account: 'account-to-end' });
  expect((await refresh(json.refresh_token, client)).status).toBe(400);
});

test('all but one sign-in of an account can be ended, those that were signed out of too', async () => {
  const client = await app(server);
  const given = async (session: string) => {
    server.person = { ...patient, account: 'account-of-three', session };
    return (await signIn(server, client, OFFLINE)).json.refresh_token;
  };
  const [here, there, left] = [await given('here'), await given('there'), await given('left')];
  server.person = patient;
  await endGrants(server.database.pool, { session: 'left' }, 'sign-out');
  await endGrants(server.database.pool, { account: 'account-of-three', except: 'here' });
  expect((await refresh(here, client)).status).toBe(200);
  expect((await refresh(there, client)).status).toBe(400);
  expect((await refresh(left, client)).status).toBe(400);
});

test('the chain of an offline token ends thirty days after the sign-in, that of an online one after twelve hours', async () => {
  const client = await app(server);
  const expires = async (scope: Readonly<Record<string, string>>) => {
    await signIn(server, client, scope);
    const { rows } = await server.database.pool.query<{ left: number }>(
      "select max(expires) - $1 as left from oauth_state where kind = 'RefreshToken' and expires < $1 + $2::int8",
      [Date.now(), scope === ONLINE ? 13 * 3_600_000 : 31 * 86_400_000],
    );
    return Math.round(Number(rows[0]?.left) / 60_000);
  };
  expect(await expires(ONLINE)).toBe(12 * 60);
  expect(await expires(OFFLINE)).toBe(30 * 24 * 60);
});

test('what is past its time is deleted', async () => {
  await signIn(server, await app(server), OFFLINE);
  const counts = async () => {
    const { rows } = await server.database.pool.query(
      'select (select count(*)::int from oauth_state) as state, (select count(*)::int from oauth_grant) as grants',
    );
    return rows[0];
  };
  server.skewMs = 13 * 3_600_000;
  await server.oauth.clean();
  expect((await counts()).grants).toBeGreaterThan(0);
  server.skewMs = 32 * 86_400_000;
  await server.oauth.clean();
  expect(await counts()).toEqual({ state: 0, grants: 0 });
  server.skewMs = 0;
});
