import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, expectAccessible, PHONE } from '../kit/browser.ts';
import { launchChromium } from '../kit/chromium.ts';
import { shippedForms } from '../kit/shipped-forms.ts';
import { everyControl } from './harness/every-control.ts';
import { buildHarness, ORIGIN, serveHarness } from './harness/harness.ts';

/** One browser and one page for all: opening a window costs more than what is tested in it. */
let close: () => Promise<void>;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  const [files, browser] = await Promise.all([buildHarness('preact'), launchChromium()]);
  close = () => browser.close();
  context = await browser.newContext({
    viewport: PHONE,
    locale: 'nb-NO',
    timezoneId: 'Europe/Oslo',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(5000);
  await serveHarness(context, files);
  page = await context.newPage();
  troubles = [];
  page.on('pageerror', (problem) => troubles.push(String(problem)));
}, 60_000);

afterAll(() => close());

async function open(form: string, density: 'patient' | 'staff' = 'patient'): Promise<void> {
  troubles.length = 0;
  await page.setViewportSize(PHONE);
  await page.goto(`${ORIGIN}/?form=${form}&density=${density}`);
  await page.waitForSelector('.svar-form');
  await page.evaluate(() => window.formComplete);
}

/** The keys of the form's pages as they are now. */
function pages(): Promise<string[]> {
  return page.evaluate(() => window.formSession.current().pages.map(({ key }) => key));
}

async function show(key: string): Promise<void> {
  await page.evaluate((to) => window.showPage(to), key);
}

/** By how much the form is wider than a width that it is given; quicker than another window, and no query of ours lies between. */
function widthOver(pixels: number): Promise<number> {
  return page.evaluate((width) => {
    const form = document.getElementById('form')!;
    form.style.cssText = `box-sizing: border-box; width: ${width}px`;
    const over = Math.max(0, document.documentElement.scrollWidth - innerWidth, form.scrollWidth - width);
    form.style.cssText = '';
    return over;
  }, pixels);
}

test.each([...shippedForms.keys(), everyControl.name ?? ''])(
  '%s: axe finds nothing on any page, nor where it tells what is wrong, and no page scrolls sideways at 320 px',
  async (form) => {
    await open(form);
    await expectAccessible(page, `${form}, at first`);
    // the way on leads to what is wrong with a page, or to the next one, and from the last to the review
    for (const key of await pages()) {
      await show(key);
      await page.click('.svar-form .primary');
      await expectAccessible(page, `${form}, ${key}`);
      expect(await widthOver(320), `${form}, ${key}`).toBe(0);
    }
    expect(troubles).toEqual([]);
  },
);

/** Presses Tab until the focus is where it is wanted. */
async function tabTo(selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
  }
  throw new Error(`no way by Tab to ${selector}`);
}

