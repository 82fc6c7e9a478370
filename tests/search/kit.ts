import { bitmap, postings } from '../../src/interactions/postings.ts';
import type { Caller } from '../../src/model/caller.ts';
import type { IndexRows } from '../../src/model/index-rows.ts';
import { searchParametersJson } from '../../src/model/r4/r4.generated.js';
import { idOfRid, RidAllocator } from '../../src/model/rid.ts';
import { extractor } from '../../src/search/extract/extractor.ts';
import { PageTokens } from '../../src/search/page-token.ts';
import { searchParameterRegistry } from '../../src/search/parameters/registry.ts';
import { Estimates } from '../../src/search/query/estimates.ts';
import type { SearchLimits } from '../../src/search/query/limits.ts';
import type { Query } from '../../src/search/query/nodes.ts';
import { parseSearch } from '../../src/search/query/parse.ts';
import { type SearchEnv, type SearchPage, search } from '../../src/search/query/run.ts';
import { applyWrites } from '../../src/store/apply-writes.ts';
import type { PreparedWrite } from '../../src/store/prepared-write.ts';
import { type TestDatabase, testDatabase } from '../kit/database.ts';

export const baseUrl = 'http://localhost/fhir/R4';
export const parameters = searchParameterRegistry(JSON.parse(searchParametersJson));
export const rowsOf = extractor(parameters, { baseUrl });
export const now = new Date('2026-03-02T08:00:00Z');
export const client: Caller = { name: 'a client', kind: 'client', access: 'all' };

export interface TestResource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}

/** A database in which resources can be put without the interactions, and searched. */
export interface SearchKit {
  readonly database: TestDatabase;
  readonly env: SearchEnv;
  /** Stores resources as they are, in this order; returns their ids. */
  put(resources: readonly TestResource[]): Promise<readonly string[]>;
  search(url: string, options?: { lenient?: boolean; caller?: Caller; limits?: SearchLimits }): Promise<SearchPage>;
  /** The ids of all matches, page after page. */
  all(url: string, options?: { limits?: SearchLimits }): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function searchKit(): Promise<SearchKit> {
  const database = await testDatabase();
  const { rows } = await database.pool.query<{ name: string; value: string }>('select name, value from setting');
  const setting = new Map(rows.map((row) => [row.name, row.value]));
  const env: SearchEnv = {
    hashSeed: setting.get('hash_seed') ?? '',
    baseUrl,
    tokens: new PageTokens(setting.get('token_secret') ?? ''),
    estimates: new Estimates(),
  };
  let ms = Date.UTC(2026, 0, 1);
  const rids = new RidAllocator(
    () => ms,
    () => 0.5,
  );
  const patients = new Map<string, string>();
  const kit: SearchKit = {
    database,
    env,
    async put(resources) {
      const writes: PreparedWrite[] = [];
      const ids: string[] = [];
      for (const resource of resources) {
        ms += 1000;
        const subject = reference(resource, 'subject') ?? reference(resource, 'patient');
        const patient = subject === undefined ? undefined : patients.get(subject);
        const rid = rids.next(patient === undefined ? 7 : Number((BigInt(patient) >> 10n) & 4095n));
        const id = resource.id ?? idOfRid(rid);
        const complete = { ...resource, id };
        const index: IndexRows = rowsOf(complete);
        if (resource.resourceType === 'Patient') {
          patients.set(`Patient/${id}`, rid);
        }
        ids.push(id);
        writes.push({
          rid,
          type: resource.resourceType,
          id,
          clientId: resource.id !== undefined,
          version: 1,
          updated: ms,
          deleted: false,
          content: JSON.stringify(complete),
          patient: resource.resourceType === 'Patient' ? rid : patient,
          anchor: undefined,
          date: index.date,
          present: bitmap(index.present),
          add: postings(index, env.hashSeed),
          remove: { tokens: [], ranges: [], strings: [] },
          definitions: '0',
          targets: [],
          events: [],
        });
      }
      await applyWrites(database.pool, writes);
      return ids;
    },
    async search(url, { lenient = false, caller = client, limits } = {}) {
      const [path = '', text = ''] = url.split('?');
      const query: Query = [...new URLSearchParams(text)];
      const request = parseSearch(parameters, path === '' ? undefined : path, query, {
        lenient,
        baseUrl,
        now,
        ...(limits ? { limits } : {}),
      });
      return search(database.pool, caller, request, { ...env, ...(limits ? { limits } : {}) });
    },
    async all(url, options) {
      const ids: string[] = [];
      let page = await kit.search(url, options);
      for (;;) {
        ids.push(...page.matches.map(({ id }) => id));
        if (page.next === undefined) {
          return ids;
        }
        page = await kit.search(`${url}${url.includes('?') ? '&' : '?'}_page=${page.next}`, options);
      }
    },
    close: () => database.close(),
  };
  return kit;
}

function reference(resource: TestResource, element: string): string | undefined {
  const value = resource[element];
  return typeof value === 'object' && value !== null && 'reference' in value && typeof value.reference === 'string'
    ? value.reference
    : undefined;
}
