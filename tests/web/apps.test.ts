import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, openBrowser, type TestBrowser } from '../kit/browser.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { signedIn } from '../kit/sign-in.ts';

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await testServer({ identity: true, apps: true });
  browser = await openBrowser(server);
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

const open = async (login?: string) => browser.open(login === undefined ? {} : { who: await signedIn(server, login) });

test('the address of the server leads a patient to the patient app, staff to theirs, and everybody else to the sign-in', async () => {
  for (const [login, path] of [
    ['patient', '/patient/'],
    ['lu', '/clinician/'],
    [undefined, '/sign-in'],
  ] as const) {
    const { context, page } = await open(login);
    await page.goto('/');
    expect(new URL(page.url()).pathname).toBe(path);
    await context.close();
  }
});

test.each(['patient', 'clinician'])('the page of the %s app runs no script and no style but its own', async (app) => {
  const answer = await fetch(`${server.url}/${app}/some/deeper/address`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; ");
  expect(policy).not.toMatch(/unsafe|\*|http/);
  const page = await answer.text();
  for (const [, script] of page.matchAll(/<script[^>]*src="([^"]*)"/g)) {
    const file = await fetch(server.url + script);
    expect(file.status).toBe(200);
    expect(file.headers.get('cache-control')).toContain('immutable');
  }
  expect(page).not.toMatch(/<script(?![^>]*src=)(?![^>]*type="application\/json")/);
});

test('a nonce of the clinician app is good for one answer', async () => {
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const answer = await fetch(`${server.url}/clinician/`);
      const inPolicy = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
      expect(await answer.text()).toContain(`content="${inPolicy}"`);
      return inPolicy;
    }),
  );
  expect(nonces[0]).not.toBe(nonces[1]);
});

test('a file that is not there is not the page of the app', async () => {
  expect((await fetch(`${server.url}/patient/assets/nothing.js`)).status).toBe(404);
});

test('a page whose code did not come is there once it is asked for again', async () => {
  const { context, page } = await browser.open({ who: await signedIn(server, 'lu'), viewport: DESK });
  await page.goto('/clinician/delivered');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.route('**/clinician/assets/*', (route) => route.abort());
  await page.getByRole('link', { name: 'Pasientsøk' }).click();
  const again = page.getByRole('button', { name: 'Prøv igjen' });
  await again.waitFor();
  await page.unroute('**/clinician/assets/*');
  await again.click();
  await page.getByRole('heading', { level: 1, name: 'Pasientsøk' }).waitFor();
  await context.close();
});
