import pg from 'pg';

export interface ChangesLog {
  warn(details: object, message: string): void;
}

type Listener = (types: ReadonlySet<string>) => void;

const CHANNEL = 'svar_changes';
/** What is committed within this time is told together. */
const TOGETHER_MS = 100;
const AGAIN_MS = 2000;

/**
 * Which types of resources were committed, by this process and by others on the same database: PostgreSQL's NOTIFY
 * carries the names of types and nothing else. Who has to know what changed looks for themselves, with their own access.
 * A message that is lost, as while the database restarts, delays; nothing depends on it.
 */
export class Changes {
  readonly #databaseUrl: string;
  readonly #log: ChangesLog;
  readonly #listeners = new Set<Listener>();
  readonly #told = new Set<string>();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(databaseUrl: string, log: ChangesLog) {
    this.#databaseUrl = databaseUrl;
    this.#log = log;
  }

  /** @returns ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** This process has committed resources of these types. */
  committed(types: ReadonlySet<string>): void {
    for (const type of types) this.#told.add(type);
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => this.#tell(), TOGETHER_MS);
  }

  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#databaseUrl, application_name: 'svar changes' });
    client.on('notification', ({ payload = '' }) => this.#heard(new Set(payload.split(','))));
    client.on('error', () => undefined);
    client.on('end', () => this.#lost(client));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      if (this.#stopped) await client.end();
      else this.#client = client;
    } catch (err) {
      this.#log.warn({ err }, 'changes of other processes are not heard for now');
      await client.end().catch(() => undefined);
      this.#lost(client);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#again);
    await this.#client?.end().catch(() => undefined);
  }

  #lost(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
    if (this.#stopped || this.#again !== undefined) return;
    this.#again = setTimeout(() => {
      this.#again = undefined;
      void this.start();
    }, AGAIN_MS);
  }

  #tell(): void {
    this.#timer = undefined;
    const types = [...this.#told];
    this.#told.clear();
    if (this.#client === undefined) {
      this.#heard(new Set(types));
      return;
    }
    // a payload holds 8,000 bytes: all names of R4 have 2,500
    this.#client.query('select pg_notify($1, $2)', [CHANNEL, types.join(',')]).catch(() => this.#heard(new Set(types)));
  }

  #heard(types: ReadonlySet<string>): void {
    for (const listener of this.#listeners) listener(types);
  }
}
