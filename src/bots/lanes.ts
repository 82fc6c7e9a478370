import type { OutboxRow } from '../store/outbox.ts';

/** Events that are handed over in one transaction. */
export type Batch = readonly OutboxRow[];

/** How many events make it worth while to hand them over together, and how many one transaction takes. */
export const TOGETHER = { least: 8, most: 100 } as const;

/**
 * Lays due events into lanes, each of which is gone through batch by batch; the events of a shard are in one lane, so that
 * lanes don't wait for each other. A batch holds events of different patients for one bot; the events of a patient keep
 * their order.
 */
export function lanesOf(events: readonly OutboxRow[]): Batch[][] {
  const lanes: Batch[][] = [];
  let lane: OutboxRow[] = [];
  for (const ofShard of Map.groupBy(events, ({ shard }) => shard).values()) {
    lane.push(...ofShard);
    if (lane.length >= TOGETHER.most) {
      lanes.push(batchesOf(lane));
      lane = [];
    }
  }
  return [...lanes, ...(lane.length < TOGETHER.least ? singleLanes(lane) : [batchesOf(lane)])];
}

/** The same with a transaction for each event; as many shards at a time as there are workers. */
export function singleLanes(events: readonly OutboxRow[]): Batch[][] {
  return [...Map.groupBy(events, ({ shard }) => shard).values()].map((ofShard) => ofShard.map((event) => [event]));
}

function batchesOf(events: readonly OutboxRow[]): Batch[] {
  const batches: Batch[] = [];
  let left = events;
  while (left.length > 0) {
    // the first of each patient; what comes after it waits for the next round
    const seen = new Set<string>();
    const first = left.filter(({ stream }) => !seen.has(stream) && seen.add(stream));
    for (const ofBot of Map.groupBy(first, ({ bot }) => bot).values()) {
      if (ofBot.length >= TOGETHER.least) {
        for (let from = 0; from < ofBot.length; from += TOGETHER.most) {
          batches.push(ofBot.slice(from, from + TOGETHER.most));
        }
      } else {
        batches.push(...ofBot.map((event) => [event]));
      }
    }
    const done = new Set(first);
    left = left.filter((event) => !done.has(event));
  }
  return batches;
}
