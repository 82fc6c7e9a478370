import type { Encounter, EpisodeOfCare, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, expectAccessible, openBrowser, type TestBrowser, type Window } from '../kit/browser.ts';
import { type Course, choice, date, refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { basic, type Credentials, signedIn } from '../kit/sign-in.ts';
import { nationalCourse, restAs, syntheticNumber } from '../rights/kit.ts';

const NOW = '2026-03-02T08:00:00+01:00';
const SAVED = '2026-03-02T09:00:00+01:00';
const [NATIONAL, MOVED, EARLY, DELIVERED, UNKNOWN] = [21, 22, 23, 24, 25].map(syntheticNumber) as [
  string,
  string,
  string,
  string,
  string,
];

let server: TestServer;
let browser: TestBrowser;
let lu: Credentials;
let staff: Rest;
let national: Course;
let moved: Course;

beforeAll(async () => {
  server = await testServer({ identity: true, apps: true, testClock: NOW });
  browser = await openBrowser(server);
  const ehr = restAs(server.base, basic('demo-ehr'));
  lu = await signedIn(server, 'lu');
  staff = restAs(server.base, lu);
  national = await nationalCourse(ehr, { fnr: NATIONAL });
  moved = await refer(ehr, { fnr: MOVED, start: '2026-02-10' });
  const early = await refer(ehr, { fnr: EARLY, start: '2026-01-05' });
  const delivered = await refer(ehr, { fnr: DELIVERED, start: '2026-02-20' });
  // in the worklist is what somebody registers: a saved TO
  await save(moved, 'smertereg-to', 'in-progress', begun('2026-02-10', { Tilsett: '1' }));
  await save(early, 'smertereg-to', 'in-progress', begun('2026-01-05', { Tilsett: '1' }));
  const notSeen = { Tilsett: '2', Norsktalende: '1', KognSvekket: '0' };
  await save(delivered, 'smertereg-to', 'completed', begun('2026-02-20', notSeen));
  await save(delivered, 'smertereg-b11', 'completed', [
    date('RegDato11', '2026-02-20'),
    {
      linkId: 'Innlagt',
      item: [
        { linkId: 'Lokasjon', answer: [{ valueReference: { reference: 'Location/haukeland-bygg' } }] },
        { linkId: 'InnlAvd', answer: [{ valueReference: { reference: 'Organization/haukeland-kirurgi' } }] },
      ],
    },
    ...['TidligereRus', 'PaagaaRus', 'LAR'].map((linkId) => choice(linkId, 'smertereg-nei-ja-usikker', '0')),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** TO of a course that began on a day. */
function begun(day: string, answers: ToAnswers): QuestionnaireResponseItem[] {
  const days: readonly string[] = ['HenvistDato', 'StartdatoTO'];
  return toItems(answers).map((item) => (days.includes(item.linkId) ? date(item.linkId, day) : item));
}

async function save(
  course: Course,
  form: string,
  status: 'in-progress' | 'completed',
  items: QuestionnaireResponseItem[],
): Promise<void> {
  const { status: told, body } = await staff.post(
    'QuestionnaireResponse',
    response(course, form, status, items, SAVED),
  );
  expect([told, told === 201 ? '' : JSON.stringify(body)]).toEqual([201, '']);
}

async function open(path: string, heading: string): Promise<Window> {
  const window = await browser.open({ who: lu, viewport: DESK });
  await window.page.clock.setFixedTime(new Date(NOW));
  await window.page.goto(`/clinician/${path}`);
  await window.page.getByRole('heading', { level: 1, name: heading }).waitFor();
  return window;
}

const line = (page: Page, number: string) => page.locator('tbody tr', { hasText: number });
const numbers = (page: Page) => page.locator('tbody tr th .under').allTextContents();

test('the worklist tells states as text, is sorted by keyboard, filtered, and follows what others register', async () => {
  const { page, context, troubles } = await open('', 'Arbeidsliste');
  await line(page, MOVED).waitFor();
  const told = await line(page, NATIONAL).textContent();
  expect(told).toContain('TO: Ferdigstilt');
  expect(told).toContain('B11: Tom');
  expect(await line(page, MOVED).textContent()).toContain('TO: Under utfylling');
  expect(await line(page, NATIONAL).getByRole('cell').nth(1).textContent()).toBe('Ja');
  expect(await line(page, NATIONAL).getByRole('cell').nth(2).textContent()).toContain('Nasjonalt');
  // what is delivered is worked on no more
  expect(await numbers(page)).toEqual([NATIONAL, MOVED, EARLY]);
  await expectAccessible(page, 'the worklist');

  const started = page.getByRole('columnheader', { name: 'Startdato' });
  expect(await started.getAttribute('aria-sort')).toBe('descending');
  await started.getByRole('button').focus();
  await page.keyboard.press('Enter');
  expect(await started.getAttribute('aria-sort')).toBe('ascending');
  expect(await numbers(page)).toEqual([EARLY, MOVED, NATIONAL]);
  await page.keyboard.press('Space');
  expect(await started.getAttribute('aria-sort')).toBe('descending');

  // as another person at another place works: no reload
  await page.evaluate('window.notReloaded = true');
  const stay: Encounter = {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${moved.patient}` },
    episodeOfCare: [{ reference: `EpisodeOfCare/${moved.episode}` }],
    serviceProvider: { reference: 'Organization/haukeland-kirurgi' },
    location: [{ location: { reference: 'Location/haukeland-bygg' }, status: 'active' }],
  };
  expect((await staff.post('Encounter', stay)).status).toBe(201);
  await line(page, MOVED).getByRole('cell', { name: 'Kir', exact: true }).waitFor({ timeout: 8000 });
  await save(national, 'smertereg-b11', 'in-progress', [date('RegDato11', '2026-03-02')]);
  await line(page, NATIONAL).getByText(': Under utfylling').waitFor({ timeout: 8000 });
  expect(await page.evaluate('window.notReloaded')).toBe(true);

  await page.getByLabel('Avdeling', { exact: true }).selectOption('Kir');
  await line(page, NATIONAL).waitFor({ state: 'detached' });
  expect(await numbers(page)).toEqual([MOVED]);
  await page.getByText('Viser 1 av 3 forløp').waitFor();
  await page.getByRole('button', { name: 'Nullstill' }).click();
  await page.getByLabel('Navn, fødselsnummer eller forløp').fill(EARLY);
  await line(page, NATIONAL).waitFor({ state: 'detached' });
  expect(await numbers(page)).toEqual([EARLY]);
  await page.getByLabel('Navn, fødselsnummer eller forløp').fill('finnes ikke');
  await page.getByText('Ingen forløp passer med det du har valgt.').waitFor();
  await page.getByRole('button', { name: 'Nullstill' }).click();

  await page.getByRole('link', { name: 'Innleverte' }).click();
  await line(page, DELIVERED).waitFor();
  expect(await numbers(page)).toEqual([DELIVERED]);
  await expectAccessible(page, 'what is delivered');
  await page.getByLabel('Startet til og med').fill('2026-02-19');
  await page.getByText('Ingen forløp er innlevert i denne perioden.').waitFor();
  expect(troubles).toEqual([]);
  await context.close();
});

test('a course is begun for who is known, who is not, and who has no number', async () => {
  const { page, context, troubles } = await open('new', 'Ny registrering');
  const number = page.getByLabel('Fødselsnummer eller D-nummer');
  const look = page.getByRole('button', { name: 'Søk' });
  const begin = page.locator('form').nth(1).getByRole('button', { name: 'Ny registrering' });
  await number.fill('12345678901');
  await look.click();
  await page.getByText('Nummeret er ikke gyldig').waitFor();
  expect(await number.getAttribute('aria-invalid')).toBe('true');
  await expectAccessible(page, 'a new course with a wrong number');

  await number.fill(NATIONAL);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Testpasient, Syntetisk' }).waitFor();
  const earlier = page.getByRole('main').getByRole('link', { name: national.episode });
  expect(await earlier.getAttribute('href')).toBe(`/clinician/course/${national.episode}`);
  await expectAccessible(page, 'a new course of a known patient');

  await number.fill(UNKNOWN);
  await look.click();
  await page.getByRole('heading', { name: 'Ny pasient' }).waitFor();
  await begin.click();
  await page.getByText('Skriv inn etternavnet.').waitFor();
  await expectAccessible(page, 'a new course of a new patient');
  await page.getByLabel('Etternavn').fill('Testpasient');
  await page.getByLabel('Fornavn').fill('Ukjent');
  await page.getByLabel('Født').fill('1969-11-13');
  await begin.click();
  await page.getByRole('heading', { level: 1, name: 'Testpasient, Ukjent' }).waitFor();
  const course = new URL(page.url()).pathname.match(/^\/clinician\/course\/([^/]+)$/)?.[1];
  const { body } = await staff.get<EpisodeOfCare>(`EpisodeOfCare/${course}`);
  expect(body).toMatchObject({
    status: 'active',
    managingOrganization: { reference: 'Organization/haukeland' },
    period: { start: '2026-03-02' },
  });
  expect(body.referralRequest).toHaveLength(1);

  await page.getByRole('link', { name: 'Ny registrering' }).click();
  await look.click();
  await page.getByLabel('Etternavn').fill('Testpasient');
  await page.getByLabel('Fornavn').fill('Nummerløs');
  await begin.click();
  await page.getByRole('heading', { level: 1, name: 'Testpasient, Nummerløs' }).waitFor();
  expect(troubles).toEqual([]);
  await context.close();
});

test('a patient is found by name, number, patient id and course id', async () => {
  const { page, context, troubles } = await open('search', 'Pasientsøk');
  const box = page.getByLabel('Navn, fødselsnummer, pasient-ID eller forløps-ID');
  const patients = page.locator('tbody th a');
  for (const text of [NATIONAL, national.patient, national.episode]) {
    await box.fill(text);
    await page.keyboard.press('Enter');
    await page.getByText('1 pasient funnet').waitFor();
    expect(await patients.getAttribute('href'), text).toBe(`/clinician/patient/${national.patient}`);
    expect(await page.getByRole('cell').getByRole('link', { name: national.episode }).count(), text).toBe(1);
    await box.fill('finnes ikke');
    await page.keyboard.press('Enter');
    await page.getByText('Ingen pasient ble funnet.').waitFor();
  }
  await box.fill('testpas');
  await page.keyboard.press('Enter');
  await page.getByText(/pasienter funnet/).waitFor();
  expect(await patients.count()).toBeGreaterThanOrEqual(4);
  await expectAccessible(page, 'the search');
  expect(troubles).toEqual([]);
  await context.close();
});

test("the coordinator's pages are neither offered to a user of the hospital nor opened by address, and the server refuses their work", async () => {
  const { page, context, troubles } = await open('places', 'Ikke for din rolle');
  await page.getByText(/har ikke tilgang til denne siden/).waitFor();
  const menu = page.getByRole('navigation').getByRole('link');
  expect((await menu.allTextContents()).slice(0, 4)).toEqual([
    'Arbeidsliste',
    'Ny registrering',
    'Pasientsøk',
    'Innleverte',
  ]);
  for (const name of ['Avdelinger og lokasjoner', 'Tilganger', 'Dekningsgrad', 'Pasienter som ikke nås']) {
    expect(await page.getByRole('link', { name }).count(), name).toBe(0);
  }
  for (const path of ['access', 'coverage', 'reach', 'bots']) {
    await page.goto(`/clinician/${path}`);
    await page.getByRole('heading', { level: 1, name: 'Ikke for din rolle' }).waitFor();
  }
  const hospital = { reference: 'Organization/haukeland' };
  for (const place of [
    { resourceType: 'Organization', name: 'Ny avdeling', active: true, partOf: hospital },
    { resourceType: 'Location', name: 'Nytt bygg', status: 'active', managingOrganization: hospital },
  ] as const) {
    expect((await staff.post(place.resourceType, place)).status, place.resourceType).toBe(403);
  }
  expect(troubles).toEqual([]);
  await context.close();
});
