import type { OutboxRow } from '../store/outbox.ts';

/** Events that are handed over in one transaction. */
export type Batch = readonly OutboxRow[];

/** How many events make it worth while to hand them over together, and how many one transaction takes. */
export const TOGETHER = { least: 8, most: 100 } as const;

/**
 * Lays due events into lanes, each of which is gone through batch by batch; the events of a shard are in one lane, so that
 * lanes don't wait for each other. A batch holds events of different patients for one bot; the events of a patient keep
 * their order.
 *
 * @param together whether a bot's events may be handed over in one transaction
 */
export function lanesOf(events: readonly OutboxRow[], together: (bot: string) => boolean): Batch[][] {
  const lanes: Batch[][] = [];
  const few: (readonly OutboxRow[])[] = [];
  let lane: OutboxRow[] = [];
  for (const ofShard of Map.groupBy(events, ({ shard }) => shard).values()) {
    if (ofShard.some(({ bot }) => together(bot))) {
      lane.push(...ofShard);
    } else {
      few.push(ofShard);
    }
    if (lane.length >= TOGETHER.most) {
      lanes.push(batchesOf(lane, together));
      lane = [];
    }
  }
  if (lane.length >= TOGETHER.least) {
    lanes.push(batchesOf(lane, together));
  } else {
    few.push(...Map.groupBy(lane, ({ shard }) => shard).values());
  }
  // where no transaction is shared, each shard is a lane: as many at a time as there are workers
  return [...lanes, ...few.map((ofShard) => ofShard.map((event) => [event]))];
}

function batchesOf(events: readonly OutboxRow[], together: (bot: string) => boolean): Batch[] {
  const batches: Batch[] = [];
  let left = events;
  while (left.length > 0) {
    // the first of each patient; what comes after it waits for the next round
    const seen = new Set<string>();
    const first = left.filter(({ stream }) => !seen.has(stream) && seen.add(stream));
    for (const [bot, ofBot] of Map.groupBy(first, (event) => event.bot)) {
      if (ofBot.length >= TOGETHER.least && together(bot)) {
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
