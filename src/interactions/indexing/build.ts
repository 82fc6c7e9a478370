import type { Resource } from '@medplum/fhirtypes';
import type pg from 'pg';
import type { IndexRows } from '../../model/index-rows.ts';
import { typeNumber } from '../../model/resource-types.ts';
import type { Rid } from '../../model/rid.ts';
import { param32 } from '../../search/hash64.ts';
import { paramName } from '../../search/keys.ts';
import { lockWriters } from '../../store/locks.ts';
import { batchOf, putPostings, removePostings } from '../../store/rebuild.ts';
import { transactionOn } from '../../store/transaction.ts';
import type { Engine } from '../engine.ts';
import { postings } from '../postings.ts';
import type { PendingParameter } from './custom-parameters.ts';

const BATCH = 100;
/** Parameters that have changed again meanwhile are not done: their generation has passed. */
const IN_FORCE = "$3 = coalesce((select value from setting where name = 'definitions'), '0')";
/** One process at a time makes rows. */
const BUILDING_LOCK = 15;
const UNLOCK = `select pg_advisory_unlock(${BUILDING_LOCK}, 0)`;

/**
 * Makes the rows of parameters that are not complete, then marks them so. Writers already index the parameter (see
 * customParameters); rows of a former definition, or of one that is no longer active, are removed first.
 *
 * @returns whether the parameters are complete now; false where another process is at it
 */
export async function buildParameters(engine: Engine, pending: readonly PendingParameter[]): Promise<boolean> {
  // all on one connection: who holds one and waits for another may wait for ever
  const client = await engine.pool.connect();
  let broken: Error | undefined;
  try {
    const lock = await client.query<{ got: boolean }>(`select pg_try_advisory_lock(${BUILDING_LOCK}, 0) as got`);
    const got = lock.rows[0]?.got === true;
    for (const parameter of got ? pending : []) {
      await buildOne(engine, client, parameter);
    }
    if (got) {
      await client.query(UNLOCK);
    }
    return got;
  } catch (failure) {
    // a lock that cannot be given back ends with its connection
    broken = await client
      .query('rollback')
      .then(() => client.query(UNLOCK))
      .then(
        () => undefined,
        (lost: Error) => lost,
      );
    throw failure;
  } finally {
    client.release(broken);
  }
}

async function buildOne(engine: Engine, client: pg.ClientBase, { type, code }: PendingParameter): Promise<void> {
  const { parameters, generation } = engine.definitions();
  const param = parameters.get(type, code);
  if (param === undefined) {
    await removePostings(client, param32(paramName({ type, keptAs: code })));
  } else if (!param.complete) {
    await removePostings(client, param32(paramName(param)));
    await pass(engine, client, type, paramName(param), param.ordinal);
  } // else R4 has a parameter of this name, which goes on as it is
  for (const done of [
    "delete from search_parameter where fingerprint = ''",
    "update search_parameter set complete = true where fingerprint <> ''",
  ]) {
    await client.query(`${done} and type = $1 and code = $2 and ${IN_FORCE}`, [typeNumber(type), code, generation]);
  }
}

async function pass(engine: Engine, client: pg.ClientBase, type: string, name: string, ordinal: number): Promise<void> {
  let after: Rid | undefined = '0';
  while (after !== undefined) {
    const from: Rid = after;
    after = await transactionOn(client, async () => {
      // a write that waited for rows of this batch would not see the postings that it has to remove
      await lockWriters(client);
      const batch = await batchOf(client, type, from, BATCH);
      for (const stored of batch) {
        const rows = ofParameter(engine.definitions().extract(JSON.parse(stored.content) as Resource), name);
        const present = withBit(stored.present, ordinal, rows.present.includes(ordinal));
        await putPostings(client, stored.rid, param32(name), present, postings(rows, engine.hashSeed));
      }
      return batch.length < BATCH ? undefined : batch.at(-1)?.rid;
    });
  }
}

function ofParameter(rows: IndexRows, name: string): IndexRows {
  const mine = (key: string): boolean => key.startsWith(`${name}\n`);
  return {
    ...rows,
    tokens: rows.tokens.filter(mine),
    ranges: rows.ranges.filter((row) => mine(row.key)),
    strings: rows.strings.filter((row) => mine(row.key)),
  };
}

function withBit(bitmap: Buffer, ordinal: number, value: boolean): Buffer {
  const bytes = Buffer.alloc(Math.max(bitmap.length, (ordinal >> 3) + 1));
  bitmap.copy(bytes);
  const byte = bytes[ordinal >> 3] ?? 0;
  bytes[ordinal >> 3] = value ? byte | (1 << (ordinal & 7)) : byte & ~(1 << (ordinal & 7));
  return bytes;
}
