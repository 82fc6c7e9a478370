import type { Bundle, Consent, Encounter, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, expectAccessible, openBrowser, type TestBrowser, type Window } from '../kit/browser.ts';
import { type Course, choice, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { basic, type Credentials, signedIn, signedInAs } from '../kit/sign-in.ts';
import { nationalCourse, restAs, syntheticNumber } from '../rights/kit.ts';
import { type Hand, mouse, question, saved, stands } from './course-kit.ts';

const NOW = '2026-03-02T08:00:00+01:00';

let server: TestServer;
let browser: TestBrowser;
let ehr: Rest;
let all: Rest;
/** Signed in once, as the tests run side by side. */
let people: Readonly<Record<'lu' | 'lc' | 'sc', Credentials>>;

beforeAll(async () => {
  server = await testServer({ identity: true, apps: true, testClock: NOW });
  browser = await openBrowser(server);
  ehr = restAs(server.base, basic('demo-ehr'));
  all = restAs(server.base, basic('demo-admin'));
  people = {
    lu: await signedIn(server, 'lu'),
    lc: await signedIn(server, 'lc'),
    sc: await signedIn(server, 'sc'),
  };
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** The course's page, as somebody with a role sees it. */
async function openAs(login: 'lu' | 'lc' | 'sc', { episode }: Course): Promise<Window & { readonly hand: Hand }> {
  const window = await browser.open({ who: people[login], viewport: DESK });
  await window.page.clock.setFixedTime(new Date(NOW));
  await window.page.goto(`/clinician/course/${episode}`);
  await window.page.getByRole('heading', { level: 1, name: 'Testpasient, Syntetisk' }).waitFor();
  return { ...window, hand: mouse(window.page) };
}

/** What the server has stored, whoever may see it. */
async function stored<T extends Resource>(query: string): Promise<T[]> {
  const { status, body } = await all.get<Bundle<T>>(query);
  expect(status, query).toBe(200);
  return (body.entry ?? []).flatMap(({ resource }) => resource ?? []);
}

async function orderOf({ episode }: Course, form: string): Promise<Task> {
  const url = `https://svar.example.org/fhir/Questionnaire/${form}`;
  const [order] = await stored<Task>(`Task?focus=EpisodeOfCare/${episode}&questionnaire=${url}`);
  if (order === undefined) throw new Error(`${form} is not ordered`);
  return order;
}

const stateOf = ({ businessStatus }: Task) => businessStatus?.coding?.[0]?.code;

const answersTo = ({ referral }: Course, form: string) =>
  stored<QuestionnaireResponse>(
    `QuestionnaireResponse?based-on=ServiceRequest/${referral}&questionnaire=https://svar.example.org/fhir/Questionnaire/${form}`,
  );

test.concurrent('the patient is moved, an order gets a note, a form comes back on paper, the rest is stopped and one opened again', async () => {
  const course = await nationalCourse(ehr, { fnr: syntheticNumber(11) });
  const { page, hand, context } = await openAs('lu', course);
  const dialog: Locator = page.getByRole('dialog');
  await stands(page, 'HADS', 'Bestilt');

  // where the patient lies: the course's Encounter, made once
  for (const ward of ['Medisinsk avdeling', 'Kirurgisk avdeling']) {
    await hand.press('Flytt pasienten …');
    if (ward.startsWith('Med')) {
      await expectAccessible(page, 'moving the patient');
      await dialog.getByLabel('Lokasjon').selectOption({ label: 'Testbygg A' });
    }
    await dialog.getByLabel('Avdeling').selectOption({ label: ward });
    await hand.press('Flytt');
    await page.locator('.course-facts', { hasText: ward }).waitFor();
  }
  const lies = await stored<Encounter>(`Encounter?episode-of-care=EpisodeOfCare/${course.episode}`);
  expect(lies).toMatchObject([
    {
      status: 'in-progress',
      serviceProvider: { reference: 'Organization/haukeland-kirurgi' },
      location: [{ location: { reference: 'Location/haukeland-bygg' }, status: 'active' }],
    },
  ]);

  await hand.press('Kommentar: HADS');
  await dialog.getByLabel('Kommentar', { exact: true }).fill('Trenger briller');
  await expectAccessible(page, 'an internal comment');
  await hand.press('Legg til');
  await page.locator('tr[data-form=HADS]', { hasText: 'Trenger briller' }).waitFor();
  expect((await orderOf(course, 'hads')).note).toMatchObject([
    { text: 'Trenger briller', authorReference: { reference: 'Practitioner/demo-lu' } },
  ]);

  // what the patient has begun is theirs: staff see none of it, and their entry from paper is another response
  const hads = await orderOf(course, 'hads');
  await hand.press('Bestill nå: HADS');
  await hand.press('Bestill skjema');
  await stands(page, 'HADS', 'Sendt');
  const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${course.patient}` }));
  const draft = await patient.post<QuestionnaireResponse>('QuestionnaireResponse', {
    ...response(course, 'hads', 'in-progress', [choice('HADSSpm1', 'hads-svar', '3')], NOW),
    identifier: { system: 'https://svar.example.org/fhir/sid/response-of-order', value: hads.id },
  });
  expect(draft.status).toBe(201);
  await hand.go(/HADS/);
  await question(page, 'HADSSpm1').waitFor();
  expect(await page.locator('.course-form-body :checked').count()).toBe(0);
  await hand.go('Oversikt');
  // nobody here sees that it is begun: the server tells so where it matters, in the page's words
  await hand.press('Besvar alle og ferdigstill …');
  await hand.pick('Annet');
  await hand.press('Ferdigstill alle');
  await dialog
    .getByRole('alert')
    .getByText(/er påbegynt/)
    .waitFor();
  await hand.press('Avbryt');

  const print = await page.getByRole('link', { name: 'Skriv ut: Pasientregistrering' }).getAttribute('href');
  // as a browser says of a link of the same page
  const printed = await page.request.get(print ?? '', {
    headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html,*/*;q=0.8' },
  });
  expect([printed.status(), printed.headers()['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await printed.text()).toContain('<title>Pasientregistrering</title>');

  await page.getByRole('link', { name: 'Fyll inn fra papir: Pasientregistrering' }).click();
  await question(page, 'DatoUfylPR').waitFor();
  await expectAccessible(page, 'entry from paper');
  await hand.day('DatoUfylPR', '2.3.2026');
  await hand.press('Lagre');
  await saved(page);
  await stands(page, 'Pasientregistrering', 'Fylles ut fra papir');
  await hand.press('Ferdigstill og lås');
  await stands(page, 'Pasientregistrering', 'Besvart');
  await expectAccessible(page, 'an answered form of the patient');
  const [pasreg, ...more] = await answersTo(course, 'smertereg-pasreg');
  expect(more).toEqual([]);
  expect([pasreg?.status, pasreg?.item?.map(({ linkId }) => linkId)]).toEqual(['completed', ['DatoUfylPR']]);

  // the patient's page names the answer, the course's page the form
  await page.goto(`/clinician/course/${course.episode}/form/${pasreg?.id}`);
  await page.waitForURL(/\/form\/PASREG$/);

  await hand.go('Oversikt');
  await hand.press('Stopp utsending …');
  await expectAccessible(page, 'stopping');
  await hand.press('Stopp utsending');
  await dialog.getByText('Velg en årsak.').waitFor();
  await hand.pick(/Kritisk syk/);
  await hand.press('Stopp utsending');
  await stands(page, 'HADS', 'Lukket ubesvart');
  for (const form of ['hads', 'smertereg-eval', 'smertereg-opioid']) {
    const order = await orderOf(course, form);
    expect([stateOf(order), order.statusReason?.coding?.[0]?.code], form).toEqual(['closed', '3']);
  }
  expect((await answersTo(course, 'hads')).map(({ status }) => status)).toEqual(['stopped']);
  expect(await page.getByRole('button', { name: /^Lås opp/ }).count()).toBe(0);

  const lc = await openAs('lc', course);
  await lc.hand.press('Lås opp: HADS');
  await expectAccessible(lc.page, 'opening a closed form');
  await lc.hand.press('Lås opp');
  await stands(lc.page, 'HADS', 'Fylles ut fra papir');
  await lc.hand.go(/HADS/);
  await question(lc.page, 'HADSSpm1').locator('label.option').first().click();
  await lc.hand.press('Lagre');
  await saved(lc.page);
  expect((await answersTo(course, 'hads')).map(({ status }) => status).toSorted()).toEqual(['in-progress', 'stopped']);
  for (const window of [context, lc.context]) await window.close();
}, 60_000);

test.concurrent('without consent all forms of the patient are answered together, for one reason', async () => {
  const course = await refer(ehr, { fnr: syntheticNumber(12) });
  const answers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' };
  await ehr.post('QuestionnaireResponse', response(course, 'smertereg-to', 'in-progress', toItems(answers), NOW));
  const { page, hand, context } = await openAs('lu', course);
  await hand.press('Besvar alle og ferdigstill …');
  await expectAccessible(page, 'answering all');
  await hand.pick('Manglende samtykke');
  await hand.press('Ferdigstill alle');
  await stands(page, 'Opioid', 'Lukket ubesvart');
  for (const form of ['smertereg-pasreg', 'hads', 'smertereg-eval', 'smertereg-opioid']) {
    const order = await orderOf(course, form);
    expect([stateOf(order), order.statusReason?.coding?.[0]?.code], form).toEqual(['closed', '5']);
  }

  // what is known of the patient stands in the form; it is the patient's, not the course's, and never locked
  await hand.go(/PO/);
  await question(page, 'Fdato').getByText('13.11.1969').waitFor();
  await hand.day('DatoinhOppl', '2.3.2026');
  await hand.type('Mobil', '99887766');
  await expectAccessible(page, 'PO');
  await hand.press('Lagre');
  await saved(page);
  expect(await page.getByRole('button', { name: 'Ferdigstill og lås' }).count()).toBe(0);
  const [po] = await stored<QuestionnaireResponse>(
    `QuestionnaireResponse?subject=Patient/${course.patient}&questionnaire=https://svar.example.org/fhir/Questionnaire/smertereg-po`,
  );
  expect(po?.item?.find(({ linkId }) => linkId === 'Mobil')?.answer).toEqual([{ valueString: '99887766' }]);
  await context.close();
}, 60_000);

test.concurrent('the system coordinator alone withdraws a consent, says so twice, and no longer sees the course', async () => {
  const course = await nationalCourse(ehr, { fnr: syntheticNumber(13) });
  const lc = await openAs('lc', course);
  expect(await lc.page.getByRole('button', { name: /^Trekk samtykket/ }).count()).toBe(0);

  const { page, hand, context } = await openAs('sc', course);
  for (const act of [/^Flytt/, /^Slett/, /^Stopp/, /^Bestill/]) {
    expect(await page.getByRole('button', { name: act }).count(), String(act)).toBe(0);
  }
  await hand.press('Trekk samtykket tilbake …');
  await expectAccessible(page, 'withdrawing a consent');
  await hand.press('Trekk tilbake');
  expect(await page.getByRole('dialog').getByRole('alert').count()).toBe(1);
  await page.getByRole('dialog').getByRole('checkbox').check();
  await hand.press('Trekk tilbake');
  await page.waitForURL(/\/clinician\/?$/);
  await page.getByText('Samtykket er trukket tilbake.').waitFor();
  const consents = await stored<Consent>(`Consent?patient=Patient/${course.patient}`);
  expect(consents.map(({ status }) => status)).toEqual(['inactive']);
  await lc.page.locator('.course-facts', { hasText: 'Trukket tilbake' }).waitFor();
  expect(stateOf(await orderOf(course, 'hads'))).toBe('stopped');
  for (const window of [context, lc.context]) await window.close();
}, 60_000);
