import type { KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { AuditRow } from '../store/audit-row.ts';
import type { PreparedWrite } from '../store/prepared-write.ts';
import { Agents, type AuditAgent, agentOf } from './agents.ts';
import { AuditChain, type ChainParts } from './chain.ts';
import { chainKeys } from './chain-keys.ts';
import type { ChainSession } from './chain-session.ts';
import { keepHead } from './checkpoints.ts';
import { type AuditedEvent, eventsOf, isRefusal, unexplained, writeEvent } from './events.ts';
import { interactionNumber } from './interactions.ts';
import { requireOwnSecret } from './own-secret.ts';
import { type PatientKey, PatientKeys } from './patient-keys.ts';
import { RequestWitness } from './request-witness.ts';
import { encoded, mac64 } from './row.ts';
import { Sampling } from './sampling.ts';
import { ciphered, packed } from './seen.ts';

export interface AuditParts extends Omit<ChainParts, 'keys'> {
  /** For keys and agents; it must not be the connection of a transaction. */
  readonly db: Queryable;
  readonly secrets: Secrets;
  /** Whether resources of a type are about patients. */
  readonly isAboutPatients: (type: string) => boolean;
  /** The folder outside the database in which is kept where the chain stands. */
  readonly checkpoints?: string | undefined;
}

const TRIES = 2;
const LOGGED_MS = 3_600_000;

/**
 * The audit of one process: docs/decisions/0056-audit.md. Rows of writes are stored with them, rows of reads before the
 * answer leaves; both are sealed by the chain of the process.
 */
export class Audit {
  readonly keys: PatientKeys;
  readonly agents: Agents;
  readonly chain: AuditChain;
  readonly #db: Queryable;
  readonly #secrets: Secrets;
  readonly #rowKey: KeyObject;
  readonly #now: () => number;
  readonly #isAboutPatients: (type: string) => boolean;
  readonly #sampling: Sampling;
  readonly #checkpoints: string | undefined;
  readonly #log: ChainParts['log'];
  #loggedAt = 0;

  constructor(parts: AuditParts) {
    const { db, secrets, now } = parts;
    const keys = chainKeys(secrets);
    this.keys = new PatientKeys(db, secrets);
    this.agents = new Agents(db, secrets, this.keys);
    this.chain = new AuditChain({ ...parts, keys });
    this.#db = db;
    this.#secrets = secrets;
    this.#rowKey = keys.row;
    this.#now = now;
    this.#isAboutPatients = parts.isAboutPatients;
    this.#sampling = new Sampling(now);
    this.#checkpoints = parts.checkpoints;
    this.#log = parts.log;
  }

  /** @throws Error in words for the operator where the database was audited under another secret */
  async requireOwnSecret(): Promise<void> {
    await requireOwnSecret(this.#db, chainKeys(this.#secrets));
  }

  /** Seals what was left unsealed, by this process or by others that were killed, and keeps where the chain stands. */
  async tend(): Promise<void> {
    await this.chain.tend();
    await this.#keep();
  }

  /** Seals what is left; nothing more is recorded. */
  async close(): Promise<void> {
    await this.chain.close();
    await this.#keep().catch((err) => this.#log.warn({ err }, 'the end of the audit’s chain could not be kept'));
  }

  /** A witness for one request. */
  witness(): RequestWitness {
    return new RequestWitness();
  }

  /** How many requests were turned away before they were understood, or sent by nobody known, by status. */
  get refusals(): ReadonlyMap<number, number> {
    return this.#sampling.counts;
  }

  /**
   * Stores what a request was shown, or that it was refused; durable once this resolves.
   * @param status of the whole answer
   * @throws where it can't be stored: then the answer must not leave
   */
  async record(caller: Caller, witness: RequestWitness, status: number): Promise<void> {
    const accounts = witness.accounts.length > 0 ? witness.accounts : [unexplained(status)];
    const events = accounts.flatMap((account) => eventsOf(account, this.#isAboutPatients));
    if (events.length === 0 || (isNobody(caller) && !this.#sampling.takes(status))) {
      return;
    }
    await this.#append(agentOf(caller), events);
  }

  /** A request that was turned away at the door: counted, and told by a row; now and then only, where nobody knows whose it was. */
  refused(status: number, caller: Caller = NOBODY): void {
    const sampled = this.#sampling.takes(status);
    if (isRefusal(status) && (sampled || !isNobody(caller))) {
      this.#append(agentOf(caller), eventsOf(unexplained(status), this.#isAboutPatients)).catch((err) =>
        this.#log.warn({ err }, 'a refusal could not be audited'),
      );
    }
  }

  /**
   * Writes that are committed together, with the rows to be stored with them: one for each patient, with the patient's
   * first write. What is about no patient has none.
   * @param cause whose write a bot acts upon
   */
  async ofWrites(caller: Caller, writes: readonly PreparedWrite[], cause?: Caller): Promise<readonly PreparedWrite[]> {
    const ofPatients = Map.groupBy(
      writes.filter((write) => write.patient !== undefined),
      (write) => write.patient as Rid,
    );
    if (ofPatients.size === 0) {
      return writes;
    }
    const [keys, agent] = await Promise.all([
      this.keys.of(ofPatients.keys()),
      this.agents.numberOf(agentOf(caller, cause)),
    ]);
    const session = await this.chain.session();
    const { asked } = caller.witness ?? {};
    const rows = new Map(
      [...ofPatients].map(([patient, own]) => [
        own[0],
        this.#row(session, agent, keys, writeEvent(patient, own, asked)),
      ]),
    );
    return writes.map((write) => {
      const audit = rows.get(write);
      return audit === undefined ? write : { ...write, audit };
    });
  }

  /** Rows that were committed. */
  stored(rows: readonly AuditRow[]): void {
    const session = this.chain.current;
    const own = rows.filter(({ chain }) => chain === session?.chain);
    if (own.length > 0) {
      session?.stored(own);
    }
  }

  /** In a file each time, in the log once an hour: logs are often kept elsewhere. */
  async #keep(): Promise<void> {
    const { head } = this.chain;
    if (head === undefined) {
      return;
    }
    if (this.#checkpoints !== undefined) {
      await keepHead(this.#checkpoints, head);
    }
    if (this.#now() >= this.#loggedAt + LOGGED_MS) {
      this.#loggedAt = this.#now();
      this.#log.info({ ...head }, 'checkpoint of the audit');
    }
  }

  async #append(who: AuditAgent, events: readonly AuditedEvent[]): Promise<void> {
    const [keys, agent] = await Promise.all([
      this.keys.of(events.flatMap(({ patient }) => patient ?? [])),
      this.agents.numberOf(who),
    ]);
    for (let attempt = 1; ; attempt += 1) {
      const session = await this.chain.session();
      try {
        await session.append(events.map((event) => this.#row(session, agent, keys, event)));
        return;
      } catch (problem) {
        // one row too many is better than an answer that is refused because a connection was idle for too long
        if (attempt === TRIES) {
          throw problem;
        }
        await setImmediate();
      }
    }
  }

  #row(session: ChainSession, agent: string, keys: ReadonlyMap<Rid, PatientKey>, event: AuditedEvent): AuditRow {
    const { asked, status, patient, seen } = event;
    const key = patient === undefined ? undefined : (keys.get(patient) as PatientKey);
    const { chain } = session;
    const [n, at] = [session.place(), this.#now()];
    const row: Omit<AuditRow, 'mac'> = {
      chain,
      n,
      at,
      agent,
      patient: key?.surrogate ?? null,
      interaction: interactionNumber(asked.interaction),
      type: asked.type === undefined ? null : (typeNumber(asked.type) ?? null),
      status,
      operation: asked.operation ?? null,
      sealed: key === undefined || seen === undefined ? null : ciphered(key.cipher, { chain, n, at }, packed(seen)),
    };
    return { ...row, mac: mac64(this.#rowKey, encoded(row)) };
  }
}

const NOBODY: Caller = { name: 'unidentified', kind: 'client', access: 'none' };

function isNobody({ access, agent }: Caller): boolean {
  return access === 'none' && agent === undefined;
}
