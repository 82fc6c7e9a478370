import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeScript, launchChromium } from './chromium.ts';
import type { TestServer } from './fhir-server.ts';
import type { Credentials } from './sign-in.ts';

/** The two sizes that screens are made for. */
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

export interface TestBrowser {
  readonly browser: Browser;
  /** A browser window of its own, with no cookies but those of `who` (tests/kit/sign-in.ts). */
  open(options?: OpenOptions): Promise<Window>;
  close(): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  readonly who?: Credentials;
}

export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page told the console as errors, and exceptions nobody caught; refusals of a server are the test's to expect. */
  readonly troubles: readonly string[];
}

/** A browser for a server with `apps: true`; one a file of tests. */
export async function openBrowser(server: Pick<TestServer, 'url'>): Promise<TestBrowser> {
  const browser = await launchChromium();
  return {
    browser,
    async open({ who, ...options } = {}) {
      const context = await browser.newContext({
        baseURL: server.url,
        viewport: PHONE,
        locale: 'nb-NO',
        timezoneId: 'Europe/Oslo',
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(15_000);
      if (who?.cookie !== undefined) await context.addCookies(cookiesOf(who.cookie, server.url));
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(message.text());
      });
      page.on('pageerror', (problem) => troubles.push(String(problem)));
      return { context, page, troubles };
    },
    close: () => browser.close(),
  };
}

function cookiesOf(header: string, url: string) {
  return header.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
  });
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong in a page as it is now, each with where; empty: nothing. WCAG 2.2 A and AA, and best practice. */
export async function axeFindings(page: Page, within?: string): Promise<string[]> {
  // by the debugger's way, as the pages' own policy forbids scripts that are not files of theirs
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(await axeScript());
  const run = `axe.run(${JSON.stringify(within ?? 'html')}, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      id + ' at ' + target.join(' ') + ': ' + failureSummary.replace(/\\s+/g, ' '))))`;
  return (await page.evaluate(run)) as string[];
}

/** Expects that axe finds nothing. @param what the page, as the failure should call it */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  expect(await axeFindings(page), what).toEqual([]);
}

/** Expects that a page can be read without scrolling sideways. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(over, what).toBeLessThanOrEqual(0);
}
