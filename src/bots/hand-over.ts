import type { Resource } from '@medplum/fhirtypes';
import { applyWithin } from '../interactions/commit.ts';
import type { Engine, Unit } from '../interactions/engine.ts';
import { Companions } from '../interactions/with-others.ts';
import { systemCaller } from '../model/caller.ts';
import type { StoredVersion } from '../model/stored.ts';
import { tryLocks } from '../store/locks.ts';
import { finishEvents, type OutboxRow, takeEvents } from '../store/outbox.ts';
import { readRids, readVersion } from '../store/read.ts';
import { type CallBot, concernedBy, type ReadyBot } from './hooks.ts';

export interface HandOver {
  readonly engine: Engine;
  readonly bots: ReadonlyMap<string, ReadyBot>;
  readonly call: CallBot;
  /** ms since 1970 */
  readonly now: number;
}

export interface HandedOver {
  readonly taken: number;
  readonly busy: ReadonlySet<number>;
}

/**
 * Hands events over within a unit: their shards are locked, the events taken that nobody else has, their bots called, the
 * events deleted. Several are of different streams; their bots then work at the same time (Companions). What somebody else
 * is at work for at the moment, who may take long, is left for the next look.
 * @returns how many were taken, and the shards at which somebody else is at work
 */
export async function handOver(parts: HandOver, unit: Unit, events: readonly OutboxRow[]): Promise<HandedOver> {
  const { engine, now } = parts;
  const exclusive = [...new Set(events.map(({ shard }) => shard))].sort((a, b) => a - b);
  const busy = await tryLocks(unit.client, { exclusive, shared: [], targets: [], deleted: [] });
  for (const shard of exclusive) {
    if (!busy.has(shard)) unit.held.add(shard);
  }
  const free = events.filter(({ shard }) => !busy.has(shard));
  const taken = free.length === 0 ? [] : await takeEvents(unit.client, free, now);
  if (taken.length === 0) {
    return { taken: 0, busy };
  }
  const rids = [...new Set(taken.map(({ rid }) => rid))];
  const versions = await readRids(unit.client, systemCaller, rids);
  const current = new Map(versions.map((version) => [version.rid, version]));
  const calls = taken.map((event) => (own: Unit) => handOverOne(parts, own, event, current.get(event.rid)));
  const [only] = calls;
  if (calls.length === 1 && only !== undefined) {
    await only(unit);
  } else {
    await new Companions(engine, unit, applyWithin).run(calls);
  }
  await finishEvents(unit.client, taken);
  return { taken: taken.length, busy };
}

async function handOverOne(
  { engine, bots, call, now }: HandOver,
  unit: Unit,
  event: OutboxRow,
  current: StoredVersion | undefined,
): Promise<void> {
  const bot = bots.get(event.bot);
  if (bot === undefined) {
    throw new Error(`there is no bot ${event.bot} any more`);
  }
  if (current === undefined || (current.deleted && event.interaction !== 'delete')) {
    return;
  }
  const version = current.deleted ? await readVersion(unit.client, systemCaller, current, event.version - 1) : current;
  if (version === undefined) {
    return;
  }
  const resource = JSON.parse(version.content) as Resource;
  const { interaction } = event;
  const change = {
    interaction,
    type: version.type,
    id: version.id,
    resource,
    previous: undefined,
    rows: engine.definitions().extract(resource),
  };
  const due = bot.dueOf(resource);
  // the resource may have changed since: what no longer concerns the bot is dropped, what is due later has a new event
  if (concernedBy(bot, change) && due !== undefined && due <= now) {
    await call(unit, bot, resource);
  }
}
