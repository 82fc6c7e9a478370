import type { Bundle, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, expectAccessible, openBrowser, type TestBrowser, type Window } from '../kit/browser.ts';
import { type Course, choice, date, hadsItems, refer, response } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { basic, type Credentials, signedIn, signedInAs } from '../kit/sign-in.ts';
import { restAs, syntheticNumber } from '../rights/kit.ts';
import { type Hand, keys, mouse, question, saved, stands } from './course-kit.ts';

const NOW = '2026-03-02T08:00:00+01:00';

let server: TestServer;
let browser: TestBrowser;
let ehr: Rest;
/** Signed in once, as the tests run side by side. */
let people: Readonly<Record<'lu' | 'lc', Credentials>>;

beforeAll(async () => {
  server = await testServer({ identity: true, apps: true, testClock: NOW });
  browser = await openBrowser(server);
  ehr = restAs(server.base, basic('demo-ehr'));
  people = { lu: await signedIn(server, 'lu'), lc: await signedIn(server, 'lc') };
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** The course's page, as somebody with a role sees it. */
async function openAs(login: 'lu' | 'lc', { episode }: Course, form?: string): Promise<Window> {
  const window = await browser.open({ who: people[login], viewport: DESK });
  await window.page.clock.setFixedTime(new Date(NOW));
  await window.page.goto(`/clinician/course/${episode}${form === undefined ? '' : `/form/${form}`}`);
  await window.page.getByRole('heading', { level: 1, name: 'Testpasient, Syntetisk' }).waitFor();
  return window;
}

/** SmerteReg's manual, from the first visit until the course is delivered. */
async function wholeCourse(hand: Hand, { page }: Window, course: Course, look: boolean): Promise<void> {
  const accessible = async (what: string) => (look ? expectAccessible(page, what) : undefined);
  await accessible('a course of which nothing is registered');
  await stands(page, 'B1.2', 'Ikke åpent');

  await hand.go(/PO/);
  await hand.press(/^Neste/);
  // who can be reached neither by telephone nor by e-mail is registered all the same (manual 1.8, PO)
  await page.locator('.error-summary:focus', { hasText: 'telefonnummer eller e-postadresse' }).waitFor();
  await accessible('PO without telephone and e-mail');
  await hand.press('Ja, det stemmer');
  await saved(page);
  await hand.press(/^Neste/);
  await question(page, 'HenvistDato').waitFor();

  await hand.day('HenvistDato', '2.3.2026');
  await hand.choose('HenvistVia', 'Tilsynsanmodning');
  await hand.day('StartdatoTO', '2.3.2026');
  await hand.choose('Tilsett', 'Ja');
  await hand.choose('Norsktalende', 'Ja');
  await hand.choose('KognSvekket', 'Nei');
  await hand.choose('SkriftligSamtyk', 'Ja');
  await hand.day('DatoSamtykke', '2.3.2026');
  await page.keyboard.press('ControlOrMeta+s');
  await saved(page);
  await page.locator('.course-facts', { hasText: 'Nasjonalt register' }).waitFor();
  await stands(page, 'HADS', 'Bestilt');
  await accessible('TO');

  await hand.press(/^Neste/);
  await question(page, 'RegDato11').waitFor();
  await hand.day('RegDato11', '2.3.2026');
  await hand.find('Lokasjon', 'bygg', 'Testbygg A');
  await hand.find('InnlAvd', 'Med', 'Medisinsk avdeling');
  await hand.press(/^\+? ?Legg til/);
  await hand.choose('SmerteKat', 'Akutt smerte');
  await hand.choose('HovedDiag', 'Ja');
  await hand.choose('Analgetika4a', 'Ingen');
  await hand.choose('Analgetika4b', 'Opioider');
  await hand.type('DDMoTbl', '20');
  await hand.type('DDOxDep', '10');
  await question(page, 'MoEkvivalens').getByText('35', { exact: true }).waitFor();
  await hand.choose('UhenBrukMed', 'Nei');
  await hand.choose('TidligereRus', 'Nei');
  await hand.choose('PaagaaRus', 'Nei');
  await question(page, 'LAR').locator('label.option', { hasText: 'Nei' }).locator(':checked').waitFor();
  await hand.type('IntKom11', 'Ring avdelingen');
  await accessible('B1.1 with a diagnosis and opioids');
  await hand.press('Ferdigstill og lås');
  await stands(page, 'B1.1', 'Låst');
  await stands(page, 'B1.1', 'Har internkommentar');
  // what is read alone is as short
  await hand.press(/^Skjul \d+ tomme rader/);
  await page.getByRole('button', { name: /^Vis \d+ skjulte rader/, expanded: false }).waitFor();
  expect(await page.locator('.dose').count()).toBe(2);
  await question(page, 'MoEkvivalens').getByText('35', { exact: true }).waitFor();

  await hand.go(/B1\.2/);
  await hand.day('Regdato12', '2.3.2026');
  // locked before all is answered: what is missing is told, with the focus on it
  await hand.press('Ferdigstill og lås');
  await page.locator('.error-summary:focus').waitFor();
  await hand.choose('AngiNRS12', 'Ikke spurt');
  await hand.press('Ferdigstill og lås');
  await stands(page, 'B1.2', 'Låst');

  await hand.go('Oversikt');
  await accessible('the overview');
  await hand.press('Bestill nå: HADS');
  await page.getByRole('dialog').waitFor();
  await accessible('the order of a form');
  await hand.press('Bestill skjema');
  await stands(page, 'HADS', 'Sendt');
  // the focus is where it was, whatever the button says now
  await page.locator('tr[data-form=HADS] button:focus').waitFor();
  await hand.press('Bestill nå: Opioidskjema');
  await hand.press('Bestill skjema');
  await page.getByRole('dialog').getByText('Vil du likevel bestille det nå?').waitFor();
  await hand.press('Avbryt');
  await page.locator('tr[data-form=OPIOID] button:focus').waitFor();

  const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${course.patient}` }));
  const hads = await patient.post('QuestionnaireResponse', response(course, 'hads', 'completed', hadsItems(), NOW));
  expect(hads.status).toBe(201);
  await stands(page, 'HADS', 'Besvart');
  await page.locator('tr[data-form=HADS] .course-scores li').first().waitFor();

  await hand.go(/B2\.1/);
  await hand.day('Regdato21', '2.3.2026');
  await hand.choose('AngiNRS21', 'Ikke spurt');
  await hand.press('Ferdigstill og lås');
  await stands(page, 'B2.1', 'Låst');

  await hand.go(/B2\.2/);
  await hand.day('SluttDato', '2.3.2026');
  // visits of a doctor are a reason to look at the patient's, which are unusually few then
  await hand.choose('Behandler', 'Lege');
  await hand.type('AntTilsLege', '2');
  await page.locator('[role=status].unseen', { hasText: 'Oppdater også antall pasienttilsyn' }).waitFor();
  await hand.type('AntPasTils', '2');
  await hand.type('TotTid', '5');
  for (const treatment of ['MedBeh22', 'IkkeMedBeh', 'SentralBlokk', 'PeriferBlokk', 'VidereOppf']) {
    await hand.choose(treatment, 'Nei');
  }
  await hand.press('Ferdigstill og lås');
  await page.locator('.error-summary:focus', { hasText: 'Antall pasienttilsyn' }).waitFor();
  await hand.press('Ja, det stemmer');
  await hand.press('Ferdigstill og lås');
  await stands(page, 'B2.2', 'Låst');

  await hand.go(/TO/);
  await hand.press('Ferdigstill og lås');
  await stands(page, /TO/, 'Låst');
  await page.locator('.course-facts', { hasText: 'Levert' }).waitFor();
  await accessible('a locked form');
}

test.concurrent('a whole course of SmerteReg by mouse: what is answered opens forms, sends them, and delivers the course', async () => {
  const course = await refer(ehr, { fnr: syntheticNumber(1) });
  const window = await openAs('lu', course);
  await wholeCourse(mouse(window.page), window, course, true);
  expect(window.troubles.filter((text) => !text.includes('422'))).toEqual([]);
  await window.context.close();
}, 90_000);

test.concurrent('a whole course by keyboard alone', async () => {
  const course = await refer(ehr, { fnr: syntheticNumber(2) });
  const window = await openAs('lu', course);
  await wholeCourse(keys(window.page), window, course, false);
  await window.context.close();
}, 90_000);

test.concurrent('what LU may not do is not offered, and refused all the same; LC corrects, opens and takes away', async () => {
  const course = await refer(ehr, { fnr: syntheticNumber(3) });
  const b11 = await lockedB11(course);
  const lu = await openAs('lu', course, 'B11');
  await lu.page.getByText('Skjemaet er ferdigstilt og låst.').waitFor();
  for (const act of [/^Rett/, /^Lås opp/, /^Lagre/, /^Ferdigstill/, /^Slett/]) {
    expect(await lu.page.getByRole('button', { name: act }).count(), String(act)).toBe(0);
  }
  const asLu = restAs(server.base, people.lu);
  expect((await asLu.put(`QuestionnaireResponse/${b11.id}`, { ...b11, status: 'in-progress' })).status).toBe(403);
  expect((await asLu.send('DELETE', `EpisodeOfCare/${course.episode}`)).status).toBe(403);

  const lc = await openAs('lc', course, 'B11');
  const hand = mouse(lc.page);
  await hand.press('Rett …');
  await lc.page.getByLabel('Hvorfor rettes skjemaet?').fill('Feil svar om LAR');
  await hand.choose('LAR', 'Ja');
  await hand.press('Lagre rettelsen');
  await lc.page.getByText('B1.1) er rettet').waitFor();
  await expectAccessible(lc.page, 'a corrected form');
  // LU, who looks at the form all the while, sees it without loading the page again
  await question(lu.page, 'LAR').getByText('Ja', { exact: true }).waitFor();

  expect(await lc.page.getByRole('button', { name: /^Slett/ }).count()).toBe(0);
  await hand.press('Lås opp …');
  await hand.press('Lås opp');
  await stands(lc.page, 'B1.1', 'Under utfylling');
  await hand.press('Slett forløpet …');
  await lc.page.getByRole('dialog').getByRole('checkbox').check();
  await hand.press('Slett forløpet');
  await lc.page.waitForURL(/\/clinician\/?$/);
  await lc.page.getByText('Forløpet er slettet.').waitFor();
  expect((await ehr.get(`EpisodeOfCare/${course.episode}`)).status).toBe(410);
  for (const { context } of [lu, lc]) await context.close();
}, 60_000);

test.concurrent('two who fill in one form at once keep both their answers, and are told of those that clash', async () => {
  const course = await refer(ehr, { fnr: syntheticNumber(4) });
  const [one, other] = [await openAs('lu', course, 'TO'), await openAs('lc', course, 'TO')];
  const [first, second] = [mouse(one.page), mouse(other.page)];
  await first.choose('Norsktalende', 'Ja');
  await first.day('HenvistDato', '2.3.2026');
  await second.day('StartdatoTO', '2.3.2026');
  await second.choose('Norsktalende', 'Nei');
  await first.press('Lagre');
  await saved(one.page);
  await second.press('Lagre');
  const told = other.page.getByText('En annen har lagret skjemaet samtidig');
  await told.waitFor();
  await other.page.getByText('«Norsktalende»').waitFor();
  await expectAccessible(other.page, 'a form that two have filled in');
  await saved(other.page);
  const { body } = await ehr.get<Bundle<QuestionnaireResponse>>(
    `QuestionnaireResponse?based-on=ServiceRequest/${course.referral}`,
  );
  expect(body.entry?.length).toBe(1);
  const items = new Map(body.entry?.[0]?.resource?.item?.map(({ linkId, answer }) => [linkId, answer?.[0]]));
  expect(items.get('HenvistDato')?.valueDate).toBe('2026-03-02');
  expect(items.get('StartdatoTO')?.valueDate).toBe('2026-03-02');
  expect(items.get('Norsktalende')?.valueCoding?.code).toBe('0');
  // what the other stored comes in here, too
  await question(one.page, 'Norsktalende').locator('label.option', { hasText: 'Nei' }).locator(':checked').waitFor();
  for (const { context } of [one, other]) await context.close();
}, 60_000);

async function lockedB11(course: Course): Promise<QuestionnaireResponse> {
  const no = (linkId: string) => choice(linkId, 'smertereg-nei-ja-usikker', '0');
  const reference = (linkId: string, to: string) => ({ linkId, answer: [{ valueReference: { reference: to } }] });
  const lies = [
    reference('Lokasjon', 'Location/haukeland-bygg'),
    reference('InnlAvd', 'Organization/haukeland-medisin'),
  ];
  const item = [
    date('RegDato11', '2026-03-02'),
    { linkId: 'Innlagt', item: lies },
    ...['TidligereRus', 'PaagaaRus', 'LAR'].map(no),
  ];
  const { status, body } = await ehr.post<QuestionnaireResponse>(
    'QuestionnaireResponse',
    response(course, 'smertereg-b11', 'completed', item, NOW),
  );
  expect(status).toBe(201);
  return body;
}
