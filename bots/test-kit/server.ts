import { readFileSync } from 'node:fs';
import { type BotEvent, ClientStorage, MedplumClient, MemoryStorage } from '@medplum/core';
import type { Library, PlanDefinition, Questionnaire, Resource } from '@medplum/fhirtypes';
import { validateResource } from '../../src/conformance/validate-resource.ts';
import { expandTrigger } from '../../src/registry/triggers.ts';
import { readFolder } from './package-data.ts';
import { at, meets } from './search.ts';

type Handler = (medplum: MedplumClient, event: BotEvent) => Promise<unknown>;
interface Row {
  name: string;
  kind: 'enforce' | 'follow';
  trigger: string[];
  interactions: string[];
  due?: string;
}
interface Pending {
  row: Row;
  key: string;
  due: number;
}

/**
 * A FHIR server in memory that runs the bots of the manifest as the real one does: enforcing bots within the write,
 * following bots when their instant has come, each event handed over `deliveries` times.
 */
export class FakeServer {
  readonly resources = new Map<string, Resource>();
  /** All versions of what was written, the newest first. */
  readonly #versions = new Map<string, Resource[]>();
  readonly client: MedplumClient;
  now: Date;
  /** The server's settings that bots are told. */
  secrets: BotEvent['secrets'] = {};
  /** Writes by follow bots and enforcing bots, to see that a repeated event writes nothing. */
  writes = 0;
  readonly #rows: Row[];
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #deliveries: number;
  #queue: Pending[] = [];
  #nextId = 1;
  #active = new Set<string>();

