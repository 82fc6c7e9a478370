import type { Resource } from '@medplum/fhirtypes';
import type {
  HistoryEntry,
  Interactions,
  Page,
  Query,
  ResourceText,
  TransactionEntry,
  WriteResult,
} from '../../src/interactions/types.ts';
import type { Clock } from '../../src/model/clock.ts';
import { fhirError } from '../../src/model/issue.ts';
import { withIdAndMeta } from '../../src/model/json/id-and-meta.ts';
import type { StoredVersion } from '../../src/model/stored.ts';

/**
 * Interactions over a Map, for tests of what stands above them. Searches know `_id`, `gender`, `_count` and `_page`
 * (whose token is the index of the first match); everything else in a query is unknown.
 */
export class InteractionsInMemory implements Interactions {
  readonly #versions = new Map<string, StoredVersion[]>();
  readonly #clock: Clock;
  #ids = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  read: Interactions['read'] = async (_caller, type, id) => {
    const current = this.#versions.get(`${type}/${id}`)?.at(-1);
    if (current === undefined) {
      throw fhirError(404, 'not-found', 'There is no such resource.');
    }
    if (current.deleted) {
      throw fhirError(410, 'deleted', 'The resource was deleted.');
    }
    return current;
  };

  vread: Interactions['vread'] = async (_caller, type, id, version) => {
    const found = this.#versions.get(`${type}/${id}`)?.[version - 1];
    if (found === undefined) {
      throw fhirError(404, 'not-found', 'There is no such version.');
    }
    return found;
  };

  history: Interactions['history'] = async (_caller, { type, id }) => {
    const entries = [...this.#versions.entries()]
      .filter(([key]) => key.startsWith(type === undefined ? '' : `${type}/${id ?? ''}`))
      .flatMap(([, versions]) => versions)
      .reverse()
      .map(
        (version): HistoryEntry => ({
          ...version,
          method: version.deleted ? 'DELETE' : version.version === 1 ? 'POST' : 'PUT',
        }),
      );
    return { entries, total: entries.length };
  };

  search: Interactions['search'] = async (_caller, type, query, { lenient }) => {
    const unknown = query.filter(([name]) => !['_id', 'gender', '_count', '_page', '_total', '_type'].includes(name));
    if (unknown.length > 0 && !lenient) {
      throw fhirError(400, 'not-supported', 'There is no such search parameter.');
    }
    const types = type === undefined ? value(query, '_type')?.split(',') : [type];
    const found = [...this.#versions.values()]
      .map((versions) => versions.at(-1)!)
      .filter((stored) => !stored.deleted && (types === undefined || types.includes(stored.type)))
      .filter((stored) => value(query, '_id') === undefined || stored.id === value(query, '_id'))
      .filter((stored) => {
        const gender = value(query, 'gender');
        return gender === undefined || stored.content.includes(`"gender":"${gender}"`);
      });
    const count = Number(value(query, '_count') ?? 20);
    const from = Number(value(query, '_page') ?? 0);
    return {
      matches: found.slice(from, from + count),
      includes: [],
      ...(value(query, '_total') === undefined ? {} : { total: found.length }),
      ...(from + count < found.length ? { next: String(from + count) } : {}),
      ...(from > 0 ? { previous: String(Math.max(0, from - count)) } : {}),
      used: query.filter((pair) => !unknown.includes(pair) && pair[1] !== ''),
      notices: unknown.map(() => ({
        severity: 'warning',
        code: 'not-supported',
        diagnostics: 'An unknown search parameter was ignored.',
      })),
    };
  };

  create: Interactions['create'] = async (caller, type, body, { ifNoneExist }) => {
    const existing =
      ifNoneExist === undefined
        ? undefined
        : (await this.search(caller, type, ifNoneExist, { lenient: false })).matches[0];
    if (existing !== undefined) {
      return { stored: existing, outcome: 'unchanged', warnings: [] };
    }
    this.#ids += 1;
    return this.#write(type, String(this.#ids), body);
  };

  update: Interactions['update'] = async (caller, type, target, body, { ifMatch, ifNoneMatch }) => {
    if ('criteria' in target) {
      const { matches } = await this.search(caller, type, target.criteria, { lenient: false });
      return this.#write(type, matches[0]?.id ?? `c${this.#ids}`, body);
    }
    const current = this.#versions.get(`${type}/${target.id}`)?.at(-1);
    if ((ifMatch !== undefined && current?.version !== ifMatch) || (ifNoneMatch === '*' && current !== undefined)) {
      throw fhirError(412, 'conflict', 'The condition does not hold.');
    }
    return this.#write(type, target.id, body);
  };

  patch: Interactions['patch'] = async (caller, type, target, operations, { ifMatch }) => {
    const criteria: Query = 'criteria' in target ? target.criteria : [['_id', target.id]];
    const { matches } = await this.search(caller, type, criteria, { lenient: false });
    const [found] = matches;
    if (found === undefined || (ifMatch !== undefined && found.version !== ifMatch)) {
      throw fhirError(found === undefined ? 404 : 412, 'conflict', 'The condition does not hold.');
    }
    const resource = { ...(JSON.parse(found.content) as Resource), language: JSON.stringify(operations.length) };
    return this.#write(type, found.id, { resource, text: JSON.stringify(resource) });
  };

  delete: Interactions['delete'] = async (caller, type, target, _options) => {
    const criteria: Query = 'criteria' in target ? target.criteria : [['_id', target.id]];
    const { matches } = await this.search(caller, type, criteria, { lenient: false });
    return matches[0] === undefined ? undefined : this.#write(type, matches[0].id, undefined);
  };

  transaction: Interactions['transaction'] = async (caller, entries) => {
    const results: (WriteResult | StoredVersion | Page | undefined)[] = [];
    for (const entry of entries) {
      results.push(await this.#entry(caller, entry));
    }
    return results;
  };

  validate: Interactions['validate'] = async (_caller, { resource }) =>
    'status' in resource ? [] : [{ severity: 'error', code: 'required', diagnostics: 'status is missing.' }];

  labels: Interactions['labels'] = async () => ({});

  formData: Interactions['formData'] = async () => ({ now: this.#clock.now() });

  everything: Interactions['everything'] = async (caller, patientId, query) => ({
    matches: [await this.read(caller, 'Patient', patientId)],
    includes: [],
    used: query,
    notices: [],
  });

  async #entry(caller: Parameters<Interactions['read']>[0], entry: TransactionEntry) {
    const [path = '', search] = entry.url.split('?');
    const [type = '', id = ''] = path.split('/');
    switch (entry.method) {
      case 'GET':
        return id === ''
          ? this.search(caller, type, [...new URLSearchParams(search)], { lenient: false })
          : this.read(caller, type, id);
      case 'POST':
        return this.create(caller, type, entry.body, { ifNoneExist: entry.ifNoneExist });
      case 'PUT':
        return this.update(caller, type, { id }, entry.body, { ifMatch: entry.ifMatch });
      case 'PATCH':
        return this.patch(caller, type, { id }, entry.patch, { ifMatch: entry.ifMatch });
      case 'DELETE':
        return this.delete(caller, type, { id }, { ifMatch: entry.ifMatch });
    }
  }

  #write(type: string, id: string, body: ResourceText | undefined): WriteResult {
    const key = `${type}/${id}`;
    const versions = this.#versions.get(key) ?? [];
    const updated = this.#clock.now().getTime();
    const version = versions.length + 1;
    const lastUpdated = new Date(updated).toISOString();
    const content = body === undefined ? '' : withIdAndMeta(body.text, { id, versionId: String(version), lastUpdated });
    const stored: StoredVersion = { rid: '1', type, id, version, updated, deleted: body === undefined, content };
    const outcome = body === undefined ? 'deleted' : versions.at(-1)?.deleted === false ? 'updated' : 'created';
    this.#versions.set(key, [...versions, stored]);
    return { stored, outcome, warnings: [] };
  }
}

function value(query: Query, name: string): string | undefined {
  return query.find(([key, given]) => key === name && given !== '')?.[1];
}
