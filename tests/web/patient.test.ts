import type { Consent, PlanDefinition, Questionnaire, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  openBrowser,
  type TestBrowser,
  type Window,
} from '../kit/browser.ts';
import { hadsItems, response } from '../kit/course.ts';
import { signedInAs } from '../kit/sign-in.ts';
import { consented, eligible, OrderWorld, type Started, stateOf } from '../smertereg/order-kit.ts';

let world: OrderWorld;
let browser: TestBrowser;

const CODES = 'https://svar.example.org/fhir/CodeSystem';
const RESPONSE_OF_ORDER = 'https://svar.example.org/fhir/sid/response-of-order';

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T08:00:00+01:00', { apps: true });
  browser = await openBrowser(world.server);
});

afterAll(async () => {
  await browser.close();
  await world.close();
});

let day = 2;

/** A course whose Pasreg and HADS have been sent this afternoon. */
async function sent(): Promise<Started> {
  const date = `2026-03-${String(day++).padStart(2, '0')}`;
  await world.at(`${date}T08:30:00+01:00`);
  const course = await world.start(consented);
  await world.at(`${date}T16:33:00+01:00`);
  return course;
}

async function asPatient({ patient }: Started, order?: string): Promise<Window> {
  const link = order === undefined ? {} : { strength: 'link' as const, order };
  return browser.open({ who: await signedInAs(world.server, { fhirUser: `Patient/${patient}`, ...link }) });
}

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text }).waitFor();

const nextButton = (page: Page) => page.getByRole('button', { name: /^(Neste|Next|Se over svarene|Look|Review)/ });

/** From the page on screen to the look through it, each choice by its second option. */
async function answerAll(page: Page): Promise<void> {
  for (let pages = 0; pages < 10 && !page.url().includes('view=review'); pages += 1) {
    for (const group of await page.getByRole('radiogroup').all()) await group.getByRole('radio').nth(1).check();
    await nextButton(page).click();
  }
  await page.waitForURL(/view=review/);
}

async function responsesOf({ id }: Task): Promise<QuestionnaireResponse[]> {
  return world.admin.search<QuestionnaireResponse>(`QuestionnaireResponse?identifier=${RESPONSE_OF_ORDER}|${id}`);
}

test('a patient finds what waits, answers, changes the language in the middle, looks it through, sends it once and is offered the rest', async () => {
  const course = await sent();
  const order = await world.order(course, 'pasreg');
  const { page, context, troubles } = await asPatient(course);
  await page.goto('/patient/');
  await heading(page, /^Hei/);
  const waiting = page.getByRole('list', { name: 'Venter på svar fra deg' }).getByRole('listitem');
  await expect.poll(() => waiting.count()).toBe(2);
  await expectAccessible(page, 'what waits');
  // axe says nothing of words in the very colour that they stand on
  const colours = await page.evaluate(
    "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.querySelector('a.button')))",
  );
  expect(new Set(colours as string[]).size).toBe(2);
  await page.getByRole('link', { name: 'Begynn' }).first().click();
  await heading(page, 'Pasientregistrering');
  await page.getByText('Kan besvares til').waitFor();
  await expectAccessible(page, 'the first page of a form');

  await page.getByRole('radiogroup').first().getByRole('radio').nth(2).check();
  await page.getByRole('button', { name: /^Språk/ }).click();
  await expectAccessible(page, 'the choice of language');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Can be answered until').waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  expect(await page.getByRole('radiogroup').first().getByRole('radio').nth(2).isChecked()).toBe(true);
  expect((await context.cookies()).some(({ name, value }) => name === 'svar-language' && value === 'en')).toBe(true);

  await answerAll(page);
  await heading(page, 'Look through your answers');
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1');
  await expectAccessible(page, 'the look through');
  await page.getByRole('button', { name: 'Send the answers' }).dblclick();
  await heading(page, 'Thank you');
  await page.getByText('Patient registration').waitFor();
  await page.getByText('Would you like to answer the rest now?').waitFor();
  await expectAccessible(page, 'the receipt');
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByText('quite all right').waitFor();

  const stored = await responsesOf(order);
  expect(stored.map(({ status, language }) => [status, language])).toEqual([['completed', 'en']]);
  const versions = await world.admin.get<{ entry?: { resource: QuestionnaireResponse }[] }>(
    `QuestionnaireResponse/${stored[0]?.id}/_history`,
  );
  const sendings = (versions.body.entry ?? []).filter(({ resource }) => resource.status === 'completed');
  expect(sendings).toHaveLength(1);
  expect(troubles).toEqual([]);
  await context.close();
});

/** Presses Tab until the focus is on what is meant. */
async function tabTo(page: Page, is: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`(() => { const it = document.activeElement; return Boolean(${is}); })()`)) return;
  }
  throw new Error(`the focus never came to ${is}`);
}

