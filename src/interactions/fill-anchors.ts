import type pg from 'pg';
import type { Queryable } from '../model/queryable.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import {
  type HistoryKey,
  historyWithoutAnchor,
  patientsAfter,
  putHistoryInPlace,
  putInPlace,
  rowsWithoutAnchor,
  storedTypes,
} from '../store/anchors.ts';
import { lockWriters } from '../store/locks.ts';
import { settingOr } from '../store/settings.ts';
import { transactionOn } from '../store/transaction.ts';
import type { Engine } from './engine.ts';
import { placesOf } from './placing.ts';
import { settlePatients } from './settle-ties.ts';

/** The setting that tells that it was done. */
const DONE = 'anchors';
/** One process at a time. */
const LOCK = 'select pg_advisory_lock(16, 0)';
const UNLOCK = 'select pg_advisory_unlock(16, 0)';
const BATCH = 500;
const PATIENTS_BATCH = 100;
/** What others have their anchors from comes first. */
const FIRST = [
  'Patient',
  'Organization',
  'EpisodeOfCare',
  'ServiceRequest',
  'Encounter',
  'QuestionnaireResponse',
  'Task',
];
/** Rounds in which a resource waits for what it has its anchor from; after them it has its patient's. */
const ROUNDS = 4;

/**
 * Gives anchors and ties to what was stored before there were any; to be done before the server answers. In batches,
 * each a transaction while nobody writes. What is broken off goes on with the next start, since only rows without anchor
 * are looked at; once it is done, a setting tells so.
 */
export async function fillAnchors(engine: Engine): Promise<void> {
  const client = await engine.pool.connect();
  let broken: Error | undefined;
  try {
    if (!(await isDone(client))) {
      await client.query(LOCK);
      if (!(await isDone(client))) {
        await fill(engine, client);
        await settingOr(client, DONE, 'made');
      }
      await client.query(UNLOCK);
    }
  } catch (failure) {
    broken = failure as Error; // its lock ends with the connection
    throw failure;
  } finally {
    client.release(broken);
  }
}

async function isDone(db: Queryable): Promise<boolean> {
  const { rows } = await db.query({ text: 'select 1 from setting where name = $1', values: [DONE] });
  return rows.length > 0;
}

async function fill(engine: Engine, client: pg.ClientBase): Promise<void> {
  const stored = await storedTypes(client);
  let types = [...FIRST.filter((type) => stored.includes(type)), ...stored.filter((type) => !FIRST.includes(type))];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const waiting = new Set<string>();
    for (const type of types) {
      await inBatches('0', (after) => placeRows(engine, client, type, after, round < ROUNDS ? waiting : undefined));
    }
    types = types.filter((type) => waiting.has(type));
  }
  await inBatches({ shard: 0, rid: '0', version: 0 }, (after) => placeHistory(engine, client, after));
  await inBatches('0', (after) => settleSome(engine, client, after));
}

async function inBatches<T>(first: T, batch: (after: T) => Promise<T | undefined>): Promise<void> {
  for (let after: T | undefined = first; after !== undefined; ) {
    after = await batch(after);
  }
}

/** @param waiting the types of rows that are left for the next round; undefined where it is the last */
function placeRows(
  engine: Engine,
  client: pg.ClientBase,
  type: string,
  after: Rid,
  waiting: Set<string> | undefined,
): Promise<Rid | undefined> {
  return transactionOn(client, async () => {
    await lockWriters(client);
    const rows = await rowsWithoutAnchor(client, type, after, BATCH);
    const places = await placesOf(engine, client, rows);
    if (places.some(({ waits }) => waits)) {
      waiting?.add(type);
    }
    await putInPlace(
      client,
      places.filter(({ waits, anchor }) => (waiting === undefined || !waits) && anchor !== undefined),
    );
    return rows.length < BATCH ? undefined : rows.at(-1)?.rid;
  });
}

function placeHistory(engine: Engine, client: pg.ClientBase, after: HistoryKey): Promise<HistoryKey | undefined> {
  return transactionOn(client, async () => {
    const rows = await historyWithoutAnchor(client, after, BATCH);
    await putHistoryInPlace(client, await placesOf(engine, client, rows));
    const last = rows.at(-1);
    return last && rows.length === BATCH
      ? { shard: shardOfRid(last.rid), rid: last.rid, version: last.version }
      : undefined;
  });
}

function settleSome(engine: Engine, client: pg.ClientBase, after: Rid): Promise<Rid | undefined> {
  return transactionOn(client, async () => {
    await lockWriters(client);
    const patients = await patientsAfter(client, after, PATIENTS_BATCH);
    await settlePatients(engine, client, patients);
    return patients.length < PATIENTS_BATCH ? undefined : patients.at(-1);
  });
}