const press = async (...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const inQuestion = (linkId: string, rest: string) => `[id$="${linkId}"].question ${rest}`;

/** The first answer of a question, wherever it stands. */
function answered(linkId: string): Promise<unknown> {
  return page.evaluate((wanted) => {
    type Items = readonly { linkId: string; item?: Items; answer?: readonly { item?: Items }[] }[] | undefined;
    const find = (items: Items): unknown => {
      for (const each of items ?? []) {
        if (each.linkId === wanted) return each.answer;
        const inside = find(each.item) ?? find(each.answer?.flatMap(({ item }) => item ?? []));
        if (inside !== undefined) return inside;
      }
    };
    return find(window.formSession.response('in-progress').item as Items);
  }, linkId);
}

test('the keyboard alone answers every kind of question, and leads to the review', async () => {
  await open('EveryControl');
  await tabTo(inQuestion('ja-nei', '[type=radio]'));
  await press('Space');
  await tabTo(inQuestion('hvor-lenge', '[type=radio]'));
  await press('Space', 'ArrowDown');
  await tabTo(inQuestion('tiltak', '[type=checkbox]'));
  await press('Space');
  await tabTo(inQuestion('fylke', 'select'));
  await press('ArrowDown');
  await tabTo(inQuestion('enig', '[type=checkbox]'));
  await press('Space');
  await tabTo('.primary');
  await press('Enter');
  await page.waitForSelector('h2:focus:text-is("Skalaer")');

  await tabTo(inQuestion('smerte', '[type=radio]'));
  await press('Space', ...Array<string>(7).fill('ArrowRight'));
  await tabTo('[role=slider]');
  await press('End', 'PageDown', 'ArrowDown');
  await tabTo(inQuestion('uro', '[type=radio]'));
  await press('Space', 'ArrowDown');
  await tabTo('summary');
  await press('Enter');
  await tabTo('.places [type=checkbox]');
  await press('Space');
  await tabTo('.primary');
  await press('Enter');

  await tabTo(inQuestion('navn', 'input'));
  await page.keyboard.type('Rygg');
  await tabTo('textarea');
  await page.keyboard.type('Mest om natten');
  await tabTo(inQuestion('antall', 'input'));
  await page.keyboard.type('12');
  await tabTo(inQuestion('vekt', 'input'));
  await page.keyboard.type('72,5');
  await tabTo(inQuestion('dose', 'input'));
  await page.keyboard.type('400');
  await tabTo(inQuestion('dag', '.day input'));
  await page.keyboard.type('5.3.2026');
  await tabTo(inQuestion('naar', '.day input'));
  await page.keyboard.type('6');
  await press('Tab');
  await page.keyboard.type('3');
  await press('Tab');
  await page.keyboard.type('2026');
  await press('Tab');
  await page.keyboard.type('930');
  await tabTo(inQuestion('klokka', 'input'));
  await page.keyboard.type('23.15');
  await tabTo(inQuestion('side', 'input'));
  await page.keyboard.type('https://example.org');
  await tabTo(inQuestion('sted', '[role=combobox]'));
  await page.keyboard.type('a');
  await page.waitForSelector('[role=option][aria-selected=true]');
  const hit = await page.textContent('[role=option][aria-selected=true]');
  await press('Enter');
  expect(await page.inputValue(inQuestion('sted', '[role=combobox]'))).toBe(hit);
  await tabTo(inQuestion('avdeling', '[role=combobox]'));
  await press('ArrowDown');
  await page.waitForSelector('[role=option]');
  await press('ArrowDown', 'Enter');
  await tabTo('[type=file]');
  await tabTo('.primary');
  await press('Enter');

  await tabTo('.add');
  await press('Enter');
  await page.waitForFunction(() => document.activeElement?.matches('.row input'));
  for (const text of ['Paracetamol', '500', '4']) {
    await page.keyboard.type(text);
    await press('Tab');
  }
  await expect.poll(() => page.textContent('output')).toBe('2000');
  await tabTo('.primary');
  await press('Enter');
  await page.waitForSelector('.review');
  await expectAccessible(page, 'the review');

  expect(await answered('smerte')).toEqual([{ valueInteger: 7 }]);
  expect(await answered('helse')).toEqual([{ valueInteger: 89 }]);
  expect(await answered('uro')).toMatchObject([{ valueCoding: { code: '1' } }]);
  expect(await answered('fylke')).toMatchObject([{ valueCoding: { code: '0' } }]);
  expect(await answered('steder')).toMatchObject([{ valueCoding: { code: 'head-left' } }]);
  expect(await answered('vekt')).toEqual([{ valueDecimal: 72.5 }]);
  expect(await answered('dose')).toMatchObject([{ valueQuantity: { value: 400, code: 'mg' } }]);
  expect(await answered('dag')).toEqual([{ valueDate: '2026-03-05' }]);
  expect(await answered('naar')).toEqual([{ valueDateTime: '2026-03-06T09:30:00+01:00' }]);
  expect(await answered('klokka')).toEqual([{ valueTime: '23:15:00' }]);
  expect(await answered('avdeling')).toMatchObject([{ valueReference: { reference: 'Organization/a' } }]);
  expect(troubles).toEqual([]);
});

test('the body and its list are two ways to one answer, and what excludes all places takes theirs', async () => {
  await open('BodyMap');
  const inList = (name: string) => page.getByRole('checkbox', { name, includeHidden: true });
  await page.click('[data-place=knee-left]');
  await page.click('summary');
  expect(await inList('Venstre: kne').isChecked()).toBe(true);
  // each place is on both figures
  expect(await page.locator('[data-place=knee-left].is-chosen').count()).toBe(2);
  await inList('Høyre: hånd').check();
  expect(await page.locator('[data-place=hand-right].is-chosen').count()).toBe(2);
  await expectAccessible(page, 'chosen places');
  await inList('Ingen smerte').check();
  expect(await page.locator('.place.is-chosen').count()).toBe(0);
  await page.click('[data-place=foot-left]');
  expect(await inList('Ingen smerte').isChecked()).toBe(false);
  expect(await answered('BodyMapRegions')).toMatchObject([{ valueCoding: { code: 'foot-left' } }]);
});

test('a question that comes by an answer leaves the focus where it is, and is told of', async () => {
  await open('EveryControl');
  await page.focus(inQuestion('ja-nei', '[type=radio]'));
  await press('Space');
  await page.waitForSelector(inQuestion('hvor-lenge', ''));
  expect(await page.evaluate(() => document.activeElement?.closest('.question')?.id)).toMatch(/ja-nei$/);
  await expect
    .poll(() => page.textContent('[role=status].unseen'))
    .toBe('Nytt spørsmål: Hvor lenge har du hatt det vondt?');
});

test('what is wrong is summed up where the focus goes, leads to its question, and stands beside it', async () => {
  await open('EveryControl');
  await page.click('.primary');
  await page.waitForSelector('.error-summary:focus');
  await page.click('.error-summary a');
  expect(await page.evaluate(() => document.activeElement?.closest('.question')?.id)).toMatch(/ja-nei$/);
  expect(await page.getByRole('radiogroup', { name: 'Har du vondt nå?' }).getAttribute('aria-invalid')).toBe('true');
  expect(await page.textContent(inQuestion('ja-nei', '.faults p'))).toBe('Feil: Må besvares.');
});

test('an unusual answer is confirmed beside its question; what is no number at all is not', async () => {
  await open('EveryControl');
  await show((await pages())[2] ?? '');
  await page.fill(inQuestion('antall', 'input'), '20');
  await page.click('.primary');
  await page.click(inQuestion('antall', '.confirm'));
  await page.fill(inQuestion('vekt', 'input'), 'tung');
  await page.click('.primary');
  await expect
    .poll(() => page.locator('.error-summary li').allTextContents())
    .toEqual(['Vekt: Skriv svaret som et tall.']);
  // what is wrong takes the focus, and would take it from a field that is being emptied
  await page.waitForSelector('.error-summary:focus');
  await page.fill(inQuestion('vekt', 'input'), '');
  await page.click('.primary');
  await page.waitForSelector('.add');
});

test('a scale of eleven is one row of targets on a phone', async () => {
  await open('Nrs');
  const boxes = await page
    .locator('.point')
    .evaluateAll((points) =>
      points.map((point) => point.getBoundingClientRect()).map(({ top, width, height }) => ({ top, width, height })),
    );
  expect(boxes.slice(0, 11).map(({ top }) => top)).toEqual(Array(11).fill(boxes[0]?.top));
  expect(Math.min(...boxes.map(({ width }) => width))).toBeGreaterThanOrEqual(30);
  expect(Math.min(...boxes.map(({ height }) => height))).toBeGreaterThanOrEqual(44);
});

test('a thermometer is not set beforehand, takes a tap and a number alike, and is emptied', async () => {
  await open('Eq5d5l');
  await show((await pages()).at(-1) ?? '');
  const slider = page.getByRole('slider');
  const number = page.getByLabel('Tallet ditt');
  expect(await slider.getAttribute('aria-valuetext')).toBe('Ikke besvart');
  expect(await page.locator('.vas .level').count()).toBe(0);
  const box = await slider.boundingBox();
  await slider.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
  expect(await number.inputValue()).toBe('50');
  await number.fill('72');
  expect(await slider.getAttribute('aria-valuenow')).toBe('72');
  await page.getByRole('button', { name: /^Fjern svaret på/ }).click();
  expect(await answered('EqVas')).toBeUndefined();
  expect(await number.inputValue()).toBe('');
});

test('staff have the whole of B1.1 on a screen: the sum of opioids runs along, and axe finds nothing, with its faults told', async () => {
  const files = await buildHarness('react');
  await context.unrouteAll();
  await serveHarness(context, files);
  await open('SmerteregB11', 'staff');
  await page.setViewportSize(DESK);
  await page.getByRole('button', { name: 'Legg til: Smertediagnoser' }).click();
  await page
    .getByRole('group', { name: '4b Analgetika ved 1. tilsyn' })
    .getByLabel('Opioider', { exact: true })
    .check();
  await page.getByLabel('Morfin tabletter (mg/døgn)', { exact: true }).fill('20');
  await page.getByLabel('Oksykodon kapsler (mg/døgn)', { exact: true }).fill('12,5');
  await expect.poll(() => page.textContent('.total output')).toBe('38,8');
  // what is not in use is hidden, and shown again; the focus stays, and so does the sum
  const all = await page.locator('.dose').count();
  const hide = page.getByRole('button', { name: `Skjul ${all - 2} tomme rader`, expanded: true });
  await hide.focus();
  await press('Enter');
  const show = page.locator('button:focus', { hasText: `Vis ${all - 2} skjulte rader` });
  expect(await show.getAttribute('aria-expanded')).toBe('false');
  expect(await page.locator('.dose').count()).toBe(2);
  await page.getByLabel('Morfin tabletter (mg/døgn)', { exact: true }).fill('');
  await expect.poll(() => page.textContent('.total output')).toBe('18,8');
  expect(await page.locator('.dose').count()).toBe(2);
  await page.getByLabel('Morfin tabletter (mg/døgn)', { exact: true }).fill('20');
  await expectAccessible(page, 'B1.1 for staff, the empty rows hidden');
  await page.getByRole('button', { name: `Vis ${all - 2} skjulte rader` }).click();
  expect(await page.locator('.dose').count()).toBe(all);
  await expect.poll(() => page.textContent('.total output')).toBe('38,8');
  await page.click('#check');
  await page.waitForSelector('.error-summary:focus');
  await expectAccessible(page, 'B1.1 for staff');
  expect(troubles).toEqual([]);
});
