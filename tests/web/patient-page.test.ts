import type { QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditOf, told } from '../kit/audited.ts';
import { DESK, expectAccessible, openBrowser, PHONE, type TestBrowser, type Window } from '../kit/browser.ts';
import { type Course, choice, hadsItems, refer, response } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { restAs, syntheticNumber } from '../rights/kit.ts';

let server: TestServer;
let browser: TestBrowser;
let admin: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ identity: true, apps: true });
  browser = await openBrowser(server);
  admin = restAs(server.base, basic('demo-admin'));
  course = await refer(restAs(server.base, basic('demo-ehr')), { fnr: syntheticNumber(6), start: '2026-03-02' });
  await answered('hads', '2026-03-03', hadsItems('2'));
  await answered('body-map', '2026-03-04', [
    {
      linkId: 'BodyMapRegions',
      answer: ['knee-left', 'lower-back-right'].map((code) => ({
        valueCoding: { system: 'https://svar.example.org/fhir/CodeSystem/pain-region', code, display: `Sted ${code}` },
      })),
    },
  ]);
  await answered('smertereg-b12', '2026-03-03', rated('12', '8'));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function answered(form: string, day: string, items: QuestionnaireResponseItem[]): Promise<void> {
  const body = response(course, form, 'completed', items, `${day}T10:00:00+01:00`);
  const { status, body: told } = await admin.post('QuestionnaireResponse', body);
  expect([form, status, status === 201 ? '' : JSON.stringify(told)]).toEqual([form, 201, '']);
}

/** Strongest pain at rest. */
function rated(form: '12' | '21', nrs: string): QuestionnaireResponseItem[] {
  return [
    { linkId: `Regdato${form}`, answer: [{ valueDate: '2026-03-03' }] },
    choice(`AngiNRS${form}`, 'smertereg-angi-nrs', '1'),
    ...['StSmRo', 'SvSmRo', 'StSmBev', 'SvSmBev'].map((item) => choice(`${item}${form}`, 'smertereg-nrs', nrs)),
  ];
}

async function open(login: string, path: string, locale = 'nb-NO'): Promise<Window> {
  const who = await signedIn(server, login);
  const window = await browser.open({ who, viewport: DESK, acceptDownloads: true, locale });
  await window.page.goto(`/clinician/${path}`);
  await window.page.getByRole('heading', { level: 1 }).waitFor();
  return window;
}

/** The frame and the figures settle in a moment when a screen is turned or made smaller. */
async function expectRoomOnPhone(page: Page, what: string): Promise<void> {
  await page.setViewportSize(PHONE);
  const over = () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  await expect.poll(over, { timeout: 3000, message: what }).toBeLessThanOrEqual(0);
}

test('the page of a patient shows what was measured, in words and as tables, and a new score without reloading', async () => {
  const { page, context, troubles } = await open('lu', `patient/${course.patient}`);
  await page.getByRole('heading', { level: 1, name: 'Testpasient, Syntetisk' }).waitFor();
  // no name of a patient in the browser's history
  expect(await page.title()).toBe('Pasient – Svar');
  const anxiety = page.getByRole('figure').filter({ hasText: 'HADS angst' });
  await anxiety.getByText('HADS angst: 14 (sannsynlig tilfelle), målt én gang, 3. mars 2026.').waitFor();
  await page.getByText('Smerter 2 steder: sted knee-left; sted lower-back-right. (4. mars 2026)').waitFor();
  await page.getByRole('img', { name: 'Tidslinje' }).waitFor();
  const figures = page.getByRole('figure');
  const pictures = await figures.getByRole('img').count();
  expect(pictures).toBe(9);
  expect(await figures.locator('details').count()).toBe(pictures);

  // by keyboard: the disclosure is reached and opens the numbers
  await anxiety.locator('summary').focus();
  await page.keyboard.press('Enter');
  expect(await anxiety.getByRole('row').allTextContents()).toEqual([
    'DatoVerdiBetyr',
    '3. mars 202614Sannsynlig tilfelle',
  ]);
  await expectAccessible(page, "a patient's page");

  await page.getByText('Oppdateres av seg selv').waitFor();
  await answered('hads', '2026-03-10', hadsItems('1'));
  await anxiety
    .getByText(
      'HADS angst 7 (ikke tegn til lidelse), ned fra 14; bedre, og endringen er større enn den minste som betyr noe.',
    )
    .waitFor();
  await expectRoomOnPhone(page, "a patient's page on a phone");
  expect(troubles).toEqual([]);
  await context.close();
});

