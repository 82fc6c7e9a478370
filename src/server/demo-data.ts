import type { Questionnaire } from '@medplum/fhirtypes';
import { systemCaller } from '../model/caller.ts';
import { foundResources } from '../packages/found-resources.ts';
import { loadPart } from '../packages/load-resources.ts';
import { refusalLines } from '../packages/report.ts';
import { ownFollowUp } from '../registry/synthetic/own-follow-up.ts';
import { seededRandom } from '../registry/synthetic/random.ts';
import { returningPatient } from '../registry/synthetic/returning-patient.ts';
import { type CourseEvent, smerteregCourses } from '../registry/synthetic/smertereg-courses.ts';
import { localOf, plusDays } from '../registry/zone.ts';
import { currentOfType } from '../store/read.ts';
import { changeSetting, settingOr } from '../store/settings.ts';
import { StoredClock } from '../store/stored-clock.ts';
import { transactionOn } from '../store/transaction.ts';
import { createFhirServer, type FhirServer, type FhirServerParts } from './fhir-server.ts';
import { loaderOf } from './loader.ts';

const COURSES = 15;
const DAYS = 21;
const SEED = 51;
/** Whom the demo's login `patient` is: has answered before, has something to answer now, and sees results of their own. */
const RETURNING = { patient: '0001', hospital: 'Organization/haukeland' };
const HOSPITALS = ['Organization/haukeland', 'Organization/st-olavs', 'Organization/unn'];

const STATE = 'demo_data';
const DONE = 'done';
/** One process at a time plays. */
const PLAYING_LOCK = 16;

/**
 * Gives a demo server, at its first start, synthetic courses of the last weeks in all their states: played through a
 * server of its own on the same database, whose clock is moved over these weeks and then taken away again. A database
 * that has patients of its own gets none. Killed half-way it goes on at the next start.
 *
 * @param now where the last of these weeks ends
 */
export async function loadDemoData(parts: FhirServerParts, fhir: FhirServer, now: Date): Promise<void> {
  const { pool } = parts;
  const client = await pool.connect();
  try {
    await client.query(`select pg_advisory_lock(${PLAYING_LOCK}, 0)`);
    const first = new Date(now.getTime() - DAYS * 86_400_000).toISOString();
    const { value: state, made } = await settingOr(client, STATE, first);
    if (state !== DONE) {
      if (made) {
        await StoredClock.remove(client); // of a server that ran on this database with a test clock before
      }
      if (await isOurs(fhir, !made)) {
        await play(parts, new Date(state), now);
      }
      // both or neither: played again over its own end, the weeks would take everything back to its beginning
      await transactionOn(client, async () => {
        await StoredClock.remove(client);
        await changeSetting(client, STATE, DONE);
      });
      await fhir.refresh();
    }
  } finally {
    // The lock ends with its connection.
    client.release(true);
  }
}

/** Whether a database has no patients, or, where a start was killed half-way, those of the demo alone. */
async function isOurs(fhir: FhirServer, begun: boolean): Promise<boolean> {
  const query = [['_count', String(COURSES + 1)]] as const;
  const { matches } = await fhir.interactions.search(systemCaller, 'Patient', query, { lenient: false });
  return matches.every(({ id }) => begun && id.startsWith('demo-'));
}

async function play(parts: FhirServerParts, start: Date, now: Date): Promise<void> {
  const past = await createFhirServer({ ...parts, testClock: start });
  try {
    const forms = (await currentOfType(parts.pool, systemCaller, 'Questionnaire')).map(
      ({ content }) => JSON.parse(content) as Questionnaire,
    );
    const story = {
      random: seededRandom(SEED),
      hospitals: HOSPITALS,
      forms: new Map(forms.map((form) => [form.url?.split('/').pop() ?? '', form])),
    };
    const all = smerteregCourses({
      ...story,
      count: COURSES,
      // the clock stands at some time of the first day; a course must not begin before it
      from: plusDays(localOf(start, 'Europe/Oslo'), 1),
      days: DAYS - 1,
    });
    const again = returningPatient(story, RETURNING.patient, RETURNING.hospital, now);
    const nrs = story.forms.get('nrs');
    const own = nrs === undefined ? [] : ownFollowUp(nrs, RETURNING.patient, now);
    const events = [...all, ...again, ...own].sort((left, right) => left.at.getTime() - right.at.getTime());
    for (const event of events.filter(({ at }) => at.getTime() <= now.getTime())) {
      if (event.at.getTime() >= past.engine.clock.now().getTime()) {
        await past.advance(event.at);
        await post(past, event);
      }
    }
    await past.advance(now);
  } finally {
    await past.stop();
  }
}

async function post(past: FhirServer, { what, bundle }: CourseEvent): Promise<void> {
  const { resources } = foundResources([{ name: `demo data (${what})`, bytes: Buffer.from(JSON.stringify(bundle)) }]);
  const { refusals } = await loadPart(loaderOf(past), resources);
  if (refusals.length > 0) {
    throw new Error(`The demo data cannot be loaded:\n${refusalLines(refusals).join('\n')}`);
  }
}
