import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ChainSession } from './chain-session.ts';
import { insertChain, lockChain, newestHeads, nextChain, unlockChain } from './chain-store.ts';
import { requireOwnSecret } from './own-secret.ts';
import { type ChainKeys, recover } from './recover.ts';
import { genesis, type Head, packedHeads } from './seal.ts';

export interface ChainParts {
  readonly databaseUrl: string;
  readonly keys: ChainKeys;
  /** ms since 1970, by the machine's clock whatever the test clock says */
  readonly now: () => number;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, message: string): void;
    warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  };
}

/** A statement of the audit that takes longer has failed: the answers that wait for it are refused. */
const STATEMENT_MS_MAX = 10_000;

/** The chain of this process; another one after its connection was lost. */
export class AuditChain {
  readonly #parts: ChainParts;
  #session: ChainSession | undefined;
  #opening: Promise<ChainSession> | undefined;
  #closed = false;

  constructor(parts: ChainParts) {
    this.#parts = parts;
  }

  /** The session that is at work. Rejects where the database cannot be reached. */
  async session(): Promise<ChainSession> {
    if (this.#session !== undefined && !this.#session.isLost) {
      return this.#session;
    }
    if (this.#closed) {
      throw new Error('the audit has ended');
    }
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** The session that is at work, if there is one. */
  get current(): ChainSession | undefined {
    return this.#session?.isLost === false ? this.#session : undefined;
  }

  /** Where the chain stands, or stood when it ended. */
  get head(): Head | undefined {
    return this.#session?.head;
  }

  /** Seals what other processes that were killed left behind, and what this one lost sight of. */
  async tend(): Promise<void> {
    const session = await this.session();
    await session.settle();
    await this.#recover(session.client, session.chain);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => undefined);
    await this.#session?.close();
  }

  async #open(): Promise<ChainSession> {
    const { databaseUrl, keys, now } = this.#parts;
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'svar audit',
      keepAlive: true,
      connectionTimeoutMillis: STATEMENT_MS_MAX,
      query_timeout: STATEMENT_MS_MAX,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await requireOwnSecret(client, keys);
      await this.#recover(client);
      const started = now();
      const heads = packedHeads(await newestHeads(client));
      let chain = await nextChain(client);
      // the lock comes first: a chain that nobody holds is one that has ended
      while (!((await lockChain(client, chain)) && (await insertChain(client, { chain, started, heads })))) {
        await unlockChain(client, chain);
        await sleep(5);
        chain = await nextChain(client);
      }
      const session = new ChainSession(client, chain, genesis(keys.seal, chain, started, heads), keys, now);
      // an empty first link: a chain without any was cut
      await session.append([]);
      this.#session = session;
      return session;
    } catch (problem) {
      await client.end().catch(() => undefined);
      throw problem;
    }
  }

  async #recover(client: pg.Client, own?: number): Promise<void> {
    const { keys, now, log } = this.#parts;
    const sealed = await recover(client, keys, now(), own);
    if (sealed > 0) {
      log.warn({ rows: sealed }, 'audit rows of a process that was killed were sealed');
    }
  }
}