test('the self-rating profile is on one screen, up to date, and as a PDF', async () => {
  const { page, context, troubles } = await open('lu', `patient/${course.patient}/profile`);
  await page.getByRole('heading', { level: 1, name: 'Selvvurderingsprofil: Testpasient, Syntetisk' }).waitFor();
  await page.getByText(/^Sterkeste smerte i ro: 8, målt én gang, 3\. mars 2026\./).waitFor();
  await page.getByText('Oppdateres av seg selv').waitFor();
  await answered('smertereg-b21', '2026-03-09', rated('21', '3'));
  await page.getByText(/Sterkeste smerte i ro 3, ned fra 8; bedre\./).waitFor();
  await expectAccessible(page, 'the self-rating profile');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Last ned som PDF' }).click(),
  ]);
  // no name of a patient on the device
  expect(download.suggestedFilename()).toBe('profile.pdf');
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  const pdf = Buffer.concat(parts).toString('latin1');
  expect(pdf.startsWith('%PDF-1.7')).toBe(true);
  expect(pdf).toContain('/Lang (nb-NO)');
  await expectRoomOnPhone(page, 'the self-rating profile on a phone');
  expect(troubles).toEqual([]);
  await context.close();
});

test('the profile holds what whoever asks may read, and is audited as reading', async () => {
  const profile = `Patient/${course.patient}/$profile`;
  const lu = restAs(server.base, await signedIn(server, 'lu'));
  const elsewhere = restAs(server.base, await signedIn(server, 'lu2'));
  const { status, body } = await lu.get<{ resourceType: string; contentType: string }>(`${profile}?language=sv`, {
    accept: 'application/fhir+json',
  });
  expect([status, body.resourceType, body.contentType]).toEqual([200, 'Binary', 'application/pdf']);
  const entries = (await auditOf(server, course.patient)).map(told);
  expect(entries.at(-1)).toMatch(
    /^Practitioner\/demo-lu \| .*profile \| 200 \| Observation\/1 .*Patient\/1 .*QuestionnaireResponse\/1/,
  );
  expect((await elsewhere.get(profile)).status).toBe(404);
  expect((await lu.get(`${profile}?language=se`)).status).toBe(400);
  expect((await lu.get(`${profile}?registry=PlanDefinition/none`)).status).toBe(422);
});

