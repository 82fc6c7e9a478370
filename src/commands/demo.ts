import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Questionnaire } from '@medplum/fhirtypes';
import { seededRandom } from '../registry/synthetic/random.ts';
import { type CourseEvent, smerteregCourses } from '../registry/synthetic/smertereg-courses.ts';
import { instantOf } from '../registry/zone.ts';
import { SETTINGS } from '../runtime/settings.ts';
import { stopOnSignal } from '../runtime/shutdown.ts';
import type { Command } from './command.ts';
import { type RestClient, restClient } from './demo/rest-client.ts';
import { tally } from './demo/tally.ts';
import { tallyText } from './demo/tally-text.ts';

const FIRST_DAY = { year: 2026, month: 1, day: 1 };
const DAYS = 365;
const HOSPITALS = ['Organization/haukeland', 'Organization/st-olavs', 'Organization/unn'];
/** After the last event of a course: the last form's reminder and deadline come within six days of its dispatch. */
const AFTERMATH_MS = 45 * 86_400_000;

export const demo: Command = {
  summary: 'play synthetic courses over a year and tell what became of them (npm run demo)',
  operands: '',
  flags: { keep: 'keep the data folder and tell where it is' },
  options: { courses: 'how many courses (300)', seed: 'a number: the same one plays the same courses (1)' },
  async run({ settings, log, flags, options }) {
    const count = wholeNumber('courses', options.courses ?? '300', 100_000);
    const seed = wholeNumber('seed', options.seed ?? '1', 2 ** 32 - 1);
    const given = settings.dataDir !== SETTINGS.dataDir.initial;
    const dataDir = given ? settings.dataDir : await mkdtemp(path.join(os.tmpdir(), 'svar-demo-'));
    const kept = given || flags.has('keep');
    const { startServer } = await import('../server/server.ts');
    const testClock = instantOf(FIRST_DAY, { hour: 0, minute: 0, second: 0 }, 'Europe/Oslo');
    log.level = settings.logLevel === SETTINGS.logLevel.initial ? 'error' : settings.logLevel;
    const starting = startServer(
      { ...settings, port: 0, baseUrl: undefined, databaseUrl: undefined, dataDir, testClock },
      log,
    );
    const end = async (): Promise<void> => {
      const server = await starting;
      await server.stop();
      if (!kept) await rm(dataDir, { recursive: true, force: true });
    };
    stopOnSignal(end, log);
    try {
      const server = await starting;
      const client = restClient(server.url);
      if ((await client.all('EpisodeOfCare')).length > 0) {
        throw new Error(`${dataDir} holds courses already; a demo needs a new folder.`);
      }
      const started = performance.now();
      const requests = await playAll(client, await courses(client, count, seed));
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(`\n${tallyText(await tally(client))}\n`);
      process.stdout.write(`${count} courses over a year, ${requests} requests, in ${seconds.toFixed(0)} s\n`);
      if (kept) process.stdout.write(`The data is kept in ${dataDir}\n`);
    } finally {
      await end();
    }
  },
};

async function courses(client: RestClient, count: number, seed: number): Promise<readonly CourseEvent[]> {
  const forms = await client.all<Questionnaire>('Questionnaire');
  return smerteregCourses({
    count,
    from: FIRST_DAY,
    days: DAYS,
    random: seededRandom(seed),
    hospitals: HOSPITALS,
    forms: new Map(forms.map((form) => [form.url?.split('/').pop() ?? '', form])),
  });
}

/** Moves time from event to event and posts each, as the hospitals' systems would. @returns the number of requests */
async function playAll(client: RestClient, events: readonly CourseEvent[]): Promise<number> {
  let told = 0;
  for (const [index, { at, bundle }] of events.entries()) {
    await client.moveClock(at);
    await client.transaction(bundle);
    const percent = Math.floor(((index + 1) * 100) / events.length);
    if (percent >= told + 10) {
      told = percent - (percent % 10);
      process.stdout.write(`${at.toISOString().slice(0, 10)}  ${told} % of ${events.length} events\n`);
    }
  }
  const last = events.at(-1);
  if (last !== undefined) {
    await client.moveClock(new Date(last.at.getTime() + AFTERMATH_MS));
  }
  return events.length * 2 + 1;
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= 1 && number <= most)) {
    throw new Error(`--${name} must be a whole number from 1 to ${most}.`);
  }
  return number;
}
