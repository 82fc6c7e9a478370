import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildWebApps } from '../../src/web/build.ts';
import { launchChromium } from '../../tests/kit/chromium.ts';

/**
 * Takes the pictures of README and docs, of a demo of its own: `npm run pictures`. All people in them are synthetic. The
 * patient answers on a phone, so that staff's pages have something to show; dates are those of the last weeks.
 */

const ROOT = path.join(import.meta.dirname, '../..');
const READY = /FHIR R4\s+(http:\/\/\S+)\/fhir\/R4/;
const BYTES_MAX = 150_000;
const PATIENT = 'Patient/demo-0001';
const COURSE = 'demo-0001-2';
/** Of the demo's patients one whose course is under way. */
const COURSE_UNDER_WAY = 'demo-0009';
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, hasTouch: true, isMobile: true };
const DESK = { viewport: { width: 1280, height: 800 } };

async function take(): Promise<void> {
  await buildWebApps();
  const data = await mkdtemp(path.join(os.tmpdir(), 'svar-pictures-'));
  const { base, stop } = await startDemo(data);
  const browser = await launchChromium();
  try {
    await ofPatient(browser, base);
    await ofClinician(browser, base);
    await ofCoordinator(browser, base);
  } finally {
    await browser.close();
    await stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function startDemo(data: string): Promise<{ base: string; stop: () => Promise<void> }> {
  const server = spawn(process.execPath, ['src/main.ts', 'serve', '--data-dir', data, '--port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SVAR_LOG_LEVEL: 'error' },
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = (): Promise<void> => {
    server.kill('SIGTERM');
    return ended;
  };
  let said = '';
  for await (const part of server.stdout) {
    said += String(part);
    const base = READY.exec(said)?.[1];
    if (base !== undefined) return { base, stop };
  }
  throw new Error('the demo did not start');
}

/** What SmerteReg does not ask for: a hospital's system may order any form. */
async function order(base: string, form: string): Promise<void> {
  const coding = (code: string) => ({ coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code }] });
  const answer = await fetch(`${base}/fhir/R4/Task`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('demo-ehr:demo').toString('base64')}`,
      'content-type': 'application/fhir+json',
    },
    body: JSON.stringify({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: coding('complete-questionnaire'),
      for: { reference: PATIENT },
      owner: { reference: PATIENT },
      focus: { reference: `EpisodeOfCare/${COURSE}` },
      basedOn: [{ reference: `ServiceRequest/${COURSE}` }],
      input: [
        {
          type: coding('questionnaire'),
          valueCanonical: `https://svar.example.org/fhir/Questionnaire/${form}|1.0.0`,
        },
      ],
    }),
  });
  if (!answer.ok) throw new Error(`${form} was not ordered: ${await answer.text()}`);
}

async function ofPatient(browser: Browser, base: string): Promise<void> {
  const page = await openAs(browser, base, 'patient', PHONE);
  await open(page, '/patient/');
  await page.getByRole('link', { name: 'Begynn' }).first().waitFor();
  await keep(page, 'patient-list');
  await open(page, '/patient/results');
  await page.getByRole('img').first().waitFor();
  await keep(page, 'patient-results');
  await open(page, '/patient/');

  await begin(page, /^HADS/);
  await answerRest(page);
  await page.getByRole('heading', { name: 'Se over svarene' }).waitFor();
  await keep(page, 'patient-review');
  await send(page);
  await keep(page, 'patient-receipt');

  await order(base, 'nrs-rest-movement');
  await order(base, 'body-map');
  await open(page, '/patient/');
  await begin(page, /hvile|smertestyrke|NRS/i);
  await answerPage(page);
  await toTop(page);
  await keep(page, 'patient-scale');
  await answerRest(page);
  await send(page);

  await open(page, '/patient/');
  await begin(page, /^Smertekart/);
  for (const place of ['lower-back-right', 'hip-right', 'knee-left']) {
    await page.locator(`[data-place=${place}]`).first().click();
  }
  await toTop(page);
  await keep(page, 'patient-body-map');
  await answerRest(page);
  await send(page);
  await page.context().close();
}

async function ofClinician(browser: Browser, base: string): Promise<void> {
  const page = await openAs(browser, base, 'lu', DESK);
  await open(page, '/clinician/');
  await page.getByRole('row').nth(2).waitFor();
  await keep(page, 'clinician-worklist');

  await open(page, `/clinician/course/${COURSE_UNDER_WAY}/form/B21`);
  await page.getByRole('radio').first().waitFor();
  await keep(page, 'clinician-course');

  await open(page, `/clinician/${PATIENT.replace('Patient', 'patient')}`);
  await page.getByRole('figure').first().waitFor();
  await keep(page, 'clinician-patient');

  await open(page, `/clinician/${PATIENT.replace('Patient', 'patient')}/profile`);
  await page.getByRole('img').first().waitFor();
  await keep(page, 'clinician-profile');
  await page.context().close();
}

async function ofCoordinator(browser: Browser, base: string): Promise<void> {
  const page = await openAs(browser, base, 'lc', DESK);
  await open(page, '/clinician/coverage');
  await page.getByText('Vis som tabell').first().waitFor();
  await keep(page, 'coordinator-coverage');
  await page.context().close();
}

/** A window in which somebody of the demo has signed in. */
async function openAs(browser: Browser, base: string, login: string, size: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    ...size,
    baseURL: base,
    locale: 'nb-NO',
    timezoneId: 'Europe/Oslo',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  await context.request.post('/sign-in', {
    form: { action: 'password', login, password: 'demo' },
    headers: { origin: base },
  });
  return context.newPage();
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

async function begin(page: Page, title: RegExp): Promise<void> {
  await page
    .getByRole('listitem')
    .filter({ hasText: title })
    .getByRole('link', { name: /^(Begynn|Fortsett)/ })
    .click();
  await page.getByRole('button', { name: /^(Neste|Se over)/ }).waitFor();
}

async function answerPage(page: Page): Promise<void> {
  for (const group of await page.getByRole('radiogroup').all()) await group.getByRole('radio').nth(1).check();
}

async function answerRest(page: Page): Promise<void> {
  while (!page.url().includes('view=review')) {
    await answerPage(page);
    const before = await page.locator('main').textContent();
    await page.getByRole('button', { name: /^(Neste|Se over)/ }).click();
    await page.waitForFunction(`document.querySelector('main').textContent !== ${JSON.stringify(before)}`);
  }
}

async function toTop(page: Page): Promise<void> {
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
}

async function send(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send svarene' }).click();
  await page.getByRole('heading', { name: 'Takk for svarene' }).waitFor();
}

async function keep(page: Page, name: string): Promise<void> {
  const file = path.join(import.meta.dirname, `${name}.png`);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  const { size } = await stat(file);
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`);
  if (size > BYTES_MAX) throw new Error(`${name}.png is too large`);
}

await take();
