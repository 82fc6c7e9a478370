import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, openBrowser, type TestBrowser } from '../kit/browser.ts';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { restAs, syntheticNumber } from '../rights/kit.ts';

let server: TestServer;
let browser: TestBrowser;
let course: Course;

beforeAll(async () => {
  server = await testServer({ identity: true, apps: true });
  browser = await openBrowser(server);
  course = await refer(restAs(server.base, basic('demo-ehr')), { fnr: syntheticNumber(6), start: '2026-03-02' });
  const seen = toItems({ Tilsett: '1', Norsktalende: '1', KognSvekket: '0' });
  const saved = response(course, 'smertereg-to', 'in-progress', seen, '2026-03-02T09:00:00+01:00');
  expect((await restAs(server.base, basic('demo-admin')).post('QuestionnaireResponse', saved)).status).toBe(201);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('components of @medplum/react, as they come, show what the server has, and ask it for no schema', async () => {
  const { page, context, troubles } = await browser.open({ who: await signedIn(server, 'lu'), viewport: DESK });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));

  await page.goto('/clinician/stock/Patient');
  await page.getByRole('row').filter({ hasText: 'Testpasient' }).click();
  await page.waitForURL(`**/stock/Patient/${course.patient}`);
  await page.locator('main').getByText('Syntetisk Testpasient').waitFor();

  await page.goto(`/clinician/stock/Patient/${course.patient}/history`);
  await page.getByRole('row').nth(1).waitFor();
  expect(await page.getByRole('row').count()).toBe(2);

  const admin = restAs(server.base, basic('demo-admin'));
  const { body } = await admin.get<{ entry: { resource: { id: string } }[] }>('Questionnaire?name=Hads');
  const form = body.entry[0]?.resource.id ?? '';
  await page.goto(`/clinician/stock/Questionnaire/${form}/form`);
  await page.getByRole('radio').first().waitFor();
  expect(await page.getByRole('radio').count()).toBe(14 * 5);

  expect(asked.some((url) => url.includes('/fhir/R4/'))).toBe(true);
  expect(asked.filter((url) => url.includes('$graphql'))).toEqual([]);
  expect(troubles).toEqual([]);
  await context.close();
});

test('SignInForm of @medplum/react signs in where the page names a server to sign in to by tokens', async () => {
  // SignInForm takes addresses of e-mail alone
  const login = 'lu@example.org';
  await server.identity?.accounts.addDemo({ login, fhirUser: 'Practitioner/demo-lu', password: 'demo' });
  const { page, context } = await browser.open({ viewport: DESK });
  await page.route('**/clinician/', async (route) => {
    const answer = await route.fetch();
    const html = (await answer.text()).replace(/(<meta name="fhir-server" content=")"/, `$1${server.url}"`);
    await route.fulfill({ response: answer, body: html });
  });
  await page.goto('/clinician/');
  await page.getByRole('textbox', { name: /Email/ }).fill(login);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel(/Password/).fill('demo');
  await page.getByRole('button', { name: 'Sign In', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Arbeidsliste' }).waitFor();
  await page.getByText('Haukeland universitetssjukehus').first().waitFor();
  await page.getByRole('row').filter({ hasText: 'Testpasient' }).waitFor();
  expect((await context.cookies()).map(({ name }) => name)).toEqual([]);
  await context.close();
});
