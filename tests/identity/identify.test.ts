import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { basic, type Credentials, signedIn, signedInAs } from '../kit/sign-in.ts';

let server: TestServer;
let lu: Credentials;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  lu = await signedIn(server, 'lu');
});
afterAll(() => server.close());

async function ask(headers: Record<string, string>, method = 'GET', path = '/Organization/haukeland') {
  const answer = await fetch(server.base + path, { method, headers });
  return { status: answer.status, challenge: answer.headers.get('www-authenticate'), text: await answer.text() };
}

/** Node's fetch joins or refuses some headers: what is sent here arrives as it is. */
function raw(lines: readonly string[], path = '/fhir/R4/Organization/haukeland'): Promise<string> {
  const { port, host } = new URL(server.url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write([`GET ${path} HTTP/1.1`, `host: ${host}`, 'connection: close', ...lines, '', ''].join('\r\n')),
    );
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer.split(' ')[1] ?? ''));
  });
}

const cookie = (credentials: Credentials): Record<string, string> => ({ cookie: credentials.cookie ?? '' });
const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('nobody', () => {
  test('is told how to sign in, and nothing else', async () => {
    const refused = await ask({});
    expect(refused.status).toBe(401);
    expect(refused.challenge).toBe('Bearer realm="svar"');
    for (const path of [
      '',
      '/Patient',
      '/Patient/x',
      '/Patient/x/_history',
      '/_history',
      '/Nothing',
      '/$export',
      '/metadata/x',
      '//metadata',
    ]) {
      const answer = await ask({}, 'GET', path);
      expect([path, answer.status, answer.text]).toEqual([path, 401, refused.text]);
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await ask({}, method, '/Patient/x')).text).toBe(refused.text);
      expect((await ask({}, method, '/metadata')).status, method).toBe(401);
    }
  });

  test('reads what the server can do, and how to sign in', async () => {
    expect((await ask({}, 'GET', '/metadata')).status).toBe(200);
    expect((await ask({}, 'GET', '/metadata?_pretty=true')).status).toBe(200);
    expect((await ask({}, 'GET', '/.well-known/smart-configuration')).status).toBe(200);
    for (const path of ['/sign-in', '/healthz', '/readyz', '/.well-known/openid-configuration']) {
      expect((await fetch(server.url + path)).status, path).toBe(200);
    }
  });
});

describe('a header Authorization', () => {
  test.each([
    ['nothing after its scheme', 'Basic'],
    ['no base64', 'Basic ****'],
    ['no colon', `Basic ${encoded('demo-ehr')}`],
    ['no client', `Basic ${encoded(':demo')}`],
    ['the wrong secret', `Basic ${encoded('demo-ehr:wrong')}`],
    ['an empty secret', `Basic ${encoded('demo-ehr:')}`],
    [
      'the hash of the secret',
      `Basic ${encoded('demo-ehr:2a97516c354b68848cdbd8f54a226a0a55b21ed138e207ad6c5cbb9c00aa5aea')}`,
    ],
    ['a client that nobody registered', `Basic ${encoded('nobody:demo')}`],
    ['a client that is an app', `Basic ${encoded('svar:')}`],
    ['a person’s password', `Basic ${encoded('lu:demo')}`],
    ['a name that all objects have', `Basic ${encoded('constructor:demo')}`],
    ['two credentials', `Basic ${encoded('demo-ehr:demo')}, Basic ${encoded('demo-ehr:demo')}`],
    ['more than a secret can be', `Basic ${encoded(`demo-ehr:${'x'.repeat(5000)}`)}`],
    ['another scheme', 'Digest username="lu"'],
    ['a token without a scheme', 'abcdef'],
    ['a token that is none', 'Bearer abc'],
    ['an unsigned token', `Bearer ${encoded('{"alg":"none"}')}.${encoded('{"login_id":"x","sub":"lu"}')}.`],
  ])('with %s is refused like every other', async (_what, authorization) => {
    const refused = await ask({ authorization });
    expect(refused.status).toBe(401);
    expect(refused.text).toBe((await ask({})).text);
  });

  test('opens for a system with its secret', async () => {
    expect((await ask({ ...basic('demo-ehr') })).status).toBe(200);
    expect((await ask({ authorization: `bAsIc ${encoded('demo-admin:demo')}` })).status).toBe(200);
  });

  test('comes once: two are refused, whatever they hold', async () => {
    const right = `authorization: ${basic('demo-ehr').authorization}`;
    expect(await raw([right])).toBe('200');
    expect(await raw([right, right])).toBe('401');
    expect(await raw([right, 'Authorization: Bearer x'])).toBe('401');
  });

  test('counts alone: a cookie beside it neither helps nor hinders', async () => {
    expect((await ask({ ...lu, authorization: 'Bearer abc' })).status).toBe(401);
    expect((await ask({ cookie: 'svar-session=wrong', ...basic('demo-ehr') })).status).toBe(200);
  });

  test('in the address is none', async () => {
    expect((await ask({}, 'GET', `/Organization/haukeland?access_token=${encoded('x')}`)).status).toBe(401);
  });
});

describe('the cookie of a session', () => {
  test('works with a header of ours, our origin, or what the browser says of its own page', async () => {
    const sent = cookie(lu);
    expect((await ask({ ...sent, 'x-medplum': 'extended' })).status).toBe(200);
    expect((await ask({ ...sent, origin: server.url })).status).toBe(200);
    expect((await ask({ ...sent, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask({ ...sent, 'sec-fetch-site': 'none' })).status).toBe(200);
  });

  test.each([
    ['nothing beside it', {}],
    ['another origin', { origin: 'https://evil.example' }],
    ['another origin and our header', { origin: 'https://evil.example', 'x-medplum': 'extended' }],
    ['no origin to tell', { origin: 'null' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site', 'x-medplum': 'extended' }],
    ['a page of a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('with %s is refused', async (_what, headers) => {
    expect((await ask({ ...cookie(lu), ...headers } as Record<string, string>)).status).toBe(401);
  });

  test('changes nothing where the address was only typed', async () => {
    const typed = { ...cookie(lu), 'sec-fetch-site': 'none' };
    expect((await ask(typed, 'DELETE', '/Organization/haukeland')).status).toBe(401);
  });

  test('is refused where there are two of them, or it is none of ours', async () => {
    const [name, value] = (lu.cookie ?? '').split('=');
    for (const other of [
      `${name}=${value}; ${name}=x`,
      `${name}=x`,
      `${name}=`,
      `${name}=${value}x`,
      `${name}='; drop`,
    ]) {
      expect((await ask({ 'x-medplum': 'extended', cookie: other })).status, other).toBe(401);
    }
  });

  test('is that of its role: without one, nothing of patients', async () => {
    const none = await signedInAs(server, { fhirUser: 'Practitioner/demo-lu' });
    const stranger = await signedInAs(server, { fhirUser: 'Practitioner/demo-lu', role: 'demo-sc' });
    const device = await signedInAs(server, { fhirUser: 'Device/x' });
    for (const who of [none, stranger, device]) {
      expect((await ask({ ...who }, 'GET', '/Patient')).status).toBe(403);
    }
  });

  test('ends with its session at once', async () => {
    const { sessions } = server.identity ?? {};
    const who = await signedInAs(server, { subject: 'ends', fhirUser: 'Practitioner/demo-lu', role: 'demo-lu' });
    expect((await ask({ ...who })).status).toBe(200);
    await sessions?.revokeAll('ends');
    expect((await ask({ ...who })).status).toBe(401);
  });
});