test('who came by a link answers by keyboard alone, goes on where they were on another device, and the receipt tells nothing', async () => {
  const course = await sent();
  const order = await world.order(course, 'hads');
  const { page, context } = await asPatient(course, order.id);
  await page.goto(`/patient/?order=${order.id}`);
  await heading(page, /HADS/);
  expect(await page.getByRole('navigation').count()).toBe(0);
  for (let number = 1; number <= 4; number += 1) {
    if (number > 1) await page.getByText(`Side ${number} av 4`).waitFor();
    const questions = await page.getByRole('radiogroup').count();
    for (let question = 0; question < questions; question += 1) {
      await tabTo(page, "it.type === 'radio' && !document.querySelector('[name=\"' + it.name + '\"]:checked')");
      await page.keyboard.press('Space');
    }
    if (number === 3) {
      await page.getByText('Lagret', { exact: true }).first().waitFor();
      const other = await asPatient(course, order.id);
      await other.page.goto(`/patient/?order=${order.id}`);
      // all of page 3 is answered by now: the next one is where to go on
      await other.page.getByText('Side 4 av 4').waitFor();
      await other.context.close();
    }
    await tabTo(page, "it.type === 'submit'");
    await page.keyboard.press('Enter');
  }
  await heading(page, 'Se over svarene');
  await tabTo(page, "it.textContent === 'Send svarene'");
  await page.keyboard.press('Enter');
  await heading(page, 'Takk for svarene');
  expect(await page.getByRole('main').innerText()).not.toMatch(/HADS|14/);
  expect((await responsesOf(order)).map(({ status }) => status)).toEqual(['completed']);

  // on a device that others use, nothing is left
  await page.getByRole('button', { name: 'Avslutt' }).click();
  await page.waitForURL(/signed-out/);
  await page.goto(`/patient/?order=${order.id}`);
  await heading(page, 'Du er logget ut');
  expect(await page.getByRole('main').innerText()).not.toContain('HADS');
  await expectAccessible(page, 'signed out');
  await context.close();
});

test('who cannot or will not answer now says so by one choice and one confirmation, and is reminded when they asked', async () => {
  const course = await sent();
  const { page, context } = await asPatient(course);
  const [pasreg, hads] = [await world.order(course, 'pasreg'), await world.order(course, 'hads')];
  await page.goto(`/patient/?order=${pasreg.id}`);
  await page.getByRole('button', { name: 'Kan eller vil du ikke svare nå?' }).click();
  await heading(page, 'Kan eller vil du ikke svare nå?');
  await page.getByRole('button', { name: 'Bekreft' }).click();
  await page.getByText('Velg ett av alternativene.').waitFor();
  await expectAccessible(page, 'not now, nothing chosen');
  await page.getByRole('radio', { name: /i morgen/ }).check();
  await page.getByRole('button', { name: 'Bekreft' }).click();
  await heading(page, 'Det er notert');
  await page.getByRole('link', { name: 'Skjemaer' }).click();
  await page.getByText('Vi minner deg på det').waitFor();

  await page.goto(`/patient/?order=${hads.id}&view=not-now`);
  await page.getByRole('radio', { name: /klarer ikke/ }).check();
  await page.getByRole('textbox').fill('For trøtt.');
  await expectAccessible(page, 'not able to');
  await page.getByRole('button', { name: 'Bekreft' }).click();
  await heading(page, 'Det er notert');
  await expectAccessible(page, 'noted');
  expect((await world.order(course, 'hads')).note?.map(({ text }) => text)).toEqual(['For trøtt.']);
  expect(stateOf(await world.order(course, 'hads'))).toContain('closed');
  expect(Date.parse((await world.order(course, 'pasreg')).restriction?.period?.end ?? '')).toBeLessThan(
    Date.parse(pasreg.restriction?.period?.end ?? ''),
  );
  await context.close();
});

test('consent is read in layers, given by a signature, and withdrawn in the same way', async () => {
  await world.at(`2026-03-${String(day).padStart(2, '0')}T08:30:00+01:00`);
  const course = await world.start(eligible);
  const { page, context } = await asPatient(course);
  await page.goto('/patient/consent');
  await heading(page, 'Samtykke');
  await page.getByText('Du har ikke svart ennå.').waitFor();
  await page.getByText('Hvem som ser det').click();
  await page.getByText('Alle har taushetsplikt', { exact: false }).waitFor();
  await expectAccessible(page, 'consent');
  await expectNoSidewaysScroll(page, 'consent');
  const states = async () =>
    (await world.admin.search<Consent>(`Consent?patient=Patient/${course.patient}`)).map(({ status }) => status);
  for (const [answer, standing, status] of [
    ['Ja, jeg samtykker', 'Du sa ja', 'active'],
    ['Nei, jeg samtykker ikke', 'Du trakk samtykket', 'inactive'],
  ] as const) {
    await page.getByRole('radio', { name: answer }).check();
    await page.getByRole('button', { name: 'Signer svaret mitt' }).click();
    await page.getByText('signert elektronisk').waitFor();
    await page.getByText(standing).waitFor();
    expect(await states()).toContain(status);
    await expectAccessible(page, `${answer}, signed`);
  }
  await context.close();
});

