import type { Encounter, EpisodeOfCare, Patient, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, expectAccessible, openBrowser, type TestBrowser, type Window } from '../kit/browser.ts';
import { type Course, choice, date, refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { basic, type Credentials, signedIn } from '../kit/sign-in.ts';
import { nationalCourse, restAs, syntheticNumber } from '../rights/kit.ts';
import { keys } from './course-kit.ts';

const NOW = '2026-03-02T08:00:00+01:00';
const SAVED = '2026-03-02T09:00:00+01:00';
const [NATIONAL, MOVED, EARLY, DELIVERED, UNKNOWN, MISTAKEN] = [21, 22, 23, 24, 25, 26].map(syntheticNumber) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

let server: TestServer;
let browser: TestBrowser;
let lu: Credentials;
let lc: Credentials;
let staff: Rest;
let national: Course;
let moved: Course;

beforeAll(async () => {
  server = await testServer({ identity: true, apps: true, testClock: NOW });
  browser = await openBrowser(server);
  const ehr = restAs(server.base, basic('demo-ehr'));
  [lu, lc] = [await signedIn(server, 'lu'), await signedIn(server, 'lc')];
  staff = restAs(server.base, lu);
  national = await nationalCourse(ehr, { fnr: NATIONAL });
  moved = await refer(ehr, { fnr: MOVED, start: '2026-02-10' });
  const early = await refer(ehr, { fnr: EARLY, start: '2026-01-05' });
  const delivered = await refer(ehr, { fnr: DELIVERED, start: '2026-02-20' });
  // in the worklist is what somebody registers: a saved TO
  await save(moved, 'smertereg-to', 'in-progress', begun('2026-02-10', { Tilsett: '1' }));
  // meets the criteria, and was not asked for consent yet
  const asked = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' };
  await save(early, 'smertereg-to', 'in-progress', begun('2026-01-05', asked));
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

async function open(path: string, heading: string, who = lu): Promise<Window> {
  const window = await browser.open({ who, viewport: DESK });
  await window.page.clock.setFixedTime(new Date(NOW));
  await window.page.goto(`/clinician/${path}`);
  await window.page.getByRole('heading', { level: 1, name: heading }).waitFor();
  return window;
}

const line = (page: Page, number: string) => page.locator('tbody tr', { hasText: number });
const numbers = (page: Page) => page.locator('tbody tr th .under').allTextContents();
const more = (page: Page, number: string) =>
  line(page, number).getByRole('button', { name: 'Handlinger for Testpasient, ' });
const act = (page: Page, name: string) => page.getByRole('menuitem', { name });

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
  await line(page, MOVED).getByRole('cell', { name: 'Kir', exact: true }).waitFor();
  await save(national, 'smertereg-b11', 'in-progress', [date('RegDato11', '2026-03-02')]);
  await line(page, NATIONAL).getByText(': Under utfylling').waitFor();
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
  await line(page, EARLY).waitFor();

  // lists lie about on paper: a number ends with the day of birth there
  await page.emulateMedia({ media: 'print' });
  expect(await line(page, EARLY).locator('.number-rest').isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  expect(await line(page, EARLY).locator('.number-rest').isVisible()).toBe(true);

  await page.getByRole('link', { name: 'Innleverte' }).click();
  await line(page, DELIVERED).waitFor();
  expect(await numbers(page)).toEqual([DELIVERED]);
  await expectAccessible(page, 'what is delivered');
  // the patient is 56 years old
  for (const [field, outside, within] of [
    ['Startet fra og med', '21.02.2026', '20.02.2026'],
    ['Startet til og med', '19.02.2026', '20.02.2026'],
    ['Alder fra', '57', '56'],
    ['Alder til', '55', '56'],
  ] as const) {
    await page.getByLabel(field, { exact: true }).fill(outside);
    await page.getByText('Ingen forløp er innlevert i denne perioden.').waitFor();
    await page.getByLabel(field, { exact: true }).fill(within);
    await line(page, DELIVERED).waitFor();
  }
  await page.getByLabel('Alder fra').fill('99');
  await line(page, DELIVERED).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Nullstill' }).click();
  await line(page, DELIVERED).waitFor();
  expect(await page.getByLabel('Startet fra og med', { exact: true }).inputValue()).toBe('');
  expect(troubles).toEqual([]);
  await context.close();
});

test("the patients' forms of all courses are seen, sorted, ordered by keyboard and closed by mouse from their list", async () => {
  const { page, context, troubles } = await open('patient-forms', 'Pasientregistreringer');
  await line(page, NATIONAL).getByRole('link', { name: 'HADS: Bestilt' }).waitFor();
  expect(await line(page, EARLY).getByRole('link', { name: 'HADS: Samtykke ikke innhentet ennå' }).count()).toBe(1);
  // no other course has forms for its patient
  expect(await numbers(page)).toEqual([NATIONAL, EARLY]);
  await expectAccessible(page, "the patients' forms");

  const hads = page.getByRole('columnheader', { name: 'HADS' });
  await hads.getByRole('button').focus();
  await page.keyboard.press('Enter');
  expect(await hads.getAttribute('aria-sort')).toBe('ascending');
  expect(await numbers(page)).toEqual([EARLY, NATIONAL]);
  await page.getByLabel('Pasientskjema er').selectOption('Bestilt');
  await line(page, EARLY).waitFor({ state: 'detached' });
  expect(await numbers(page)).toEqual([NATIONAL]);
  await page.getByRole('button', { name: 'Nullstill' }).click();
  await line(page, EARLY).waitFor();

  await page.evaluate('window.notReloaded = true');
  await more(page, NATIONAL).focus();
  await page.keyboard.press('Enter');
  await act(page, 'Bestill HADS nå …').waitFor();
  await expectAccessible(page, 'the acts of a line');
  await page.keyboard.press('Escape');
  await act(page, 'Bestill HADS nå …').waitFor({ state: 'detached' });
  await page.locator('.line-more:focus').waitFor();
  await page.keyboard.press('Enter');
  await act(page, 'Bestill HADS nå …').waitFor();
  for (let presses = 0; presses < 9; presses += 1) {
    await page.keyboard.press('ArrowDown');
    if (await page.locator('[role=menuitem]:focus', { hasText: 'Bestill HADS' }).count()) break;
  }
  await page.locator('[role=menuitem]:focus', { hasText: 'Bestill HADS' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Bestill HADS' }).waitFor();
  // of hundreds of lines, whose it was
  await page.getByRole('dialog').getByText(`Testpasient, Syntetisk ${NATIONAL}`).waitFor();
  await expectAccessible(page, 'an order from a line');
  await keys(page).press('Bestill skjema');
  await page.getByRole('status').getByText('HADS er bestilt.').waitFor();
  await line(page, NATIONAL).getByRole('link', { name: 'HADS: Sendt' }).waitFor();
  await page.locator('.line-more:focus').waitFor();

  await more(page, EARLY).click();
  await act(page, 'Besvar alle og ferdigstill …').waitFor();
  // a form that may not be sent is not offered
  expect(await act(page, 'Bestill HADS nå …').count()).toBe(0);
  await act(page, 'Besvar alle og ferdigstill …').click();
  await page.getByRole('dialog').getByRole('radio', { name: 'Manglende samtykke' }).check();
  await page.getByRole('button', { name: 'Ferdigstill alle' }).click();
  await line(page, EARLY).getByRole('link', { name: 'Opioidskjema: Lukket ubesvart' }).waitFor();
  await more(page, EARLY).click();
  await act(page, 'Pasienthistorikk').waitFor();
  for (const gone of ['Stopp utsending …', 'Besvar alle og ferdigstill …', 'Flytt pasienten …']) {
    expect(await act(page, gone).count(), gone).toBe(0);
  }
  await page.keyboard.press('Escape');
  expect(await page.evaluate('window.notReloaded')).toBe(true);
  await line(page, NATIONAL).getByRole('link', { name: 'Pasientregistrering: ' }).click();
  await page.getByRole('heading', { level: 2, name: 'Pasientregistrering' }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/clinician/course/${national.episode}/form/PASREG`);
  expect(troubles).toEqual([]);
  await context.close();
});

test('from a line of the worklist a patient is moved, registered anew and described, and what was begun by mistake is removed', async () => {
  const mistaken = await refer(restAs(server.base, basic('demo-ehr')), { fnr: MISTAKEN, start: '2026-03-01' });
  await save(mistaken, 'smertereg-to', 'in-progress', begun('2026-03-01', { Tilsett: '1' }));
  const { page, context, troubles } = await open('', 'Arbeidsliste', lc);
  await more(page, NATIONAL).click();
  await act(page, 'Flytt pasienten …').waitFor();
  // a form of it is locked
  expect(await act(page, 'Slett forløpet …').count()).toBe(0);
  await page.keyboard.press('Escape');

  await more(page, MISTAKEN).click();
  await act(page, 'Flytt pasienten …').click();
  await page.getByRole('dialog').getByLabel('Avdeling').selectOption({ index: 1 });
  await page.getByRole('dialog').getByRole('button', { name: 'Flytt', exact: true }).click();
  await page.getByRole('status').getByText('Pasienten er flyttet.').waitFor();
  await line(page, MISTAKEN)
    .getByRole('cell')
    .nth(3)
    .getByText(/^[^–]+$/)
    .waitFor();

  await more(page, MISTAKEN).click();
  await act(page, 'Ny registrering').click();
  await page.getByRole('main').getByRole('heading', { name: 'Testpasient, Syntetisk' }).waitFor();
  expect(await page.getByRole('main').locator(`a[href$="/course/${mistaken.episode}"]`).count()).toBe(1);
  await page.goBack();
  await more(page, MISTAKEN).click();
  await act(page, 'Personopplysninger (PO)').click();
  await page.waitForURL(`**/course/${mistaken.episode}/form/PO`);
  await page.goBack();

  await more(page, MISTAKEN).click();
  await act(page, 'Slett forløpet …').click();
  await page.getByRole('dialog').getByRole('checkbox').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Slett forløpet' }).click();
  await line(page, MISTAKEN).waitFor({ state: 'detached' });
  await page.getByRole('status').getByText('Forløpet er slettet.').waitFor();
  expect((await staff.get(`EpisodeOfCare/${mistaken.episode}`)).status).toBe(410);
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
  await page.getByText('Følger av nummeret.').waitFor();
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

  // without a number of the country: the birth date is asked, as nothing else tells it
  const other = async (day: string, written = '') => {
    await page.getByRole('link', { name: 'Ny registrering' }).click();
    // the page takes the focus as it is come to, and would take it from a field that is being filled in
    await page.locator('h1:focus').waitFor();
    await page.getByRole('radio', { name: 'Annet' }).check();
    await page.getByLabel('Annet nummer').fill(written);
    await page.getByLabel('Født', { exact: true }).fill(day);
    await look.click();
  };
  await other('', NATIONAL);
  await page.getByText('Dette er et norsk nummer').waitFor();
  await other('');
  await page.getByText('Skriv inn fødselsdatoen.').waitFor();
  await page.locator('input[aria-invalid=true]:focus').waitFor();
  await expectAccessible(page, 'a new course without a birth date');
  await other('4.5.1980', 'AB 1234');
  await page.getByRole('heading', { name: 'Ny pasient' }).waitFor();
  await page.locator('h2:focus').waitFor();
  await page.getByLabel('Etternavn').fill('Testpasient');
  await page.getByLabel('Fornavn').fill('Nummerløs');
  await begin.click();
  await page.getByRole('heading', { level: 1, name: 'Testpasient, Nummerløs' }).waitFor();
  const [, abroad] = /course\/([^/]+)$/.exec(page.url()) ?? [];

  // the number is forgotten the next time: the birth date leads to the one who was here
  await other('04.05.1980');
  await page.getByRole('heading', { name: 'Er det en av disse?' }).waitFor();
  await expectAccessible(page, 'who it may be');
  await page.getByRole('radio', { name: 'Testpasient, Nummerløs, 4.5.1980, AB 1234' }).check();
  expect(await page.getByRole('main').locator(`a[href$="/course/${abroad}"]`).count()).toBe(1);
  await begin.click();
  await page.getByRole('heading', { level: 1, name: 'Testpasient, Nummerløs' }).waitFor();
  const { body: again } = await staff.get<EpisodeOfCare>(
    `EpisodeOfCare/${new URL(page.url()).pathname.split('/').at(-1)}`,
  );
  const { body: before } = await staff.get<EpisodeOfCare>(`EpisodeOfCare/${abroad}`);
  expect(again.patient).toEqual(before.patient);
  const { body: patient } = await staff.get<Patient>(`${again.patient.reference}`);
  expect(patient).toMatchObject({ birthDate: '1980-05-04', identifier: [{ value: 'AB 1234' }] });

  // whom somebody else registered without it, as a record system may
  const { birthDate: _, ...unknown } = patient;
  expect((await staff.put(`Patient/${patient.id}`, unknown)).status).toBe(200);
  await page.reload();
  await page.getByRole('button', { name: 'Registrer fødselsdato …' }).click();
  await page.getByRole('dialog').getByLabel('Født', { exact: true }).fill('4.5.1980');
  await expectAccessible(page, 'a birth date that was not known');
  await page.getByRole('dialog').getByRole('button', { name: 'Registrer', exact: true }).click();
  await page.getByText('Fødselsdatoen er registrert.').waitFor();
  expect((await staff.get<Patient>(`Patient/${patient.id}`)).body.birthDate).toBe('1980-05-04');
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
  expect((await menu.allTextContents()).slice(0, 5)).toEqual([
    'Arbeidsliste',
    'Pasientregistreringer',
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