  private constructor(now: string, deliveries: number, handlers: ReadonlyMap<string, Handler>) {
    this.now = new Date(now);
    this.#deliveries = deliveries;
    this.#handlers = handlers;
    for (const resource of ['fhir/registries', 'fhir/demo', 'questionnaires', 'terminology/tables'].flatMap(
      readFolder,
    )) {
      this.resources.set(`${resource.resourceType}/${resource.id}`, resource);
    }
    const all = [...this.resources.values()];
    const plans = all.filter((r): r is PlanDefinition => r.resourceType === 'PlanDefinition');
    const forms = all.filter((r): r is Questionnaire => r.resourceType === 'Questionnaire');
    const libraries = all.filter((r): r is Library => r.resourceType === 'Library');
    this.#rows = readManifest().map((row) => ({
      ...row,
      trigger: row.trigger.flatMap((criterion) => expandTrigger(criterion, plans, forms, libraries) ?? []),
    }));
    this.client = this.#makeClient();
  }

  static async start(now: string, deliveries = 1): Promise<FakeServer> {
    const handlers = new Map<string, Handler>();
    for (const { name } of readManifest()) {
      const bot = (await import(`../${name}.ts`)) as { handler: Handler };
      handlers.set(name, bot.handler);
    }
    return new FakeServer(now, deliveries, handlers);
  }

  all<T extends Resource['resourceType']>(type: T): Extract<Resource, { resourceType: T }>[] {
    return [...this.resources.values()].filter(
      (resource): resource is Extract<Resource, { resourceType: T }> => resource.resourceType === type,
    );
  }

  /** Writes as a client would, and lets everything happen that is due now. */
  async write<R extends Resource>(resource: R): Promise<R & { id: string }> {
    const stored = await this.#store(resource);
    await this.#drain();
    return stored;
  }

  async remove(reference: string): Promise<void> {
    const resource = this.resources.get(reference);
    this.resources.delete(reference);
    if (resource !== undefined) await this.#happened(resource, 'delete');
    await this.#drain();
  }

  /** Moves the clock, stopping at every instant at which something falls due. */
  async advance(to: string): Promise<void> {
    const target = Date.parse(to);
    for (;;) {
      const next = Math.min(...this.#queue.map(({ due }) => due));
      if (!(next <= target)) break;
      this.now = new Date(Math.max(next, this.now.getTime()));
      await this.#drain();
    }
    this.now = new Date(target);
  }

  async #store<R extends Resource>(resource: R): Promise<R & { id: string }> {
    const id = resource.id ?? `r${this.#nextId++}`;
    const key = `${resource.resourceType}/${id}`;
    const before = this.resources.get(key);
    const versionId = String(Number(before?.meta?.versionId ?? '0') + 1);
    const text = JSON.stringify({ ...resource, id });
    const stored = JSON.parse(text) as R & { id: string };
    stored.meta = { ...stored.meta, versionId, lastUpdated: this.now.toISOString() };
    this.resources.set(key, stored);
    this.#versions.set(key, [stored, ...(this.#versions.get(key) ?? [])]);
    await this.#happened(stored, before === undefined ? 'create' : 'update');
    return stored;
  }

  async #happened(resource: Resource, interaction: string): Promise<void> {
    for (const row of this.#rows.filter((candidate) => concerns(candidate, resource, interaction))) {
      if (row.kind === 'enforce') {
        if (this.#active.has(row.name)) continue;
        this.#active.add(row.name);
        await this.#call(row, resource);
        this.#active.delete(row.name);
      } else {
        const due = row.due === undefined ? 0 : Date.parse(String(at(resource, row.due.replace(/^\w+\./, ''))[0]));
        this.#queue.push({ row, key: `${resource.resourceType}/${resource.id}`, due });
      }
    }
  }

  async #drain(): Promise<void> {
    for (;;) {
      const index = this.#queue.findIndex(({ due }) => due <= this.now.getTime());
      const [event] = index < 0 ? [] : this.#queue.splice(index, 1);
      if (event === undefined) return;
      for (let delivery = 0; delivery < this.#deliveries; delivery += 1) {
        const current = this.resources.get(event.key);
        const still = current !== undefined && event.row.trigger.some((c) => matches(current, c));
        // The second delivery is given even though the first may have changed the resource: at least once.
        if (current !== undefined && (still || delivery > 0)) await this.#call(event.row, current);
      }
    }
  }

  async #call(row: Row, input: Resource): Promise<void> {
    const event: BotEvent = {
      bot: { reference: `Bot/${row.name}` },
      contentType: 'application/fhir+json',
      input,
      secrets: this.secrets,
      headers: { 'x-svar-now': this.now.toISOString() },
    };
    await this.#handlers.get(row.name)?.(this.client, event);
  }

  /** The real client, its requests answered from memory: what bots may call is what MedplumClient has. */
  #makeClient(): MedplumClient {
    return new MedplumClient({
      baseUrl: 'http://fake.example.org/',
      cacheTime: 0,
      storage: new ClientStorage(new MemoryStorage()),
      fetch: async (input: string | URL, init: RequestInit = {}) => {
        const answer = await this.#answer(new URL(input), init);
        return new Response(JSON.stringify(answer ?? notFound), {
          status: answer === undefined ? 404 : 200,
          headers: { 'content-type': 'application/fhir+json' },
        });
      },
    });
  }

  async #answer(url: URL, init: RequestInit): Promise<Resource | undefined> {
    const [type = '', id, history] = url.pathname.replace(/^\/fhir\/R4\/?/, '').split('/');
    const search = (query: string): Resource[] =>
      [...this.resources.values()].filter((resource) => meets(resource, type, query));
    if (history !== undefined) {
      const versions = this.#versions.get(`${type}/${id}`) ?? [];
      return { resourceType: 'Bundle', type: 'history', entry: versions.map((resource) => ({ resource })) };
    }
    if ((init.method ?? 'GET') === 'GET') {
      return id === undefined
        ? { resourceType: 'Bundle', type: 'searchset', entry: search(url.search).map((resource) => ({ resource })) }
        : this.resources.get(`${type}/${id}`);
    }
    const condition = new Headers(init.headers).get('if-none-exist');
    const [known] = condition === null ? [] : search(condition);
    if (known !== undefined) return known;
    const resource = JSON.parse(String(init.body)) as Resource;
    if (resource.resourceType === 'Bundle') {
      for (const entry of resource.entry ?? [])
        if (entry.resource !== undefined) await this.#storeValid(entry.resource);
      return { resourceType: 'Bundle', type: 'transaction-response' };
    }
    return this.#storeValid(resource);
  }

  async #storeValid(resource: Resource): Promise<Resource> {
    this.writes += 1;
    const faults = validateResource(resource).filter(({ severity }) => severity === 'error');
    if (faults.length > 0) throw new Error(`A bot wrote what is no FHIR: ${JSON.stringify(faults)}`);
    return this.#store(resource);
  }
}

const notFound: Resource = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] };

function readManifest(): Row[] {
  return JSON.parse(readFileSync(new URL('../manifest.json', import.meta.url), 'utf8')) as Row[];
}

function concerns(row: Row, resource: Resource, interaction: string): boolean {
  return row.interactions.includes(interaction) && row.trigger.some((criterion) => matches(resource, criterion));
}

function matches(resource: Resource, criterion: string): boolean {
  const [type = '', query = ''] = criterion.split('?');
  return meets(resource, type, query);
}
