import { createHash } from 'node:crypto';
import { parseSearchRequest } from '@medplum/core';
import type {
  Bundle,
  Practitioner,
  PractitionerRole,
  QuestionnaireResponse,
  Resource,
  ResourceType,
  ValueSet,
} from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, openBrowser, type TestBrowser, type Window } from '../kit/browser.ts';
import { type Course, hadsItems, response } from '../kit/course.ts';
import { testServer } from '../kit/fhir-server.ts';
import { hostedClinician } from '../kit/hosted-page.ts';
import { type MedplumServer, medplumServer } from '../kit/medplum-server.ts';
import { rest } from '../kit/rest.ts';
import { nationalCourse, syntheticNumber } from '../rights/kit.ts';
import { mouse, saved, stands } from './course-kit.ts';

const NOW = '2026-03-02T08:00:00+01:00';
const FORM = 'https://svar.example.org/fhir/Questionnaire';
const EMAIL = 'lege@example.org';
const FNR = syntheticNumber(31);

/** What the clinician's app shows of a registry. */
const TYPES: readonly ResourceType[] = [
  ...([
    'Organization',
    'Location',
    'PlanDefinition',
    'ResearchStudy',
    'Questionnaire',
    'Library',
    'CodeSystem',
  ] as const),
  ...(['Patient', 'ServiceRequest', 'EpisodeOfCare', 'Encounter', 'Task', 'QuestionnaireResponse'] as const),
  ...(['Observation', 'Consent', 'ResearchSubject'] as const),
];

const profile: Practitioner = { resourceType: 'Practitioner', id: idAt('Practitioner/1'), name: [{ family: 'Lege' }] };

/** A choice of B1.2 that is no part of what is shipped, in other words than its own. */
const functions: ValueSet = {
  resourceType: 'ValueSet',
  status: 'active',
  url: 'https://svar.example.org/fhir/ValueSet/smertereg-funksjon',
  compose: { include: [{ system: 'https://example.org/function', concept: [{ code: '1', display: 'Oppegående' }] }] },
};

let medplum: MedplumServer;
let hosted: Awaited<ReturnType<typeof hostedClinician>>;
let browser: TestBrowser;
let course: Course;

beforeAll(async () => {
  medplum = await medplumServer({ email: EMAIL, password: 'demo', profile });
  const role: PractitionerRole = {
    resourceType: 'PractitionerRole',
    practitioner: { reference: `Practitioner/${profile.id}` },
    organization: { reference: `Organization/${idAt('Organization/haukeland')}` },
    code: [{ coding: [{ code: 'lc' }] }],
  };
  for (const resource of [profile, role, functions, ...(await made())]) await medplum.stored.createResource(resource);
  hosted = await hostedClinician(medplum.url);
  browser = await openBrowser(hosted);
});

afterAll(async () => {
  await browser?.close();
  await hosted?.close();
  await medplum?.close();
});

/** What a Svar stores of two courses, one answered, with the ids that Medplum would have given. */
async function made(): Promise<Resource[]> {
  const svar = await testServer({ testClock: NOW });
  const client = rest(svar.base);
  course = await nationalCourse(client, { fnr: FNR });
  await svar.fhir.runner.drain();
  const hads = response(course, 'hads', 'completed', hadsItems('2'), '2026-03-02T10:00:00+01:00');
  expect((await client.post('QuestionnaireResponse', hads)).status).toBe(201);
  await svar.fhir.runner.drain();
  const found = await Promise.all(TYPES.map((type) => client.get<Bundle>(`${type}?_count=1000`)));
  await svar.close();
  const resources = found.flatMap(({ body }) => body.entry ?? []).flatMap(({ resource }) => resource ?? []);
  const ids = new Map(
    resources.map(({ resourceType, id }) => [`${resourceType}/${id}`, idAt(`${resourceType}/${id}`)]),
  );
  return resources.map((resource) => renamed(resource, ids));
}

