import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** A form of staff on screen, as a person handles it: with the mouse, or with keys alone. */
export interface Hand {
  /** Chooses an option of a question by its words. */
  choose(linkId: string, option: string): Promise<void>;
  /** Answers a question with a number or a text. */
  type(linkId: string, text: string): Promise<void>;
  /** Answers a date, day.month.year. */
  day(linkId: string, day: string): Promise<void>;
  /** Finds something in a long list. */
  find(linkId: string, text: string, option: string): Promise<void>;
  press(name: string | RegExp): Promise<void>;
  /** Follows a way of the page's own navigation. */
  go(name: string | RegExp): Promise<void>;
  /** Chooses in a dialog. */
  pick(name: string | RegExp): Promise<void>;
}

/** A question of the form that is on screen, the last of its rows. */
export function question(page: Page, linkId: string): Locator {
  return page.locator(`.question[id$="-${linkId}"], .question[id$="%2F${linkId}"]`).last();
}

export function mouse(page: Page): Hand {
  const click = (target: Locator) => target.click();
  return {
    choose: (linkId, option) =>
      click(question(page, linkId).locator('label.option', { hasText: new RegExp(`^${escaped(option)}$`) })),
    type: async (linkId, text) => {
      const input = question(page, linkId).locator('input, textarea').first();
      await input.fill(text);
      await input.blur();
    },
    day: async (linkId, day) => {
      const inputs = question(page, linkId).locator('.date input:not([type=date])');
      for (const [index, part] of day.split('.').entries()) await inputs.nth(index).fill(part);
      await inputs.nth(2).blur();
    },
    find: async (linkId, text, option) => {
      await question(page, linkId).getByRole('combobox').fill(text);
      await click(question(page, linkId).getByRole('option', { name: option }));
    },
    press: (name) => click(button(page, name)),
    go: (name) => click(way(page, name)),
    pick: (name) => click(page.getByRole('dialog').getByRole('radio', { name })),
  };
}

/** As a person who has no mouse: Tab to what is meant, then the keys that its role has. */
export function keys(page: Page): Hand {
  const { keyboard } = page;
  const write = async (input: Locator, text: string): Promise<void> => {
    await tabTo(page, input);
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type(text);
  };
  const press = async (target: Locator, key: string): Promise<void> => {
    await tabTo(page, target);
    await keyboard.press(key);
  };
  /** A group of radio buttons is one stop; arrows choose in it. */
  const radio = async (all: Locator, wanted: Locator): Promise<void> => {
    await wanted.waitFor();
    await tabTo(page, all);
    await keyboard.press('Space');
    const count = await all.count();
    for (let at = 0; at < count && !(await wanted.isChecked()); at += 1) await keyboard.press('ArrowDown');
    expect(await wanted.isChecked()).toBe(true);
  };
  return {
    choose: async (linkId, option) => {
      const asked = question(page, linkId);
      const wanted = asked.locator('label.option', { hasText: new RegExp(`^${escaped(option)}$`) }).locator('input');
      if ((await wanted.getAttribute('type')) === 'checkbox') return press(wanted, 'Space');
      return radio(asked.locator('input[type=radio]'), wanted);
    },
    type: (linkId, text) => write(question(page, linkId).locator('input, textarea').first(), text),
    day: async (linkId, day) => {
      const inputs = question(page, linkId).locator('.date input:not([type=date])');
      for (const [index, part] of day.split('.').entries()) await write(inputs.nth(index), part);
    },
    find: async (linkId, text, option) => {
      await write(question(page, linkId).getByRole('combobox'), text);
      await question(page, linkId).getByRole('option', { name: option }).waitFor();
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    },
    press: (name) => press(button(page, name), 'Enter'),
    go: (name) => press(way(page, name), 'Enter'),
    pick: (name) =>
      radio(page.getByRole('dialog').getByRole('radio'), page.getByRole('dialog').getByRole('radio', { name })),
  };
}

/** In the dialog where there is one: the page behind it is out of reach. */
function button(page: Page, name: string | RegExp): Locator {
  const exact = typeof name === 'string';
  const inDialog = page.getByRole('dialog').getByRole('button', { name, exact });
  return inDialog.or(page.locator('main').getByRole('button', { name, exact })).first();
}

function way(page: Page, name: string | RegExp): Locator {
  return page.locator('.course-nav').getByRole('link', { name });
}

const TABS_MAX = 250;

/** Presses Tab until the focus is on one of the elements that are meant; nothing on the way may keep it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  const there = () => target.evaluateAll((all) => all.some((one) => one === document.activeElement));
  // forwards or backwards, as a person would who sees where it is
  const before = await target
    .first()
    .evaluate((one) => (document.activeElement?.compareDocumentPosition(one) ?? 0) & Node.DOCUMENT_POSITION_PRECEDING);
  const key = before === 0 ? 'Tab' : 'Shift+Tab';
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    if (await there()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${target} is not reached by ${TABS_MAX} times ${key}`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Waits until what is answered is stored. */
export async function saved(page: Page): Promise<void> {
  await page.locator('.kept[data-state=kept]').waitFor();
}

/** Waits until a form of the course stands so, by its word in the page's navigation. */
export async function stands(page: Page, form: string | RegExp, state: string): Promise<void> {
  await page.locator('.course-nav li', { hasText: form }).filter({ hasText: state }).first().waitFor();
}
