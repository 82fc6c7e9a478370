import type { KeyObject } from 'node:crypto';
import type { Queryable } from '../model/queryable.ts';
import {
  chainStart,
  insertSeal,
  lastSeal,
  lockChain,
  rowsFrom,
  sealsFrom,
  unfinishedChains,
  unlockChain,
} from './chain-store.ts';
import { isWhole } from './row.ts';
import { AT_WORK, genesis, packedPlaces, RECOVERED, type Seal, sealedBytes, sealHash, unpackedPlaces } from './seal.ts';

export interface ChainKeys {
  /** Of the macs of rows. */
  readonly row: KeyObject;
  /** Of the hashes of links. */
  readonly seal: KeyObject;
}

/**
 * Seals what processes that were killed have stored and not sealed, with a mark that says so. A row whose mac is wrong is
 * not sealed: verify tells of it.
 *
 * @param db one session, which holds the locks
 * @param now ms since 1970
 * @param own the chain of this session, whose lock would be given to it once more
 * @returns how many rows were sealed
 */
export async function recover(db: Queryable, keys: ChainKeys, now: number, own?: number): Promise<number> {
  let sealed = 0;
  for (const chain of await unfinishedChains(db, now)) {
    if (chain !== own && (await lockChain(db, chain))) {
      try {
        sealed += await recoverOne(db, keys, chain, now);
      } finally {
        await unlockChain(db, chain);
      }
    }
  }
  return sealed;
}

async function recoverOne(db: Queryable, keys: ChainKeys, chain: number, now: number): Promise<number> {
  const start = await chainStart(db, chain);
  if (start === undefined) {
    return 0;
  }
  const last = await lastSeal(db, chain);
  const low = last?.low ?? '0';
  const known = new Set((await sealsFrom(db, chain, low)).flatMap(({ rows }) => unpackedPlaces(rows)));
  const rows = (await rowsFrom(db, chain, low)).filter((row) => !known.has(BigInt(row.n)) && isWhole(keys.row, row));
  if (rows.length === 0 && last !== undefined && last.kind !== AT_WORK) {
    return 0;
  }
  const seal: Omit<Seal, 'hash'> = {
    chain,
    number: (last?.number ?? 0) + 1,
    at: now,
    // a commit that was under way may still come: what lies above stays to be looked at
    low,
    high: rows.at(-1)?.n ?? '-1',
    kind: RECOVERED,
    rows: packedPlaces(rows.map(({ n }) => BigInt(n))),
  };
  const previous = last?.hash ?? genesis(keys.seal, chain, start.started, start.heads);
  await insertSeal(
    db,
    {
      ...seal,
      hash: sealHash(
        keys.seal,
        seal,
        previous,
        rows.map((row) => sealedBytes(row)),
      ),
    },
    [],
  );
  return rows.length;
}
