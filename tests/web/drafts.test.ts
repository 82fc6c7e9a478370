import type { OperationOutcome, QuestionnaireResponse, QuestionnaireResponseItem, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { expectAccessible, openBrowser, type TestBrowser } from '../kit/browser.ts';
import { type Credentials, signedInAs } from '../kit/sign-in.ts';
import { consented, OrderWorld, type Started } from '../smertereg/order-kit.ts';

let world: OrderWorld;
let browser: TestBrowser;
let course: Started;
let hads: Task;
let pasreg: Task;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T08:30:00+01:00', { apps: true });
  browser = await openBrowser(world.server);
});

afterAll(async () => {
  await browser.close();
  await world.close();
});

let day = 2;

/** A course whose two forms were sent this afternoon. */
async function sent(): Promise<Started> {
  const date = `2026-03-${String(day++).padStart(2, '0')}`;
  await world.at(`${date}T08:30:00+01:00`);
  const started = await world.start(consented);
  await world.at(`${date}T16:33:00+01:00`);
  return started;
}

const asPatient = ({ patient }: Started): Promise<Credentials> =>
  signedInAs(world.server, { fhirUser: `Patient/${patient}` });

const radio = (page: Page, question: number, option: number) =>
  page.getByRole('radiogroup').nth(question).getByRole('radio').nth(option);

async function openForm(page: Page, { id }: Task): Promise<void> {
  await page.goto(`/patient/?order=${id}`);
  await page.getByRole('radiogroup').first().waitFor();
}

async function responsesOf({ id }: Task): Promise<QuestionnaireResponse[]> {
  return world.admin.search<QuestionnaireResponse>(
    `QuestionnaireResponse?identifier=https://svar.example.org/fhir/sid/response-of-order|${id}`,
  );
}

/** How many questions of the one response are answered. */
async function answered(order: Task): Promise<number> {
  const [response, ...others] = await responsesOf(order);
  expect(others).toEqual([]);
  return JSON.stringify(response?.item ?? []).split('"answer"').length - 1;
}

const until = (what: () => unknown): Promise<unknown> => vi.waitFor(what, { timeout: 10_000, interval: 100 });

async function completions(order: Task): Promise<number> {
  const [response] = await responsesOf(order);
  const { body } = await world.admin.get<{ entry?: { resource: QuestionnaireResponse }[] }>(
    `QuestionnaireResponse/${response?.id}/_history`,
  );
  return (body.entry ?? []).filter(({ resource }) => resource.status === 'completed').length;
}

