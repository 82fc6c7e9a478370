import type { Queryable } from '../model/queryable.ts';
import type { AuditRow } from '../store/audit-row.ts';
import { auditRowColumns, type ChainStart } from './chain-store.ts';
import type { Counts, Findings } from './finding.ts';
import type { ChainKeys } from './recover.ts';
import { encoded, isWhole } from './row.ts';
import { genesis, type Seal, sealedBytes, sealHash, unpackedPlaces } from './seal.ts';

const LINKS_AT_ONCE = 200;
const ROWS_AT_ONCE = 5000;

/**
 * Goes through one chain, link by link: every row that a link names is there and unchanged, no other row is, and every
 * link follows from the one before.
 *
 * @param db one snapshot
 * @param isLive whether its process is at work: then its last rows need not be sealed yet
 */
export async function verifyChain(
  db: Queryable,
  keys: ChainKeys,
  start: ChainStart,
  isLive: boolean,
  findings: Findings,
  counts: Counts,
): Promise<void> {
  const { chain } = start;
  const rows = new RowsOfChain(db, chain);
  const suspect = new Set<bigint>();
  let previous: Seal | undefined;
  for await (const seal of linksOf(db, chain)) {
    counts.links += 1;
    const place = `chain ${chain}, link ${seal.number}`;
    const next = (previous?.number ?? 0) + 1;
    if (seal.number !== next) {
      findings.add('missing link', `chain ${chain}, links ${next} to ${seal.number - 1}`);
    }
    await rows.readTo(BigInt(seal.high));
    const held: Buffer[] = [];
    let isComplete = true;
    for (const n of unpackedPlaces(seal.rows)) {
      const row = rows.take(n);
      if (row === undefined) {
        findings.add('missing row', `${place}, row ${n}`);
        isComplete = false;
        continue;
      }
      counts.rows += 1;
      const bytes = encoded(row);
      if (!isWhole(keys.row, row, bytes)) {
        findings.add('changed row', `${place}, row ${n}`);
        isComplete = false;
      }
      held.push(sealedBytes(row, bytes));
    }
    const before = seal.number === 1 ? genesis(keys.seal, chain, start.started, start.heads) : previous?.hash;
    if (isComplete && seal.number === next && before !== undefined) {
      const hash = sealHash(keys.seal, seal, before, held);
      if (!hash.equals(seal.hash)) {
        findings.add('broken link', `${place}: it does not follow from the one before, or its rows were exchanged`);
      }
    }
    for (const n of rows.below(BigInt(seal.low))) {
      suspect.add(n);
    }
    for (const n of suspect) {
      if (!rows.has(n)) suspect.delete(n); // a later link holds it
    }
    previous = seal;
  }
  if (previous === undefined) {
    findings.add('missing link', `chain ${chain}: it has no links at all`);
  }
  for await (const row of rows.rest()) {
    if (suspect.has(BigInt(row.n)) || !isWhole(keys.row, row)) {
      findings.add('inserted row', `chain ${chain}, row ${row.n}: no link holds it`);
    } else if (isLive) {
      counts.pending += 1;
    } else {
      counts.left += 1;
    }
  }
}

async function* linksOf(db: Queryable, chain: number): AsyncGenerator<Seal> {
  for (let after = 0; ; ) {
    const { rows } = await db.query<Seal>({
      text: `select chain, number, at::float8 as at, low, high, kind, rows, hash from audit_seal
        where chain = $1 and number > $2 order by number limit ${LINKS_AT_ONCE}`,
      values: [chain, after],
    });
    yield* rows;
    if (rows.length < LINKS_AT_ONCE) {
      return;
    }
    after = rows.at(-1)?.number ?? after;
  }
}

/** The rows of a chain in the order of their places, read ahead only as far as links ask; those that none took stay. */
class RowsOfChain {
  readonly #db: Queryable;
  readonly #chain: number;
  readonly #held = new Map<bigint, AuditRow>();
  #last = -1n;
  #isAll = false;

  constructor(db: Queryable, chain: number) {
    this.#db = db;
    this.#chain = chain;
  }

  async readTo(place: bigint): Promise<void> {
    while (!this.#isAll && this.#last < place) {
      await this.#more();
    }
  }

  take(place: bigint): AuditRow | undefined {
    const row = this.#held.get(place);
    this.#held.delete(place);
    return row;
  }

  has(place: bigint): boolean {
    return this.#held.has(place);
  }

  *below(place: bigint): Generator<bigint> {
    for (const n of this.#held.keys()) {
      if (n >= place) {
        return; // they were read in ascending order
      }
      yield n;
    }
  }

  async *rest(): AsyncGenerator<AuditRow> {
    do {
      yield* this.#held.values();
      this.#held.clear();
      if (!this.#isAll) {
        await this.#more();
      }
    } while (!this.#isAll || this.#held.size > 0);
  }

  async #more(): Promise<void> {
    const { rows } = await this.#db.query<AuditRow>({
      name: 'audit_verified_rows',
      text: `select ${auditRowColumns('a')} from audit a where a.chain = $1 and a.n > $2
        order by a.n limit ${ROWS_AT_ONCE}`,
      values: [this.#chain, this.#last.toString()],
    });
    for (const row of rows) {
      this.#last = BigInt(row.n);
      this.#held.set(this.#last, row);
    }
    this.#isAll = rows.length < ROWS_AT_ONCE;
  }
}