test('own results are a figure, its words and its numbers', async () => {
  const course = await sent();
  const { body: plan } = await world.admin.get<PlanDefinition>('PlanDefinition/smertereg');
  const shown = {
    url: 'https://svar.example.org/fhir/StructureDefinition/patient-sees-result',
    valueCoding: { system: `${CODES}/score`, code: 'hads-anxiety' },
  };
  await world.admin.put('PlanDefinition/smertereg', { ...plan, extension: [...(plan.extension ?? []), shown] });
  for (const [value, authored] of [
    ['2', '2026-01-05T09:00:00+01:00'],
    ['1', '2026-03-02T09:00:00+01:00'],
  ] as const) {
    const answer = response(course, 'hads', 'completed', hadsItems(value), authored);
    expect((await world.admin.post('QuestionnaireResponse', answer)).status).toBe(201);
  }
  await world.drain();
  const { page, context } = await asPatient(course);
  await page.goto('/patient/results');
  await heading(page, 'Resultatene dine');
  await page.getByText('Sist: 7 av 21').waitFor();
  await page.getByText('lavere enn 5. januar 2026').waitFor();
  await page.getByRole('img', { name: /Kurve over .*2 målinger/ }).waitFor();
  expect(await page.getByRole('row').count()).toBe(3);
  await expectAccessible(page, 'results');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page, 'results at 320 px');
  await context.close();
});

test('who is signed out in the middle is told, loses nothing, and the next person sees nothing', async () => {
  const course = await sent();
  const order = await world.order(course, 'pasreg');
  const who = await signedInAs(world.server, { fhirUser: `Patient/${course.patient}` });
  const { page, context } = await browser.open({ who });
  await page.goto(`/patient/?order=${order.id}`);
  await heading(page, 'Pasientregistrering');
  await context.clearCookies();
  await page.getByRole('radiogroup').first().getByRole('radio').nth(2).check();
  await heading(page, 'Du er logget ut');
  expect(await page.getByRole('radio').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Logg inn' }).getAttribute('href')).toBe(
    `/sign-in?back=${encodeURIComponent(`/patient/?order=${order.id}`)}`,
  );
  const [name = '', value = ''] = (who.cookie ?? '').split('=');
  await context.addCookies([{ name, value, url: world.server.url }]);
  await page.goto(`/patient/?order=${order.id}`);
  await heading(page, 'Pasientregistrering');
  await expect.poll(() => page.getByRole('radiogroup').first().getByRole('radio').nth(2).isChecked()).toBe(true);
  await context.close();
});

test('what stops a form as a whole is told above the answers, with the focus on it; confirmed, it goes', async () => {
  const course = await sent();
  const part = (url: string, value: object) => ({ url, ...value });
  const form: Questionnaire = {
    ...{ resourceType: 'Questionnaire', id: 'whole', url: 'https://svar.example.org/fhir/Questionnaire/whole' },
    ...{ version: '1.0.0', status: 'active', language: 'nb', title: 'Helheten' },
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/targetConstraint',
        extension: [
          part('key', { valueId: 'more' }),
          part('severity', { valueCode: 'warning' }),
          part('expression', {
            valueExpression: { language: 'text/fhirpath', expression: '%resource.item.count() > 1' },
          }),
          part('human', { valueString: 'Er det riktig at du ikke har svart på mer?' }),
        ],
      },
    ],
    item: ['Har du vondt?', 'Sover du?'].map((text, index) => ({
      ...{ linkId: `q${index}`, type: 'boolean', text, required: index === 0 },
    })),
  };
  const type = { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'questionnaire' }] };
  await world.admin.put('Questionnaire/whole', form);
  await world.admin.put('Task/whole', {
    ...{ resourceType: 'Task', id: 'whole', status: 'requested', intent: 'order', authoredOn: '2026-03-02' },
    ...{ for: { reference: `Patient/${course.patient}` }, input: [{ type, valueCanonical: `${form.url}|1.0.0` }] },
  });
  const { page, context } = await asPatient(course);
  await page.goto('/patient/?order=whole&view=review');
  // the rules of answers come after the form
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: 'Send svarene' }).click();
  const summary = page.getByRole('group', { name: /én ting å se på/ });
  await summary.getByRole('link', { name: /Har du vondt/ }).waitFor();
  await expect.poll(() => summary.evaluate((box) => box === box.ownerDocument.activeElement)).toBe(true);
  await page.getByRole('radio', { name: 'Ja' }).first().check();
  await nextButton(page).click();
  await page.getByRole('button', { name: 'Send svarene' }).click();
  const box = page.getByRole('group', { name: 'Svarene ble ikke sendt' });
  await box.getByText('Er det riktig at du ikke har svart på mer?').waitFor();
  await expect.poll(() => box.evaluate((it) => it === it.ownerDocument.activeElement)).toBe(true);
  await expectAccessible(page, 'what stops the whole form');
  await box.getByRole('button', { name: 'Ja, det stemmer' }).click();
  await heading(page, 'Takk for svarene');
  await context.close();
});