/** What IndexedDB holds, as text: names of records and their bytes. */
async function onDevice(page: Page): Promise<string[]> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('svar-drafts', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('drafts');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const records = opening.result.transaction('drafts').objectStore('drafts');
      const names = records.getAllKeys(), values = records.getAll();
      values.onsuccess = () => resolve(values.result.map((value, at) =>
        names.result[at] + ' ' + new TextDecoder('latin1').decode(value.sealed)));
    };
  })`) as Promise<string[]>;
}

/** From the page on screen to the look through the answers. */
async function answerAll(page: Page): Promise<void> {
  for (let pages = 0; pages < 10 && !page.url().includes('view=review'); pages += 1) {
    for (const group of await page.getByRole('radiogroup').all()) await group.getByRole('radio').nth(1).check();
    await page.getByRole('button', { name: /^(Neste|Se over svarene)/ }).click();
  }
  await page.getByRole('button', { name: 'Send svarene' }).waitFor();
}

test('what is answered without a net is kept, sealed, and saved when it is back; a reload goes on, so does another device', async () => {
  course = await sent();
  hads = await world.order(course, 'hads');
  const who = await asPatient(course);
  const { context, page } = await browser.open({ who });
  await openForm(page, hads);
  await radio(page, 0, 1).check();
  await until(async () => expect(await answered(hads)).toBe(1));

  await context.setOffline(true);
  await radio(page, 1, 1).check();
  await radio(page, 2, 1).check();
  await page.getByText('Lagret på denne enheten').first().waitFor();
  const [record = '', ...more] = await onDevice(page);
  expect(more).toEqual([]);
  expect(record).toMatch(/^[0-9a-f]{64} /);
  expect(record).not.toMatch(/hads|Patient|valueCoding/i);

  await context.setOffline(false);
  await until(async () => expect(await answered(hads)).toBe(3));
  await page.reload();
  await until(async () => expect(await radio(page, 2, 1).isChecked()).toBe(true));

  const other = await browser.open({ who });
  await openForm(other.page, hads);
  await until(async () => expect(await radio(other.page, 2, 1).isChecked()).toBe(true));
  await other.context.close();
  await context.close();
});

test('the next person on the same device finds nothing of the one before, who finds it all again', async () => {
  const first = await asPatient(course);
  const { context, page } = await browser.open({ who: first });
  await openForm(page, hads);
  await context.setOffline(true);
  await radio(page, 3, 1).check();
  await page.getByText('Lagret på denne enheten').first().waitFor();
  const [record] = await onDevice(page);

  const next = await sent();
  await page.goto('about:blank');
  await context.setOffline(false);
  await context.clearCookies();
  const [name, ...value] = ((await asPatient(next)).cookie ?? '').split('=');
  await context.addCookies([{ name: name ?? '', value: value.join('='), url: world.server.url }]);
  const theirs = await world.order(next, 'hads');
  await openForm(page, theirs);
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
  await page.goto('/patient/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  // neither is it sent in their name, nor does their session hold what opens it
  expect(await answered(theirs)).toBe(0);
  expect((await onDevice(page)).map((each) => each.slice(0, 64))).toContain(record?.slice(0, 64));
  const keys = await page.evaluate(
    `fetch('/patient/session', { headers: { 'x-medplum': 'extended' } }).then((answer) => answer.text())`,
  );
  expect(keys).not.toContain(course.patient);

  await context.clearCookies();
  const again = (first.cookie ?? '').split('=');
  await context.addCookies([{ name: again[0] ?? '', value: again.slice(1).join('='), url: world.server.url }]);
  // the first page is done: it goes on with the next
  await openForm(page, hads);
  await until(async () => expect(await answered(hads)).toBe(4));

  // who signs out leaves nothing that the server has
  await page.getByRole('button', { name: 'Avslutt' }).click();
  await page.waitForURL(/signed-out/);
  await until(async () => expect(await onDevice(page)).toEqual([]));
  await context.close();
});

test('Send pressed five times, and its answer lost, sends once', async () => {
  // what a service worker fetches, no test can cut
  const { context, page } = await browser.open({ who: await asPatient(course), serviceWorkers: 'block' });
  await openForm(page, hads);
  await answerAll(page);
  await until(async () => expect(await answered(hads)).toBe(14));
  let lost = 0;
  await page.route('**/fhir/R4/QuestionnaireResponse/*', async (route) => {
    if (lost > 0 || route.request().method() !== 'PUT') return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await page.evaluate(`{
    const send = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Send svarene');
    for (let times = 0; times < 5; times += 1) send.click();
  }`);
  await until(async () => expect((await responsesOf(hads)).map(({ status }) => status)).toEqual(['completed']));
  await page.getByRole('heading', { level: 1, name: 'Takk' }).waitFor();
  expect(lost).toBe(1);
  expect(await completions(hads)).toBe(1);
  await until(async () => expect(await onDevice(page)).toEqual([]));
  await context.close();
});

test('what is sent without a net goes once when it is back; an answer that is refused then is told at its question, and mended', async () => {
  pasreg = await world.order(course, 'pasreg');
  const { context, page } = await browser.open({ who: await asPatient(course) });
  await openForm(page, pasreg);
  await answerAll(page);
  await until(async () => expect(await answered(pasreg)).toBeGreaterThan(1));
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Send svarene' }).click();
  await page
    .getByText(/uten nett|når nettet|har nett/i)
    .first()
    .waitFor();
  expect((await responsesOf(pasreg)).map(({ status }) => status)).toEqual(['in-progress']);
  let sendings = 0;
  await page.route('**/fhir/R4/QuestionnaireResponse/*', (route) => {
    const isSending = route.request().postData()?.includes('"completed"') === true;
    sendings += isSending ? 1 : 0;
    return isSending && sendings === 1 ? route.fulfill(refusal(route.request().postDataJSON())) : route.continue();
  });
  await context.setOffline(false);

  const summary = page.getByRole('group', { name: /én ting å se på/ });
  await summary.getByRole('link', { name: /Det svaret kjenner vi ikke/ }).waitFor();
  await expect.poll(() => summary.evaluate((box) => box === box.ownerDocument.activeElement)).toBe(true);
  await expectAccessible(page, 'what the server refused');
  const asked = page.getByRole('radiogroup').filter({ hasText: 'Det svaret kjenner vi ikke' });
  await summary.getByRole('link').click();
  await asked.getByRole('radio').first().check();
  await until(async () => expect(await asked.count()).toBe(0));
  await answerAll(page);
  await page.getByRole('button', { name: 'Send svarene' }).click();
  await until(async () => expect((await responsesOf(pasreg)).map(({ status }) => status)).toEqual(['completed']));
  expect([sendings, await completions(pasreg)]).toEqual([2, 1]);
  await context.close();
});

/** The server's answer to a form whose first question it refuses. */
function refusal(response: QuestionnaireResponse) {
  const outcome: OperationOutcome = {
    resourceType: 'OperationOutcome',
    issue: [
      {
        ...{ severity: 'error', code: 'code-invalid', details: { text: 'Det svaret kjenner vi ikke.' } },
        expression: [pathToAnswer(response.item ?? [], 'QuestionnaireResponse')],
      },
    ],
  };
  return { status: 422, contentType: 'application/fhir+json', body: JSON.stringify(outcome) };
}

function pathToAnswer(items: readonly QuestionnaireResponseItem[], path: string): string {
  const at = items.findIndex((item) => JSON.stringify(item).includes('"answer"'));
  const [item, here] = [items[at], `${path}.item[${at}]`];
  return item?.answer === undefined ? pathToAnswer(item?.item ?? [], here) : `${here}.answer[0].value`;
}

test('the first question is there before the script, and what is chosen then is not lost', async () => {
  course = await sent();
  hads = await world.order(course, 'hads');
  const { context, page } = await browser.open({ who: await asPatient(course), serviceWorkers: 'block' });
  const late: { go?: () => void } = {};
  const held = new Promise<void>((resolve) => {
    late.go = resolve;
  });
  await page.route('**/assets/index-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`/patient/?order=${hads.id}`, { waitUntil: 'commit' });
  await radio(page, 0, 2).check();
  await page.getByRole('button', { name: /^(Neste|Se over svarene)/ }).click();
  expect(new URL(page.url()).search).toBe(`?order=${hads.id}`);
  late.go?.();
  await until(async () => expect(await answered(hads)).toBe(1));
  expect(await radio(page, 0, 2).isChecked()).toBe(true);
  await context.close();
});

test('without a net the app still opens, says so kindly, and holds nothing about anybody', async () => {
  const { context, page } = await browser.open({ who: await asPatient(course) });
  await openForm(page, hads);
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await until(async () => expect(await page.evaluate(`caches.match('/patient/shell').then(Boolean)`)).toBe(true));
  const kept = (await page.evaluate(`(async () => {
    const texts = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) texts.push(request.url + ' ' + (await (await cache.match(request)).text()));
    }
    return texts;
  })()`)) as string[];
  expect(kept.length).toBeGreaterThan(2);
  expect(kept.filter((text) => text.includes(course.patient) || text.includes(String(hads.id)))).toEqual([]);

  await context.setOffline(true);
  await page.reload();
  await page
    .getByText(/uten nett/)
    .first()
    .waitFor();
  expect(await page.getByRole('radio').count()).toBe(0);
  await context.setOffline(false);
  await page.reload();
  await page.getByRole('radiogroup').first().waitFor();
  await context.close();
});