test("the coordinator's pages do what they offer, and offer what the role may do", async () => {
  const { page, context, troubles } = await open('lc', 'places');
  const add = page.getByRole('form', { name: 'Legg til avdeling' });
  await add.getByLabel('Navn', { exact: true }).fill('Nevrologisk avdeling');
  await add.getByRole('button').click();
  // what is missing is told where it is, with the focus there
  await add.getByText('Fyll ut dette feltet.').waitFor();
  expect(await add.getByLabel('Kortnavn').evaluate((input) => input === document.activeElement)).toBe(true);
  await expectAccessible(page, 'places with a fault');
  await add.getByLabel('Kortnavn').fill('Nev');
  await add.getByLabel('RESH-ID').fill('99000777');
  await page.keyboard.press('Enter');
  const row = page.getByRole('row', { name: /Nevrologisk avdeling/ });
  await row.getByRole('button', { name: 'Steng Nevrologisk avdeling' }).click();
  await row.getByText('Stengt').waitFor();
  await row.getByRole('button', { name: 'Slett Nevrologisk avdeling' }).click();
  await page.keyboard.press('Enter');
  await row.waitFor({ state: 'detached' });

  for (const [menu, heading] of [
    ['Tilganger', 'Søknader om tilgang'],
    ['Lokal oversikt', 'Lokal oversikt'],
    ['Dekningsgrad', 'Dekningsgrad'],
    ['Pasienter som ikke nås', 'Pasienter som ikke nås'],
    ['Filarkiv', 'Filarkiv'],
  ] as const) {
    await page.getByRole('link', { name: menu, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.locator('main [role=status][aria-label]').waitFor({ state: 'detached' });
    await expectAccessible(page, heading);
  }
  expect(await page.getByRole('link', { name: 'Stoppede oppgaver' }).count()).toBe(0);
  expect(troubles).toEqual([]);
  await context.close();

  const sc = await open('sc', 'bots');
  await sc.page.getByText('Ingenting har stoppet.').waitFor();
  await expectAccessible(sc.page, 'parked work');
  await sc.context.close();
});

test('the local overview is for a user of the hospital too: by days that are written as the page speaks, whatever the browser does', async () => {
  const { page, context } = await open('lu', 'overview');
  const start = page.getByRole('textbox', { name: 'Fra og med' });
  const show = page.getByRole('button', { name: 'Vis', exact: true });
  await page.getByRole('heading', { level: 3, name: 'Samtykke' }).waitFor();
  expect(await start.inputValue()).toMatch(/^01\.01\.\d{4}$/);
  await start.fill('31.2.2026');
  await start.blur();
  await page.getByText('Skriv datoen slik: dd.mm.åååå').waitFor();
  await start.fill('1.1.2020');
  await show.click();
  await page.getByText('Høyst 36 måneder om gangen.').waitFor();
  await expectAccessible(page, 'the overview with a fault');
  await start.fill('01.02.2026');
  await page.getByRole('textbox', { name: 'Til og med' }).fill('31.3.2026');
  await show.click();
  // what was shown before may be of the same year
  await page.getByText('januar 2026', { exact: true }).first().waitFor({ state: 'detached' });
  await page.getByText('mars 2026', { exact: true }).first().waitFor();
  expect(await page.getByText('januar 2026', { exact: true }).count()).toBe(0);
  // what was asked for stays, and so does the focus
  expect(await show.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.getByRole('combobox', { name: 'Språk' }).selectOption('sv');
  await page.getByRole('heading', { level: 1, name: 'Lokal översikt' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Från och med' }).inputValue()).toBe('2026-02-01');
  await page.goto('/clinician/patient/nonsense');
  await page.getByRole('heading', { level: 1, name: 'Patient' }).waitFor();
  await page.getByText(/^Finns inte, eller/).waitFor();
  await expectAccessible(page, 'a patient that is not there');
  await context.close();

  const sc = await open('sc', 'overview', 'en-US');
  await sc.page.getByRole('combobox', { name: 'Language' }).selectOption('nn');
  expect(await sc.page.getByRole('textbox', { name: 'Frå og med' }).inputValue()).toMatch(/^01\.01\.\d{4}$/);
  const hospital = sc.page.getByRole('combobox', { name: 'Sjukehus' });
  await hospital.selectOption({ label: 'St. Olavs hospital' });
  const hospitals = sc.page.getByRole('heading', { level: 2 });
  await hospitals.filter({ hasText: 'St. Olavs hospital' }).waitFor();
  expect(await hospitals.count()).toBe(1);
  await sc.page.getByRole('link', { name: 'Systeminfo' }).click();
  await sc.page.getByText(/^Svar \d/).waitFor();
  await sc.page.getByRole('cell', { name: 'Behandlerdel 1.1 (B1.1)' }).waitFor();
  await expectAccessible(sc.page, 'system information');
  await sc.context.close();
});
