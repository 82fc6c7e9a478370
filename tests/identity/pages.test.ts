import type { PractitionerRole } from '@medplum/fhirtypes';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';
import { basic, cookieOf } from '../kit/sign-in.ts';

const PASSWORD = 'fire små duer på taket';

let server: TestServer;
let strict: TestServer;
let names = 0;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false });
  // on the same database: sign-ins are known to every process
  strict = await testServer({
    identity: true,
    background: false,
    database: server.database,
    secondFactor: true,
    packages: false,
  });
});
afterAll(async () => {
  await strict.close();
  await server.close();
});

/** A browser: keeps cookies, follows redirects by GET. */
function browser(on: TestServer, headers: Record<string, string> = {}) {
  const cookies = new Map<string, string>();
  const keep = (answer: Response): void => {
    for (const header of answer.headers.getSetCookie()) {
      const [pair = ''] = header.split(';', 1);
      const mark = pair.indexOf('=');
      if (/max-age=0/i.test(header)) cookies.delete(pair.slice(0, mark));
      else cookies.set(pair.slice(0, mark), pair.slice(mark + 1));
    }
  };
  async function ask(method: string, path: string, form?: Record<string, string>, more: Record<string, string> = {}) {
    const answer = await fetch(on.url + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form === undefined ? {} : { origin: on.url, 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
        ...more,
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    });
    keep(answer);
    return { answer, status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
  }
  return {
    cookies,
    get: (path: string) => ask('GET', path),
    post: (path: string, form: Record<string, string>, more?: Record<string, string>) => ask('POST', path, form, more),
  };
}

async function account(more: { mobile?: string } = {}): Promise<{ login: string; temporary: string }> {
  names += 1;
  const login = `page${names}`;
  const { accounts } = server.identity ?? {};
  if (accounts === undefined) throw new Error('no accounts');
  return { login, ...(await accounts.add({ login, fhirUser: 'Practitioner/demo-lu', ...more })) };
}

describe('the page of sign-in', () => {
  test.each([
    ['nb', 'Logg inn'],
    ['nn', 'Logg inn'],
    ['sv-SE,sv;q=0.9', 'Logga in'],
    ['en', 'Sign in'],
    ['de', 'Logg inn'],
  ])('speaks %s', async (language, title) => {
    const { text, answer } = await browser(server, { 'accept-language': language }).get('/sign-in');
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(`<html lang="${answer.headers.get('content-language')}">`);
  });

  test('keeps the language that was chosen, and where the person wanted to go', async () => {
    const page = browser(server, { 'accept-language': 'en' });
    const { text } = await page.get('/sign-in?back=%2Faccount%2Fpassword');
    expect(text).toContain('href="?back=%2Faccount%2Fpassword&amp;lang=nn"');
    expect(await page.get('/sign-in?back=%2Faccount%2Fpassword&lang=nn')).toMatchObject({
      status: 303,
      location: '/sign-in?back=%2Faccount%2Fpassword',
    });
    expect((await page.get('/sign-in')).text).toContain('Brukarnamn');
  });

  test('has no script, no frame and nothing of elsewhere, and is not kept', async () => {
    const { answer, text } = await browser(server).get('/sign-in');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/<script|\son\w+=|style=|https?:/i);
  });

  test('can be used without seeing it: every field has its label, errors are announced and belong to the fields', async () => {
    const page = browser(server);
    const { text } = await page.post('/sign-in', { action: 'password', login: 'lu', password: 'wrong' });
    const fields = [...text.matchAll(/<input id="(\w+)"[^>]*>/g)];
    expect(fields).toHaveLength(2);
    for (const [field, id] of fields) {
      expect(text).toContain(`<label for="${id}">`);
      expect(field).toContain('aria-describedby="error"');
      expect(field).toContain('aria-invalid="true"');
      expect(field).toContain('autocomplete=');
    }
    expect(text).toMatch(/<p class="error" id="error" role="alert">/);
    expect(text).toMatch(/<title>Feil: /);
    expect(text).toContain('<main id="main"');
  });

  test('repeats what was typed as text, never as HTML, and never the password', async () => {
    const login = `"><script>alert(1)</script>&amp;'`;
    const { text } = await browser(server).post('/sign-in', { action: 'password', login, password: 'hemmelig-ord' });
    expect(text).not.toContain('<script');
    expect(text).toContain('&quot;&gt;&lt;script&gt;');
    expect(text).not.toContain('hemmelig-ord');
  });

  test('leads to the account, or back to a path of this server alone', async () => {
    const to = async (back: string) => {
      const path = `/sign-in?back=${encodeURIComponent(back)}`;
      return (await browser(server).post(path, { action: 'password', login: 'lu', password: 'demo' })).location;
    };
    expect(await to('/account/password')).toBe('/account/password');
    for (const elsewhere of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'evil',
      '/a\nb',
      '/%0d%0aset-cookie:x',
    ]) {
      expect(await to(elsewhere), elsewhere).toBe('/');
    }
  });

  test('is not for other sites: a form that one of them sends does nothing', async () => {
    const form = { action: 'password', login: 'lu', password: 'demo' };
    for (const sent of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: '', 'sec-fetch-site': 'cross-site' },
      { origin: '', 'sec-fetch-site': 'same-site' },
    ]) {
      const headers = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
      const answer = await fetch(`${server.url}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(form).toString(),
      });
      expect(answer.status, JSON.stringify(sent)).toBe(403);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  test.each(['text/plain', 'application/json', 'multipart/form-data'])('understands no %s', async (type) => {
    const answer = await fetch(`${server.url}/sign-in`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': type },
      body: 'action=password&login=lu&password=demo',
    });
    expect(cookieOf(answer, 'svar-session')).toBeUndefined();
  });
});

describe('the cookie', () => {
  test('is out of reach of scripts and other sites, and new at each sign-in whatever the browser sent', async () => {
    const page = browser(server);
    page.cookies.set('svar-session', 'planted');
    const { answer } = await page.post('/sign-in', { action: 'password', login: 'lu', password: 'demo' });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^svar-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const first = page.cookies.get('svar-session');
    await page.post('/sign-in', { action: 'password', login: 'lu', password: 'demo' });
    expect(page.cookies.get('svar-session')).not.toBe(first);
  });

  test('is worth nothing after signing out, and elsewhere after signing out everywhere', async () => {
    const [here, there] = [browser(server), browser(server)];
    for (const page of [here, there])
      await page.post('/sign-in', { action: 'password', login: 'lc', password: 'demo' });
    expect((await here.get('/account')).text).toContain('Du er logget inn som lc.');
    expect((await here.post('/account', { action: 'sign-out' })).location).toBe('/signed-out');
    expect((await here.get('/account')).location).toBe('/sign-in?back=%2Faccount');
    expect((await there.get('/account')).status).toBe(200);
    await here.post('/sign-in', { action: 'password', login: 'lc', password: 'demo' });
    await here.post('/account', { action: 'sign-out-everywhere' });
    expect((await there.get('/account')).location).toBe('/sign-in?back=%2Faccount');
  });
});

describe('step by step', () => {
  test('a first password is changed for one of one’s own', async () => {
    const { login, temporary } = await account();
    const page = browser(server);
    expect((await page.post('/sign-in', { action: 'password', login, password: temporary })).location).toBe('/sign-in');
    expect((await page.get('/account')).location).toContain('/sign-in');
    expect((await page.get('/sign-in')).text).toContain('Velg ditt eget passord');
    const differ = await page.post('/sign-in', { action: 'new-password', password: PASSWORD, again: 'noe annet' });
    expect(differ.text).toContain('De to nye passordene er ikke like.');
    const short = await page.post('/sign-in', { action: 'new-password', password: 'kort', again: 'kort' });
    expect([short.status, short.text.includes('minst 12 tegn')]).toEqual([400, true]);
    const done = await page.post('/sign-in', { action: 'new-password', password: PASSWORD, again: PASSWORD });
    expect(done.location).toBe('/');
    expect((await page.get('/account')).text).toContain(login);
    const changed = await page.post('/account/password', {
      present: PASSWORD,
      password: 'et helt annet ord',
      again: 'et helt annet ord',
    });
    expect(changed.text).toContain('Passordet er byttet.');
    const again = await browser(server).post('/sign-in', { action: 'password', login, password: PASSWORD });
    expect(again.text).toContain('Brukernavn eller passord er feil.');
  });

  test('a code by SMS; a wrong one, another one, beginning anew', async () => {
    const { login, temporary } = await account({ mobile: '+4790000010' });
    const page = browser(strict);
    await page.post('/sign-in', { action: 'password', login, password: temporary });
    expect((await page.get('/sign-in')).text).toContain('Vi har sendt en kode');
    expect((await page.post('/sign-in', { action: 'code', code: '000' })).text).toContain('Koden er feil');
    expect((await page.post('/sign-in', { action: 'resend' })).text).toContain('En ny kode er sendt.');
    const content = strict.messages.at(-1)?.content;
    const code = content?.kind === 'code' ? content.code : '';
    expect((await page.post('/sign-in', { action: 'code', code })).location).toBe('/sign-in');
    expect((await page.get('/sign-in')).text).toContain('Velg ditt eget passord');
    await page.post('/sign-in', { action: 'restart' });
    expect((await page.get('/sign-in')).text).toContain('<h1>Logg inn</h1>');
  });

  test('an authenticator app is added where there is no telephone', async () => {
    const { login, temporary } = await account();
    const page = browser(strict);
    await page.post('/sign-in', { action: 'password', login, password: temporary });
    const { text } = await page.get('/sign-in');
    expect(text).toContain('href="otpauth://totp/');
    const secret = /class="key">([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
    const done = await page.post('/sign-in', { action: 'enrol', code: new TOTP({ secret }).generate() });
    expect(done.location).toBe('/sign-in');
    await page.post('/sign-in', { action: 'new-password', password: PASSWORD, again: PASSWORD });
    expect((await page.get('/account')).status).toBe(200);
  });

  test('a form of a later step without a sign-in is sent back to the first', async () => {
    const { status, text } = await browser(server).post('/sign-in', { action: 'role', role: 'demo-sc' });
    expect([status, text.includes('<h1>Logg inn</h1>')]).toEqual([400, true]);
  });

  test('too many wrong passwords are told kindly, with the time to wait', async () => {
    const { login } = await account();
    const page = browser(server, { 'accept-language': 'sv' });
    const attempt = () => page.post('/sign-in', { action: 'password', login, password: 'wrong' });
    for (let each = 0; each < 5; each += 1) expect((await attempt()).status).toBe(400);
    const { status, text } = await attempt();
    expect(status).toBe(429);
    expect(text).toMatch(/Det har varit för många försök\. Försök igen om \d+ sekunder\./);
  });

  test('who forgot the password is told the same whether or not there is such an account', async () => {
    const { login } = await account({ mobile: '+4790000011' });
    const [there, nobody] = [browser(server), browser(server)];
    const known = await there.post('/account/forgotten', { action: 'forgotten', login });
    const unknown = await nobody.post('/account/forgotten', { action: 'forgotten', login: 'nobody-at-all' });
    expect(known.text).toBe(unknown.text);
    const sent = { to: '+4790000011', content: { kind: 'password' } };
    await expect.poll(() => server.messages.at(-1)).toMatchObject(sent);
  });
});

test('the role in use can be changed, for one of the person’s own, in a new session', async () => {
  const admin = rest(server.base, basic('demo-admin'));
  const { body } = await admin.get<PractitionerRole>('PractitionerRole/demo-lc');
  const second = { ...body, id: 'page-second', practitioner: { reference: 'Practitioner/demo-lu2' } };
  expect((await admin.put('PractitionerRole/page-second', second)).status).toBe(201);
  const page = browser(server);
  await page.post('/sign-in', { action: 'password', login: 'lu2', password: 'demo' });
  const { text } = await page.get('/sign-in');
  expect(text).toContain('Hvor arbeider du nå?');
  expect(text).toContain('value="page-second"');
  await page.post('/sign-in', { action: 'role', role: 'page-second' });
  const before = page.cookies.get('svar-session');
  expect((await page.get('/account')).text).toContain('value="page-second" required checked');
  await page.post('/account', { action: 'role', role: 'demo-sc' });
  expect(page.cookies.get('svar-session')).toBe(before);
  await page.post('/account', { action: 'role', role: 'demo-lu2' });
  expect(page.cookies.get('svar-session')).not.toBe(before);
  expect((await page.get('/account')).text).toContain('value="demo-lu2" required checked');
});
