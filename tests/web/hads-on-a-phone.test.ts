import type { Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, openBrowser, PHONE, type TestBrowser } from '../kit/browser.ts';
import { signedIn } from '../kit/sign-in.ts';
import { consented, OrderWorld, type Started } from '../smertereg/order-kit.ts';

let world: OrderWorld;
let browser: TestBrowser;
let course: Started;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T09:00:00+01:00', { apps: true, background: true });
  browser = await openBrowser(world.server);
  course = await world.start(consented);
  await world.at('2026-03-02T17:00:00+01:00');
});

afterAll(async () => {
  await browser.close();
  await world.close();
});

/** The address in the notice that the patient was sent about a form. */
async function linkTo(form: 'hads' | 'pasreg'): Promise<string> {
  const { id } = await world.order(course, form);
  const order = `Task/${id}`;
  const notices = world.carried.filter(({ recipient }) => recipient === `Patient/${course.patient}`);
  for (const { link } of notices) {
    if (link !== undefined && (await leadsTo(link, order))) return link;
  }
  throw new Error(`no notice about ${form} among ${notices.length}`);
}

async function leadsTo(link: string, order: string): Promise<boolean> {
  const { rows } = await world.server.database.pool.query<{ task: string }>(
    "select task from order_link where hash = sha256(convert_to($1, 'UTF8'))",
    [link.split('/').at(-1)],
  );
  return rows[0]?.task === order.split('/')[1];
}

/** Answers what is asked on this page, each question by its second choice, as a thumb does. */
async function answerPage(page: Page): Promise<number> {
  const questions = page.getByRole('radiogroup');
  const count = await questions.count();
  for (let at = 0; at < count; at += 1) {
    const second = questions.nth(at).getByRole('radio').nth(1);
    if (!(await second.isChecked())) await second.check();
  }
  return count;
}

test('a patient opens a link, answers HADS on a phone with the net cut in the middle, and a clinician sees the scores appear without reloading', async () => {
  const desk = await browser.open({ who: await signedIn(world.server, 'lu'), viewport: DESK });
  await desk.page.goto(`/clinician/patient/${course.patient}`);
  await desk.page.getByRole('heading', { level: 1 }).waitFor();
  const main = desk.page.getByRole('main');
  expect(await main.textContent()).not.toContain('HADS angst');
  let loads = 0;
  desk.page.on('load', () => {
    loads += 1;
  });

  const phone = await browser.open({ viewport: PHONE, hasTouch: true, isMobile: true });
  const { page, context } = phone;
  await page.goto(await linkTo('hads'));
  await page.getByRole('button').first().click();
  await page.waitForURL(/\/patient\/\?order=/);
  await page.getByRole('radio').first().waitFor();

  let answered = await answerPage(page);
  await page.getByText('Lagret', { exact: false }).first().waitFor();
  await context.setOffline(true);
  for (let pages = 0; pages < 20 && (await page.getByRole('button', { name: 'Neste' }).isVisible()); pages += 1) {
    await page.getByRole('button', { name: 'Neste' }).click();
    answered += await answerPage(page);
  }
  expect(answered).toBe(14);
  await page.getByText('Lagret på denne enheten', { exact: false }).first().waitFor();
  await context.setOffline(false);

  await page.getByRole('button', { name: /^(Se over|Til oversikten|Se gjennom)/ }).click();
  await page.getByRole('button', { name: /^Send/ }).click();
  await page.getByRole('heading', { name: /Takk|Kvittering|sendt/i }).waitFor();

  const stored = await world.admin.search<QuestionnaireResponse>(
    `QuestionnaireResponse?patient=Patient/${course.patient}&questionnaire=https://svar.example.org/fhir/Questionnaire/hads`,
  );
  expect(stored.map(({ status }) => status)).toEqual(['completed']);

  for (const [score, code] of [
    ['HADS angst', 'hads-anxiety'],
    ['HADS depresjon', 'hads-depression'],
  ] as const) {
    await main.getByText(new RegExp(`^${score}: \\d+ `)).waitFor({ timeout: 20_000 });
    const [kept] = await world.admin.search<Observation>(`Observation?subject=Patient/${course.patient}&code=${code}`);
    expect(await main.textContent()).toContain(`${score}: ${kept?.valueQuantity?.value ?? kept?.valueInteger} `);
  }
  expect(loads).toBe(0);
  expect(phone.troubles.filter((text) => !/ERR_INTERNET_DISCONNECTED|Failed to load resource/.test(text))).toEqual([]);
  expect(desk.troubles).toEqual([]);
});
