import type { Basic, Organization } from '@medplum/fhirtypes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';
import type { Bot } from './bot.ts';
import { nextFire } from './next-fire.ts';

const START = '2026-03-27T12:00:00+01:00';

let first: TestServer;
let second: TestServer;
let client: Rest;
let broken: boolean;

const daily: Bot = {
  declaration: { name: 'daily', kind: 'cron', cron: '30 16 * * *', timezone: 'Europe/Oslo' },
  async handler(medplum, event) {
    await medplum.createResource<Organization>({
      resourceType: 'Organization',
      name: (event.input as Basic).code.text ?? '',
    });
    if (broken) {
      throw new Error('not today');
    }
  },
};

beforeEach(async () => {
  broken = false;
  const options = { packages: false, background: false, testClock: START, bots: [daily] };
  first = await testServer(options);
  second = await testServer({ ...options, database: first.database });
  client = rest(first.base);
  await first.fhir.runner.drain();
});

afterEach(async () => {
  await second.close();
  await first.close();
});

const runs = async (): Promise<string[]> =>
  (await client.search<Organization>('Organization?_count=500')).map(({ name }) => name ?? '').sort();

async function drainAt(instant: string): Promise<void> {
  await first.fhir.clock?.moveTo(Date.parse(instant));
  await second.fhir.clock?.refresh();
  await Promise.all([first, second, first].map(({ fhir }) => fhir.runner.drain()));
}

test('runs once for each due time, however many processes there are, across the change to summer time', async () => {
  await first.fhir.advance(new Date('2026-03-31T00:00:00+02:00'));
  expect(await runs()).toEqual([
    '2026-03-27T15:30:00.000Z',
    '2026-03-28T15:30:00.000Z',
    '2026-03-29T14:30:00.000Z',
    '2026-03-30T14:30:00.000Z',
  ]);
});

test('two processes at the same instant run it once', async () => {
  await drainAt('2026-03-27T16:29:59+01:00');
  expect(await runs()).toEqual([]);
  await drainAt('2026-03-27T16:30:00+01:00');
  expect(await runs()).toEqual(['2026-03-27T15:30:00.000Z']);
  await drainAt('2026-03-27T16:31:00+01:00');
  expect(await runs()).toHaveLength(1);
});

test('what fell due while nobody ran is caught up, each due time once', async () => {
  await drainAt('2026-10-27T12:00:00+01:00');
  const done = await runs();
  expect(done).toHaveLength(214);
  expect(new Set(done).size).toBe(214);
  expect(done.filter((run) => run.startsWith('2026-10-2')).slice(-4)).toEqual([
    '2026-10-23T14:30:00.000Z',
    '2026-10-24T14:30:00.000Z',
    '2026-10-25T15:30:00.000Z',
    '2026-10-26T15:30:00.000Z',
  ]);
}, 60_000);

test('a run that fails leaves nothing and is done later', async () => {
  broken = true;
  await drainAt('2026-03-27T16:30:00+01:00');
  expect(await runs()).toEqual([]);
  broken = false;
  await drainAt('2026-03-27T16:32:00+01:00');
  expect(await runs()).toEqual(['2026-03-27T15:30:00.000Z']);
});

test.each([
  ['2026-03-28T12:00:00+01:00', ['2026-03-28T15:30', '2026-03-29T14:30', '2026-03-30T14:30']],
  ['2026-10-24T12:00:00+02:00', ['2026-10-24T14:30', '2026-10-25T15:30', '2026-10-26T15:30']],
])('16:30 is 16:30 on both sides of a clock change (%s)', (from, expected) => {
  const found: string[] = [];
  let at = Date.parse(from);
  while (found.length < expected.length) {
    at = nextFire('30 16 * * *', 'Europe/Oslo', at) ?? Number.NaN;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  expect(found).toEqual(expected);
});

test('a due time is after the instant, never the instant itself; a pattern that never fires is refused', () => {
  const due = Date.parse('2026-03-27T15:30:00Z');
  expect(nextFire('30 16 * * *', 'Europe/Oslo', due - 1)).toBe(due);
  expect(nextFire('30 16 * * *', 'Europe/Oslo', due)).toBe(due + 86_400_000);
  expect(() => nextFire('0 0 30 2 *', 'Europe/Oslo', due)).toThrow('impossible');
});
