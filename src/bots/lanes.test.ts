import { expect, test } from 'vitest';
import type { OutboxRow } from '../store/outbox.ts';
import { lanesOf, singleLanes } from './lanes.ts';

let n = 0;
const event = (bot: string, patient: number, shard = 1 + (patient % 50)): OutboxRow => {
  n += 1;
  const stream = String(patient);
  return {
    ...{ shard, n: String(n), stream, bot, type: 'Task', rid: String(n), version: 1 },
    ...{ interaction: 'create', due: 0, attempts: 0 },
  };
};
const many = (count: number, bot = 'dispatch'): OutboxRow[] => Array.from({ length: count }, (_, i) => event(bot, i));

test('many events of one bot share transactions, no two of one patient in one, each event once', () => {
  const events = many(350);
  const lanes = lanesOf(events);
  const batches = lanes.flat();
  expect(batches.flat().toSorted((a, b) => Number(a.n) - Number(b.n))).toEqual(events);
  expect(batches.length).toBeLessThan(10);
  for (const batch of batches) {
    expect(new Set(batch.map(({ stream }) => stream)).size).toBe(batch.length);
    expect(new Set(batch.map(({ bot }) => bot)).size).toBe(1);
    expect(batch.length).toBeLessThanOrEqual(100);
  }
});

test('a shard is in one lane', () => {
  const shards = lanesOf(many(400)).flatMap((lane) => [...new Set(lane.flat().map(({ shard }) => shard))]);
  expect(new Set(shards).size).toBe(shards.length);
});

test('the events of a patient keep their order, whatever bots they are for', () => {
  const events = [...many(20), ...many(20, 'answer'), ...many(20)];
  for (const lane of lanesOf(events)) {
    for (const own of Map.groupBy(lane.flat(), ({ stream }) => stream).values()) {
      expect(own.map((one) => Number(one.n))).toEqual(own.map((one) => Number(one.n)).sort((a, b) => a - b));
    }
  }
});

test('few events have a transaction each', () => {
  expect(
    lanesOf(many(7))
      .flat()
      .map((batch) => batch.length),
  ).toEqual(Array(7).fill(1));
  expect(singleLanes(many(100)).flat()).toHaveLength(100);
});
