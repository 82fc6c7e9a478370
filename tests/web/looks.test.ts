import type { Questionnaire, Resource, Task } from '@medplum/fhirtypes';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownFollowUp } from '../../src/registry/synthetic/own-follow-up.ts';
import { DESK, openBrowser, PHONE, type TestBrowser } from '../kit/browser.ts';
import { choice, hadsItems, response } from '../kit/course.ts';
import { expectLooks } from '../kit/looks.ts';
import { type Credentials, signedIn, signedInAs } from '../kit/sign-in.ts';
import { consented, OrderWorld } from '../smertereg/order-kit.ts';
import { everyControl } from './harness/every-control.ts';

/** Ids of our own: what the server draws by chance would be another picture each time. */
const course = { patient: 'looks', referral: 'looks', episode: 'looks', to: 'looks-to' };
const NOW = '2026-03-06T12:00:00+01:00';

let world: OrderWorld;
let browser: TestBrowser;
let patient: Credentials;
let lu: Credentials;
let lc: Credentials;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T09:00:00+01:00', { apps: true, background: true });
  browser = await openBrowser(world.server);
  await refer();
  await world.to(course, consented);
  await world.at('2026-03-02T17:00:00+01:00');
  await stored(response(course, 'hads', 'completed', hadsItems('2'), '2026-03-03T10:00:00+01:00'));
  await stored({
    ...response(course, 'smertereg-b12', 'completed', pain('12', '8'), '2026-03-03T12:00:00+01:00'),
    id: 'looks-b12',
  });
  await world.at(NOW);
  await stored({
    ...response(course, 'smertereg-b21', 'in-progress', pain('21', '4'), '2026-03-06T11:00:00+01:00'),
    id: 'looks-b21',
  });
  await world.drain();
  [lu, lc] = [await signedIn(world.server, 'lu'), await signedIn(world.server, 'lc')];
  patient = await signedInAs(world.server, { fhirUser: `Patient/${course.patient}` });
});

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function refer(): Promise<void> {
  const [subject, id] = [{ reference: `Patient/${course.patient}` }, 'looks'];
  const resources: Resource[] = [
    {
      ...{
        resourceType: 'Patient',
        id,
        birthDate: '1969-11-13',
        name: [{ family: 'Testpasient', given: ['Syntetisk'] }],
      },
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '13916900281' }],
    },
    { resourceType: 'ServiceRequest', id, status: 'active', intent: 'order', subject, authoredOn: '2026-03-02' },
    {
      ...{ resourceType: 'EpisodeOfCare', id, status: 'active', patient: subject, period: { start: '2026-03-02' } },
      managingOrganization: { reference: 'Organization/haukeland' },
      referralRequest: [{ reference: `ServiceRequest/${id}` }],
    },
  ];
  const entry = resources.map((resource) => ({
    ...{ resource, request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` } },
  }));
  const { status, body } = await world.admin.post('', { resourceType: 'Bundle', type: 'transaction', entry });
  expect(status, JSON.stringify(body)).toBe(200);
}

async function stored(resource: Resource): Promise<void> {
  const { resourceType, id } = resource;
  const { status, body } =
    id === undefined
      ? await world.admin.post(resourceType, resource)
      : await world.admin.put(`${resourceType}/${id}`, resource);
  expect([200, 201], JSON.stringify(body)).toContain(status);
}

function pain(form: '12' | '21', nrs: string) {
  return [
    { linkId: `Regdato${form}`, answer: [{ valueDate: '2026-03-03' }] },
    choice(`AngiNRS${form}`, 'smertereg-angi-nrs', '1'),
    ...['StSmRo', 'SvSmRo', 'StSmBev', 'SvSmBev'].map((item) => choice(`${item}${form}`, 'smertereg-nrs', nrs)),
  ];
}

/** A window whose clock stands where the server's does. */
async function open(path: string, who: Credentials, options: BrowserContextOptions = {}): Promise<Page> {
  const { page, context } = await browser.open({ who, ...options });
  await context.clock.setFixedTime(new Date(NOW));
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

/** All that was asked for is there, and drawn. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => done(0))))');
}

const orderOf = async (form: 'pasreg' | 'hads') => (await world.order({ ...course }, form)).id ?? '';

describe('the patient on a phone', () => {
  test('what waits, and what was answered', async () => {
    const page = await open('/patient/', patient, { viewport: PHONE });
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    await settled(page);
    await expectLooks(page, 'patient-list');
  });

  test('a first page, and the ways not to answer now', async () => {
    const page = await open(`/patient/?order=${await orderOf('pasreg')}`, patient, { viewport: PHONE });
    await page.getByRole('radio').first().waitFor();
    await settled(page);
    await expectLooks(page, 'patient-form');
    await page.getByRole('button', { name: /Kan eller vil du ikke/ }).click();
    await page.getByRole('heading', { name: /Kan eller vil du ikke/ }).waitFor();
    await settled(page);
    await expectLooks(page, 'patient-not-now');
  });

  test('consent', async () => {
    const page = await open('/patient/consent', patient, { viewport: PHONE });
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    await settled(page);
    await expectLooks(page, 'patient-consent');
  });
});

describe('staff at a desk', () => {
  const DESKTOP = { viewport: DESK };

  test.each([
    ['worklist', '/clinician/', 'Testpasient'],
    ['new-course', '/clinician/new', 'Ny registrering'],
    ['course', '/clinician/course/looks', 'Behandlers skjemaer'],
    ['staff-form', '/clinician/course/looks/form/B11', 'Smertediagnoser'],
    ['patient', '/clinician/patient/looks', 'HADS angst'],
    ['profile', '/clinician/patient/looks/profile', 'HADS angst'],
  ])('%s', async (name, path, shows) => {
    const page = await open(path, lu, DESKTOP);
    await page.getByRole('main').getByText(shows).first().waitFor();
    await settled(page);
    await expectLooks(page, `staff-${name}`);
  });

  test('places, as the local coordinator', async () => {
    const page = await open('/clinician/places', lc, DESKTOP);
    await page.getByRole('main').getByText('Bygg A').first().waitFor();
    await settled(page);
    await expectLooks(page, 'coordinator-places');
  });

  test.each([
    ['coverage', 'Nasjonalt av mulige'],
    ['overview', 'Forløpstyper'],
  ])('%s, as the local coordinator', async (name, shows) => {
    const page = await open(`/clinician/${name}`, lc, DESKTOP);
    await page.getByRole('main').getByText(shows).first().waitFor();
    await settled(page);
    await expectLooks(page, `coordinator-${name}`);
  });

  test('the worklist on paper', async () => {
    // A4 less its margins, at 96 to the inch
    const page = await open('/clinician/', lu, { viewport: { width: 703, height: 500 } });
    await page.getByRole('main').getByText('Testpasient').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    // a button would be left out of the heads that are printed again on the next sheet
    expect(
      await page
        .locator('th button')
        .first()
        .evaluate((button) => getComputedStyle(button).display),
    ).toBe('contents');
    await settled(page);
    await expectLooks(page, 'staff-worklist-on-paper');
  });
});

describe('ways of answering, on a phone', () => {
  beforeAll(async () => {
    await stored(everyControl);
    for (const form of ['every-control', 'eq-5d-5l', 'body-map', 'nrs']) await stored(await orderFor(form));
  });

  /** The page of a form, once what was answered is saved. */
  async function saved(page: Page): Promise<void> {
    // an answer is told as being saved a tenth of a second later
    await page.waitForTimeout(300);
    await page.locator('.save-line.server').waitFor();
    await settled(page);
  }

  const next = (page: Page) => page.getByRole('button', { name: /^(Neste|Se over svarene)/ }).click();

  test('what is wrong, scales, questions that share their answers at a desk, high contrast', async () => {
    const page = await open('/patient/?order=looks-every-control', patient, { viewport: PHONE });
    // the rules of answers come after the form
    await page.waitForLoadState('networkidle');
    await next(page);
    await page.getByRole('link', { name: /Har du vondt nå/ }).waitFor();
    await settled(page);
    await expectLooks(page, 'patient-error');
    await page.getByRole('radio', { name: 'Ja' }).check();
    await next(page);
    await page.locator('.point').nth(4).click();
    await page.getByRole('textbox', { name: 'Tallet ditt' }).fill('60');
    await page.getByRole('heading', { level: 1 }).focus();
    await page.evaluate('scrollTo(0, 0)');
    await saved(page);
    await expectLooks(page, 'patient-scales');
    await page.emulateMedia({ forcedColors: 'active' });
    await expectLooks(page, 'patient-scales-high-contrast');
    await page.emulateMedia({ forcedColors: 'none' });
    await page.setViewportSize(DESK);
    for (const row of await page.locator('.likert [role=radiogroup]').all())
      await row.getByRole('radio').nth(1).check();
    await saved(page);
    await expectLooks(page, 'patient-likert-at-a-desk');
  });

  test('the thermometer of EQ-5D, and the body map', async () => {
    const page = await open('/patient/?order=looks-eq-5d-5l', patient, { viewport: PHONE });
    while (!(await page.getByRole('slider').isVisible())) await next(page);
    await page.getByRole('slider').press('Home');
    await page.getByRole('slider').press('PageUp');
    await saved(page);
    await page.getByRole('heading', { level: 1 }).focus();
    await expectLooks(page, 'patient-vas');
    await page.goto('/patient/?order=looks-body-map');
    for (const place of ['knee-right', 'lower-back-left']) await page.locator(`[data-place=${place}]`).first().click();
    await saved(page);
    await expectLooks(page, 'patient-body-map');
    await page.emulateMedia({ forcedColors: 'active' });
    await expectLooks(page, 'patient-body-map-high-contrast');
  });

  test('the look through, the receipt, and an own result', async () => {
    const page = await open('/patient/?order=looks-nrs', patient, { viewport: PHONE });
    for (const scale of await page.getByRole('radiogroup').all()) await scale.locator('.point').nth(3).click();
    await next(page);
    await page.getByRole('button', { name: 'Send svarene' }).waitFor();
    await settled(page);
    await expectLooks(page, 'patient-review');
    await page.getByRole('button', { name: 'Send svarene' }).click();
    await page.getByRole('heading', { level: 1, name: 'Takk' }).waitFor();
    await page.getByText('Vil du svare på resten nå?').waitFor();
    await settled(page);
    await expectLooks(page, 'patient-receipt');
    const form = await world.admin.get<Questionnaire>('Questionnaire/nrs');
    for (const { bundle } of ownFollowUp(form.body, 'looks', new Date(NOW))) {
      const named = JSON.stringify(bundle).replaceAll('Patient/demo-looks', `Patient/${course.patient}`);
      expect((await world.admin.post('', JSON.parse(named))).status).toBe(200);
    }
    await world.drain();
    await page.goto('/patient/results');
    await page.getByRole('img', { name: /Kurve/ }).waitFor();
    await settled(page);
    await expectLooks(page, 'patient-own-result');
  });
});

/** An order of a form that no registry has sent. */
async function orderFor(form: string): Promise<Task> {
  const { body } = await world.admin.get<Questionnaire>(`Questionnaire/${form}`);
  const type = { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'questionnaire' }] };
  return {
    ...{ resourceType: 'Task', id: `looks-${form}`, status: 'requested', intent: 'order', authoredOn: NOW },
    for: { reference: `Patient/${course.patient}` },
    input: [{ type, valueCanonical: `${body.url}|${body.version}` }],
  };
}
