import type pg from 'pg';
import type { AuditRow } from '../store/audit-row.ts';
import { insertRows, insertSeal, storedRows } from './chain-store.ts';
import type { ChainKeys } from './recover.ts';
import { AT_WORK, type Head, LAST, packedPlaces, type Seal, sealedBytes, sealHash } from './seal.ts';

interface Waiting {
  readonly rows: readonly AuditRow[];
  readonly resolve: () => void;
  readonly reject: (problem: unknown) => void;
}

/** Requests whose rows go into one link. */
const REQUESTS_MAX = 256;
/** Rows of writes that one link takes. */
const STORED_MAX = 4096;
/** A link is made this often, for all rows that were stored meanwhile. */
const LINK_MS = 100;
/** A row whose commit nobody told of is looked for after this time, and given up after that. */
const LOOKED_FOR_MS = 60_000;
const GIVEN_UP_MS = 900_000;

/**
 * One chain at work, on a connection of its own, whose advisory lock tells other processes that it is. What is appended at
 * the same time becomes one statement and one commit; ten times a second the statement holds a link too, which seals the
 * rows that were stored since the last.
 *
 * After any failure nobody knows what was stored; the session is lost, and the process goes on with another chain.
 */
export class ChainSession {
  readonly chain: number;
  readonly #client: pg.Client;
  readonly #keys: ChainKeys;
  readonly #now: () => number;
  /** Places that were given and are in no link yet, with the time. */
  readonly #unsettled = new Map<bigint, number>();
  #last: { readonly number: number; readonly hash: Buffer };
  #lastAt = 0;
  #place = 0n;
  #waiting: Waiting[] = [];
  #stored: AuditRow[] = [];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;
  #over: unknown;

  /** @param begins the hash at which the chain begins */
  constructor(client: pg.Client, chain: number, begins: Buffer, keys: ChainKeys, now: () => number) {
    this.chain = chain;
    this.#client = client;
    this.#keys = keys;
    this.#now = now;
    this.#last = { number: 0, hash: begins };
    client.on('error', (problem) => this.lose(problem));
    client.on('end', () => this.lose(new Error('the connection of the audit ended')));
  }

  get isLost(): boolean {
    return this.#over !== undefined;
  }

  get client(): pg.Client {
    return this.#client;
  }

  get head(): Head {
    return { chain: this.chain, number: this.#last.number, hash: this.#last.hash.toString('hex') };
  }

  /** A place in the chain, for one row. */
  place(): string {
    this.#place += 1n;
    this.#unsettled.set(this.#place, this.#now());
    return this.#place.toString();
  }

  /** Stores rows: durable once this resolves, sealed soon after. Rejects where nobody knows. */
  append(rows: readonly AuditRow[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) {
        reject(this.#over);
        return;
      }
      this.#waiting.push({ rows, resolve, reject });
      this.#start();
    });
  }

  /** Rows that are stored: the next link seals them. */
  stored(rows: readonly AuditRow[]): void {
    this.#stored.push(...rows);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, LINK_MS).unref();
  }

  /** Finds the rows of writes whose commit nobody told of. */
  async settle(): Promise<void> {
    const now = this.#now();
    const old = [...this.#unsettled].filter(([, at]) => at < now - LOOKED_FOR_MS);
    if (old.length === 0) {
      return;
    }
    const waiting = new Set(this.#stored.map(({ n }) => n));
    const places = old.map(([place]) => place.toString()).filter((place) => !waiting.has(place));
    const found = await storedRows(this.#client, this.chain, places);
    const there = new Set(found.map(({ n }) => n));
    for (const [place, at] of old) {
      if (!there.has(place.toString()) && !waiting.has(place.toString()) && at < now - GIVEN_UP_MS) {
        this.#unsettled.delete(place);
      }
    }
    // what was sealed while this was looking is no longer unsettled
    this.stored(found.filter(({ n }) => this.#unsettled.has(BigInt(n))));
  }

  /** Seals what is left, and marks the end of the chain. */
  async close(): Promise<void> {
    this.#closing = true; // what is left waits for no other
    clearTimeout(this.#timer);
    while (
      this.#over === undefined &&
      (this.#running !== undefined || this.#waiting.length + this.#stored.length > 0)
    ) {
      this.#start();
      await this.#running;
    }
    if (this.#over === undefined) {
      await this.#seal([], [], LAST).catch((problem) => this.lose(problem));
    }
    this.lose(new Error('the audit has ended'));
    await this.#client.end().catch(() => undefined);
  }

  lose(why: unknown): void {
    if (this.#over !== undefined) {
      return;
    }
    this.#over = why;
    clearTimeout(this.#timer);
    for (const one of this.#waiting.splice(0)) {
      one.reject(why);
    }
    this.#client.end().catch(() => undefined);
  }

  #start(): void {
    this.#running ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#run())
      .finally(() => {
        this.#running = undefined;
        if (this.#stored.length > 0 && this.#over === undefined) {
          this.stored([]); // what came meanwhile gets its link too
        }
      });
  }

  async #run(): Promise<void> {
    while (this.#over === undefined && (this.#waiting.length > 0 || (this.#stored.length > 0 && this.#isDue()))) {
      const batch = this.#waiting.splice(0, REQUESTS_MAX);
      const rows = batch.flatMap((one) => one.rows);
      try {
        if (this.#isDue()) {
          await this.#seal(rows, this.#stored.splice(0, STORED_MAX), AT_WORK);
        } else {
          await insertRows(this.#client, rows);
          this.stored(rows);
        }
        for (const one of batch) {
          one.resolve();
        }
      } catch (problem) {
        for (const one of batch) {
          one.reject(problem);
        }
        this.lose(problem);
      }
    }
  }

  async #seal(fresh: readonly AuditRow[], stored: readonly AuditRow[], kind: number): Promise<void> {
    const rows = [...fresh, ...stored].sort((a, b) => (BigInt(a.n) < BigInt(b.n) ? -1 : 1));
    const places = rows.map(({ n }) => BigInt(n));
    const seal: Omit<Seal, 'hash'> = {
      chain: this.chain,
      number: this.#last.number + 1,
      at: this.#now(),
      low: this.#low(new Set(places)).toString(),
      high: (places.at(-1) ?? -1n).toString(),
      kind,
      rows: packedPlaces(places),
    };
    const hash = sealHash(
      this.#keys.seal,
      seal,
      this.#last.hash,
      rows.map((row) => sealedBytes(row)),
    );
    await insertSeal(this.#client, { ...seal, hash }, fresh);
    this.#last = { number: seal.number, hash };
    this.#lastAt = seal.at;
    for (const place of places) {
      this.#unsettled.delete(place);
    }
  }

  /** Places below it are in a link, this one included, or were never stored. */
  #low(sealing: ReadonlySet<bigint>): bigint {
    for (const place of this.#unsettled.keys()) {
      if (!sealing.has(place)) {
        return place; // they were given in ascending order
      }
    }
    return this.#place + 1n;
  }

  #isDue(): boolean {
    return this.#closing || Math.abs(this.#now() - this.#lastAt) >= LINK_MS;
  }
}
