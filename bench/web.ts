import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Questionnaire, Task } from '@medplum/fhirtypes';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { buildWebApps, WEB_OUT } from '../src/web/build.ts';
import { launchChromium } from '../tests/kit/chromium.ts';

/*
 * npm run bench -- --only web
 *
 * The patient's app on a slow telephone: script before the first question, gzipped; from the address to the first question
 * on screen, cold, with the processor six times slower than this machine's, 400 kbit/s and 150 ms to each answer; and from a
 * tap to the question that it enables, in a form of 200. Three runs each, the middle one.
 */

const PORT = 18082;
const BASE = `http://localhost:${PORT}`;
const CPU_SLOWER = 6;
const BITS_A_SECOND = 400_000;
const LATENCY_MS = 150;
const RUNS = 3;
const ITEMS = 200;
const READY_MS_MAX = 120_000;
const ANSWER_MS_MAX = 20_000;

await buildWebApps();
const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-bench-web-'));
const server = spawn(process.execPath, ['src/main.ts', 'serve', '--data-dir', folder, '--port', String(PORT)], {
  stdio: 'ignore',
});
try {
  await ready();
  const browser = await launchChromium();
  try {
    const small = await order('bench-small', 14);
    const large = await order('bench-large', ITEMS);
    const first = await runs(() => firstQuestion(browser, small));
    const tap = await runs(() => tapToQuestion(browser, large));
    const { script, style } = await sizes();
    process.stdout.write(
      `${[
        `script before the first question   ${script} kB gzipped`,
        `style                              ${style} kB gzipped`,
        `first question on screen           ${first} ms (CPU ×${CPU_SLOWER}, ${BITS_A_SECOND / 1000} kbit/s, ${LATENCY_MS} ms)`,
        `tap to enabled question, ${ITEMS} items  ${tap} ms (CPU ×${CPU_SLOWER})`,
      ].join('\n')}\n`,
    );
  } finally {
    await browser.close();
  }
} finally {
  server.kill();
  await new Promise((resolve) => server.once('exit', resolve));
  await rm(folder, { recursive: true, force: true });
}

async function runs(measure: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let run = 0; run < RUNS; run++) figures.push(await measure());
  return Math.round(figures.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0);
}

async function firstQuestion(browser: Browser, task: string): Promise<number> {
  const { context, page, debug } = await patientPage(browser);
  await debug.send('Network.enable');
  await debug.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: LATENCY_MS },
    downloadThroughput: BITS_A_SECOND / 8,
    uploadThroughput: BITS_A_SECOND / 8,
  });
  await page.goto(`/patient/?order=${task}`, { waitUntil: 'load', timeout: 60_000 });
  // what is painted first is the page with its first question, which came with it
  const painted = await page.evaluate(
    `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()`,
  );
  await context.close();
  return Number(painted);
}

async function tapToQuestion(browser: Browser, task: string): Promise<number> {
  const { context, page } = await patientPage(browser);
  await page.goto(`/patient/?order=${task}`, { waitUntil: 'load', timeout: 60_000 });
  // the script has taken the page over when it answers to a tap
  await page.waitForFunction(`'serviceWorker' in navigator && navigator.serviceWorker.ready.then(() => true)`);
  const took = await page.evaluate(`new Promise((resolve) => {
    const radio = document.querySelector('input[type=radio]');
    const before = document.querySelectorAll('.question').length;
    const begun = performance.now();
    const look = () => document.querySelectorAll('.question').length > before
      ? resolve(performance.now() - begun) : requestAnimationFrame(look);
    radio.click();
    look();
  })`);
  await context.close();
  return Number(took);
}

interface PatientPage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly debug: CDPSession;
}

/** A browser that has never been here but for the sign-in. */
async function patientPage(browser: Browser): Promise<PatientPage> {
  const context = await browser.newContext({ baseURL: BASE, viewport: { width: 390, height: 844 }, locale: 'nb-NO' });
  context.setDefaultTimeout(ANSWER_MS_MAX);
  const form = { action: 'password', login: 'patient', password: 'demo' };
  await context.request.post('/sign-in', { form, headers: { origin: BASE } });
  const page = await context.newPage();
  const debug = await context.newCDPSession(page);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWER });
  return { context, page, debug };
}

/** A form of so many questions, every second enabled by the one before it, and an order of it. @returns the Task's id */
async function order(name: string, items: number): Promise<string> {
  const url = `https://svar.example.org/fhir/Questionnaire/${name}`;
  const options = ['a', 'b'].map((code) => ({
    valueCoding: { system: 'https://svar.example.org/bench', code, display: code },
  }));
  const questionnaire: Questionnaire = {
    ...{
      resourceType: 'Questionnaire',
      id: name,
      url,
      version: '1.0.0',
      status: 'active',
      language: 'nb',
      title: name,
    },
    item: Array.from({ length: items }, (_, at) => ({
      ...{ linkId: `q${at}`, type: 'choice', text: `Spørsmål ${at + 1}`, answerOption: options },
      ...(at % 2 === 1
        ? { enableWhen: [{ question: `q${at - 1}`, operator: '=', answerCoding: options[0]!.valueCoding }] }
        : {}),
    })),
  };
  const task: Task = {
    ...{ resourceType: 'Task', id: name, status: 'requested', intent: 'order', authoredOn: new Date().toISOString() },
    for: { reference: 'Patient/demo-0001' },
    input: [
      {
        type: { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'questionnaire' }] },
        valueCanonical: `${url}|1.0.0`,
      },
    ],
  };
  for (const resource of [questionnaire, task]) await put(resource);
  return name;
}

async function put(resource: Questionnaire | Task): Promise<void> {
  const answer = await fetch(`${BASE}/fhir/R4/${resource.resourceType}/${resource.id}`, {
    method: 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from('demo-admin:demo').toString('base64')}`,
      'content-type': 'application/fhir+json',
    },
    body: JSON.stringify(resource),
  });
  if (!answer.ok) throw new Error(`${resource.resourceType}: ${answer.status} ${await answer.text()}`);
}

/** What the page itself names: all else is fetched when it is needed. */
async function sizes(): Promise<{ readonly script: number; readonly style: number }> {
  const page = await readFile(path.join(WEB_OUT, 'patient/index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\/patient\/assets\/([^"]+)"/g)].map(([, name]) => name ?? '');
  const words = (await readdir(path.join(WEB_OUT, 'patient/assets'))).filter((name) => /^words-nb-.*\.js$/.test(name));
  const kB = async (names: readonly string[]): Promise<number> => {
    const bytes = await Promise.all(
      names.map(async (name) => gzipSync(await readFile(path.join(WEB_OUT, 'patient/assets', name))).length),
    );
    return Math.round(bytes.reduce((sum, one) => sum + one, 0) / 100) / 10;
  };
  const scripts = named.filter((name) => name.endsWith('.js'));
  return {
    script: await kB([...new Set([...scripts, ...words])]),
    style: await kB(named.filter((name) => name.endsWith('.css'))),
  };
}

async function ready(): Promise<void> {
  const end = Date.now() + READY_MS_MAX;
  while (Date.now() < end) {
    const answer = await fetch(`${BASE}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await setTimeout(200);
  }
  throw new Error('the server does not start');
}