/** Medplum's ids are UUIDs. */
function idAt(reference: string): string {
  const hex = createHash('sha256').update(reference).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function renamed(resource: Resource, ids: ReadonlyMap<string, string>): Resource {
  const text = JSON.stringify({ ...resource, id: ids.get(`${resource.resourceType}/${resource.id}`) }, (key, value) => {
    if (key !== 'reference' || typeof value !== 'string') return value;
    const [type, id] = value.split('/');
    return ids.has(`${type}/${id}`) ? `${type}/${ids.get(`${type}/${id}`)}` : value;
  });
  return JSON.parse(text) as Resource;
}

/** Where the address bar would lead: the page is not loaded again, as the token is in its memory alone. */
function go(page: Page, path: string): Promise<void> {
  return page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, `/clinician/${path}`);
}

async function signedIn(): Promise<Window> {
  const window = await browser.open({ viewport: DESK });
  const { page } = window;
  await page.goto('/clinician/');
  await page.getByRole('textbox', { name: /Email/ }).fill(EMAIL);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel(/Password/).fill('demo');
  await page.getByRole('button', { name: 'Sign In', exact: true }).click();
  return window;
}

const answersTo = (form: string) =>
  medplum.stored.searchResources<QuestionnaireResponse>(
    parseSearchRequest(`QuestionnaireResponse?questionnaire=${FORM}/${form}|1.0.0`),
  );

