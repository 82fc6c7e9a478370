import type { Consent, ResearchSubject } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { courseOf } from '../../../src/registry/membership.ts';
import { orderStatus } from '../../../src/registry/order.ts';
import { type TestServer, testServer } from '../../kit/fhir-server.ts';
import { type Action, PATIENT_FORMS, stories } from './actions.ts';
import { type Actors, actorsOf, World } from './world.ts';

/** The same stories each time; others, and more, by hand: SVAR_STORIES=200 npx vitest run tests/smertereg/invariants */
const { SVAR_STORIES, SVAR_SEED } = process.env;
const STORIES = Number(SVAR_STORIES ?? 8);
const SEED = SVAR_SEED !== undefined ? Number(SVAR_SEED) : SVAR_STORIES === undefined ? 1 : undefined;

let server: TestServer;
let actors: Actors;
let serial = 0;

beforeAll(async () => {
  server = await testServer({ identity: true, testClock: '2026-03-02T08:00:00+01:00' });
  actors = await actorsOf(server);
});

afterAll(() => server.close());

test('whatever staff and patients do, in whatever order: no national membership without its basis, no order to a withdrawn, dead or stopped patient, no locked form changed by LU, no notice twice, the state derivable from scratch equals the state stored', {
  timeout: 600_000,
}, async () => {
  await fc.assert(fc.asyncProperty(stories, holds), {
    numRuns: STORIES,
    ...(SEED === undefined ? {} : { seed: SEED }),
    endOnFailure: process.env.SVAR_STORIES === undefined,
  });
});

async function holds(story: readonly Action[]): Promise<void> {
  serial += 1;
  const world = await World.begin(server, actors, serial);
  await world.readForms([...PATIENT_FORMS, 'smertereg-b22']);
  const done: string[] = [];
  for (const action of story) {
    const status = await world.act(action);
    done.push(`${JSON.stringify(action)} → ${status ?? 'nothing to do'}`);
    const told = done.join('\n');
    expect(status ?? 0, told).toBeLessThan(500);
    await server.fhir.runner.drain();
    await world.remember();
    expect(world.broken, told).toEqual([]);
    await basisHolds(world, told);
    await nobodyIsAskedInVain(world, told);
    await noNoticeTwice(world, told);
    await derivedAgain(world, told);
  }
}

/** National membership: criteria answered yes, formally referred, a consent that stands. Judged here by the facts alone. */
async function basisHolds(world: World, told: string): Promise<void> {
  const consents = await world.consents();
  const open = (await world.memberships()).filter(({ period }) => period?.end === undefined);
  for (const course of world.courses) {
    const own = open.filter((subject) => courseOf(subject) === `EpisodeOfCare/${course.episode}`);
    expect(own.length, told).toBeLessThanOrEqual(1);
    const to = await world.to(course);
    const said = (linkId: string): string[] =>
      (to?.item ?? [])
        .filter((item) => item.linkId === linkId)
        .flatMap((item) => (item.answer ?? []).flatMap(({ valueCoding }) => valueCoding?.code ?? []));
    const meets =
      said('Tilsett')[0] === '1' &&
      said('Norsktalende')[0] === '1' &&
      said('KognSvekket')[0] === '0' &&
      said('HenvistVia').includes('Tilsynsanmodnin');
    const wanted = meets && consentStands(consents, course.episode);
    expect(own.some(isNational), `${told}\nnational: criteria ${meets}`).toBe(wanted);
  }
}

function isNational({ study, status }: ResearchSubject): boolean {
  return study.reference === 'ResearchStudy/smertereg' && status === 'on-study';
}

/** The course's own consent is active, and none of the patient's has been withdrawn on its day or later. */
function consentStands(consents: readonly Consent[], episode: string): boolean {
  const own = consents.find(
    ({ status, provision }) =>
      status === 'active' && JSON.stringify(provision ?? {}).includes(`EpisodeOfCare/${episode}"`),
  );
  if (own === undefined) return false;
  const given = Date.parse(own.dateTime ?? '');
  return !consents.some(({ status, dateTime }) => status === 'inactive' && Date.parse(dateTime ?? '') >= given);
}

/** An order that asks somebody: of a member who lives, in a course whose forms nobody has stopped. */
async function nobodyIsAskedInVain(world: World, told: string): Promise<void> {
  const national = (await world.memberships()).filter((each) => isNational(each) && each.period?.end === undefined);
  const { deceasedDateTime, deceasedBoolean } = await world.person();
  for (const course of world.courses) {
    const asking = (await world.orders(course)).filter((order) =>
      ['ordered', 'sent', 'reminded', 'unreachable'].includes(orderStatus(order) ?? ''),
    );
    if (asking.length === 0) continue;
    const why = `${told}\n${asking.map((order) => orderStatus(order)).join(', ')}`;
    expect(world.stopped.has(course.episode), `${why}: stopped`).toBe(false);
    expect(deceasedDateTime ?? deceasedBoolean, `${why}: dead`).toBeUndefined();
    expect(
      national.some((subject) => courseOf(subject) === `EpisodeOfCare/${course.episode}`),
      `${why}: no member`,
    ).toBe(true);
  }
}

async function noNoticeTwice(world: World, told: string): Promise<void> {
  const names = (await world.notices()).flatMap(({ identifier }) => identifier?.[0]?.value ?? []);
  expect(new Set(names).size, told).toBe(names.length);
  const keys = server.sent.map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(keys).size, told).toBe(keys.length);
}

/** Deriving it again from the facts changes no version of what is stored. */
async function derivedAgain(world: World, told: string): Promise<void> {
  const before = await world.derived();
  await world.settleAgain();
  expect(await world.derived(), told).toEqual(before);
}