test('the app works against a server of Medplum’s as far as that does FHIR, and offers nothing else', async () => {
  const { page, context, troubles } = await signedIn();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const hand = mouse(page);

  // the worklist, and no page in the menu that is of Svar's own operations
  await heading('Arbeidsliste');
  await page.locator('header').getByText('Haukeland universitetssjukehus').waitFor();
  const row = page.getByRole('row').filter({ hasText: FNR });
  await row.getByText('Nasjonalt').waitFor();
  const offered = await page.locator('.menu-line').allTextContents();
  expect(offered).toEqual(expect.arrayContaining(['Arbeidsliste', 'Ny registrering', 'Avdelinger og lokasjoner']));
  for (const own of ['Tilganger', 'Dekningsgrad', 'Filarkiv']) expect(offered).not.toContain(own);
  const filter = page.getByLabel('Navn, fødselsnummer eller forløp');
  await filter.fill('ingen');
  await row.waitFor({ state: 'hidden' });
  await filter.fill('testpas');
  await page.getByRole('button', { name: 'Startdato' }).click();

  await page.getByRole('link', { name: 'Pasientregistreringer' }).click();
  await row.getByText('Besvart').waitFor();
  await row.getByRole('button').click();
  await page.getByRole('menuitem').nth(2).waitFor();
  expect(await page.getByRole('menuitem').allTextContents()).toEqual([
    ...['Pasienthistorikk', 'Ny registrering', 'Personopplysninger (PO)'],
  ]);
  await page.keyboard.press('Escape');

  // the course: how each form stands, its scores, and what may be done by FHIR alone
  await row.getByRole('link').first().click();
  await stands(page, 'TO', 'Låst');
  await stands(page, 'HADS', 'Besvart');
  await page.getByText('HADS angst: 14 (Sannsynlig tilfelle)').waitFor();
  const acts = page.locator('.page-head, .course-acts').locator('button, a.mantine-Button-root');
  expect(new Set(await acts.allTextContents())).toEqual(
    new Set(['Flytt pasienten …', 'Trekk samtykket tilbake …', 'Fyll inn fra papir', 'Kommentar', 'Se svar']),
  );
  await hand.press('Kommentar: HADS');
  await page.getByRole('dialog').getByRole('textbox').fill('Ringt');
  await hand.press('Legg til');
  await page.getByText('Kommentaren er lagret.').waitFor();

  // a form of the course, saved and locked, though no bot tells the registration of it
  await hand.go(/B1\.2/);
  await hand.day('Regdato12', '2.3.2026');
  await hand.choose('AngiNRS12', 'Ikke spurt');
  await hand.choose('Funksjon12', 'Oppegående');
  await hand.press('Lagre');
  await saved(page);
  expect((await answersTo('smertereg-b12')).map(({ status }) => status)).toEqual(['in-progress']);
  await hand.press('Ferdigstill og lås');
  await stands(page, 'B1.2', 'Låst');
  expect((await answersTo('smertereg-b12')).map(({ status }) => status)).toEqual(['completed']);

  // a form about the patient, into which a colleague writes meanwhile: nothing of either is lost
  await hand.go(/PO/);
  await hand.day('DatoinhOppl', '2.3.2026');
  await hand.press('Lagre');
  await stands(page, 'PO', 'Under utfylling');
  const [begun] = await answersTo('smertereg-po');
  const mail = { linkId: 'Epost', answer: [{ valueString: 'noen@example.org' }] };
  await medplum.stored.updateResource({ ...begun, item: [...(begun?.item ?? []), mail] } as QuestionnaireResponse);
  await hand.type('Mobil', '40000000');
  await hand.press('Lagre');
  await page.getByText('Hentet inn fra den andre: «E-postadresse».').waitFor();
  await saved(page);
  expect(JSON.stringify(await answersTo('smertereg-po'))).toContain('40000000');
  expect(JSON.stringify(await answersTo('smertereg-po'))).toContain('noen@example.org');

  // the patient's page and profile: figures by the rules that the server has; no PDF, which is Svar's
  await page.getByRole('link', { name: 'Pasientens side' }).click();
  await page.getByText('HADS angst: 14 (sannsynlig tilfelle), målt én gang, 2. mars 2026.').waitFor();
  await page.getByText('Oppdateres hvert 15. sekund').waitFor();
  await page.getByRole('link', { name: 'Selvvurderingsprofil' }).click();
  await page.getByRole('button', { name: 'Skriv ut' }).waitFor();
  expect(await page.getByText('Last ned som PDF').count()).toBe(0);

  // whom one looks for by name, number and course is found
  await page.getByRole('link', { name: 'Pasientsøk' }).click();
  // the page takes the focus as it is come to
  await page.locator('h1:focus').waitFor();
  for (const text of ['Testpas', FNR, idAt(`EpisodeOfCare/${course.episode}`)]) {
    await page.getByRole('textbox').fill(text);
    await page.getByRole('button', { name: 'Søk' }).click();
    await page.getByText('1 pasient funnet').waitFor();
    await page.getByRole('textbox').fill('');
  }

  // one more course of the patient, which knows what was told of the patient in the first
  await page.getByRole('link', { name: 'Ny registrering' }).click();
  await page.locator('h1:focus').waitFor();
  await page.getByLabel('Fødselsnummer eller D-nummer').fill(FNR);
  await page.getByRole('button', { name: 'Søk' }).click();
  await page.getByRole('button', { name: 'Ny registrering' }).click();
  await stands(page, 'TO', 'Tomt');
  await stands(page, 'PO', 'Under utfylling');

  // what is Svar's own is told to be, where an address leads to it; what is FHIR's is there
  await go(page, 'coverage');
  await heading('Ikke på denne serveren');
  await go(page, 'places');
  await page
    .getByRole('row')
    .filter({ hasText: 'Kirurgisk avdeling' })
    .getByRole('button', { name: 'Steng' })
    .waitFor();
  expect(await page.getByRole('button', { name: /^Slett/ }).count()).toBe(0);
  await go(page, 'reach');
  await page.getByText('Alle som har fått skjema, er nådd.').waitFor();

  await page.getByRole('button', { name: 'Logg ut' }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  const refused = medplum.asked
    .filter((one) => !/ (?:20\d|304)$/.test(one))
    .map((one) => one.replace(/[\da-f-]{36}/, '<id>'));
  expect(new Set(refused)).toEqual(
    new Set(['POST /fhir/R4/Questionnaire/$populate 404', 'PUT /fhir/R4/QuestionnaireResponse/<id> 412']),
  );
  expect(troubles.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
  await context.close();
});
