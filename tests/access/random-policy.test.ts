import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Act, RowCondition, Rule } from '../../src/model/access.ts';
import type { Caller } from '../../src/model/caller.ts';
import { FhirError } from '../../src/model/issue.ts';
import type { StoredVersion } from '../../src/model/stored.ts';
import { PageTokens } from '../../src/search/page-token.ts';
import { Estimates } from '../../src/search/query/estimates.ts';
import { type SearchLimits, searchLimits } from '../../src/search/query/limits.ts';
import type { Query } from '../../src/search/query/nodes.ts';
import { parseSearch } from '../../src/search/query/parse.ts';
import { rowCondition } from '../../src/search/query/row-condition.ts';
import { type SearchPage, search } from '../../src/search/query/run.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Meanings, Naive } from './naive.ts';
import { type Asked, queries, sorts } from './queries.ts';
import {
  type Content,
  callerWith,
  LABELS,
  populate,
  type Row,
  readWorld,
  redistribute,
  TYPES,
  type World,
} from './world.ts';

/*
 * For data and callers made by chance, what every way to read answers is what a filter over all rows leaves. A world
 * (anchors, ties, a restriction) is laid over the same resources for each run.
 */
const RUNS = Number(process.env.SVAR_RANDOM_POLICIES ?? 16);
const CALLERS_A_WORLD = 2;

let server: TestServer;
let conditions: readonly { readonly type: string; readonly condition: RowCondition }[];
const meanings: Meanings = {
  'Observation?status=final': (content) => content.status === 'final',
  'Observation?category=survey': (content) => content.category?.[0].coding[0].code === 'survey',
  'Observation?date=ge2026-02-01': (content) => (content.effectiveDateTime ?? '') >= '2026-02-01',
  'Patient?gender=female': (content) => content.gender === 'female',
};

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  await populate(server.fhir, 7);
  const { engine } = server.fhir;
  conditions = Object.keys(meanings).map((key) => {
    const [type = '', text = ''] = key.split('?');
    const condition = rowCondition(engine.definitions().parameters, type, [...new URLSearchParams(text)], engine);
    return { type, condition };
  });
});
afterAll(() => server.close());

const arbitraryTies = fc.record({ labels: fc.subarray(LABELS), anchors: fc.array(fc.nat(19), { maxLength: 3 }) });

/** Rules by chance, with anchors and patients as numbers that stand for those of a world; often with one limit only. */
const arbitraryRule = fc
  .record({
    types: fc.subarray([...TYPES], { minLength: 1 }),
    acts: fc.constantFrom<Act[]>(['read', 'search'], ['read', 'search'], ['read'], ['search']),
    ties: arbitraryTies,
    patient: fc.nat(5),
    where: fc.nat(3),
    limits: fc.constantFrom(
      'ties',
      'ties',
      'ties',
      'patient',
      'where',
      'ties patient',
      'ties where',
      'patient where',
      '',
    ),
  })
  .map(({ types, acts, ties, patient, where, limits }) => ({
    types,
    acts,
    ties: limits.includes('ties') ? ties : undefined,
    patient: limits.includes('patient') ? patient : undefined,
    where: limits.includes('where') ? where : undefined,
  }));
const arbitraryCaller = fc.record({
  rules: fc.array(arbitraryRule, { maxLength: 4 }),
  small: fc.boolean(),
});
type CallerMade = typeof arbitraryCaller extends fc.Arbitrary<infer T> ? T : never;

function rulesOf({ rules }: CallerMade, world: World): Rule[] {
  const rid = (id: string): string => world.current.find((row) => row.id === id)?.rid ?? '0';
  const anchors = ['h0', 'h1', 'h2', 'h3', ...Array.from({ length: 16 }, (_, n) => (n < 10 ? `e${n}` : `p${n - 10}`))];
  return rules.map(({ types, acts, ties, patient, where }) => {
    const condition = where === undefined ? undefined : conditions[where];
    return {
      types: condition === undefined ? types : [condition.type],
      acts,
      ...(ties && { ties: { labels: ties.labels, anchors: ties.anchors.map((n) => rid(anchors[n] ?? '')) } }),
      ...(patient === undefined ? {} : { patient: rid(`p${patient}`) }),
      ...(condition && { where: [condition.condition] }),
    };
  });
}

test('every way to read answers what a filter over all rows leaves', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(arbitraryCaller, { minLength: CALLERS_A_WORLD, maxLength: CALLERS_A_WORLD }),
      async (seed, callers) => {
        await redistribute(server.database, seed);
        const world = await readWorld(server.database);
        for (const made of callers) {
          const rules = rulesOf(made, world);
          const caller = callerWith(rules);
          const naive = new Naive(world, rules, meanings);
          await reads(caller, naive);
          await histories(caller, naive);
          await searches(caller, naive, made.small ? SMALL : searchLimits);
          await includes(caller, naive);
          await compartments(caller, naive);
          await labels(caller, naive);
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
});

/** With these every plan comes up with little data: walks along indexes, merged postings, few in reach. */
const SMALL: SearchLimits = { ...searchLimits, collect_max: 24, joint_min: 3, reach_few: 4 };

const told = (row: Row | StoredVersion): string => `${row.type}/${row.id} ${row.version}`;
const textOf = (row: Row): string => row.text;

async function statusOf(work: Promise<StoredVersion>): Promise<number | string> {
  try {
    return (await work).content;
  } catch (failure) {
    if (failure instanceof FhirError) return failure.status;
    throw failure;
  }
}

async function reads(caller: Caller, naive: Naive): Promise<void> {
  const { interactions } = server.fhir;
  for (const row of naive.world.current) {
    const expected = !naive.mayAtAll('read', row.type)
      ? 403
      : !naive.may('read', row)
        ? 404
        : row.deleted
          ? 410
          : textOf(row);
    expect(await statusOf(interactions.read(caller, row.type, row.id)), told(row)).toBe(expected);
  }
  for (const row of naive.world.superseded) {
    const expected = !naive.mayAtAll('read', row.type)
      ? 403
      : !naive.mayPast('read', row)
        ? 404
        : row.deleted
          ? 410
          : textOf(row);
    expect(await statusOf(interactions.vread(caller, row.type, row.id, row.version)), told(row)).toBe(expected);
  }
}

async function histories(caller: Caller, naive: Naive): Promise<void> {
  const { interactions } = server.fhir;
  const { current, superseded } = naive.world;
  const versions = (act: Act, of: (row: Row) => boolean): string[] =>
    [
      ...current.filter((row) => of(row) && naive.may(act, row)),
      ...superseded.filter((row) => of(row) && naive.mayPast(act, row)),
    ]
      .sort(
        (a, b) =>
          b.updated - a.updated ||
          Number(BigInt(b.rid) - BigInt(a.rid) > 0n ? 1 : -1) * (a.rid === b.rid ? 0 : 1) ||
          b.version - a.version,
      )
      .map(told);
  const all = async (scope: { type?: string; id?: string }, count: number, more: Query = []): Promise<string[]> => {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const query: Query = [['_count', String(count)], ...more, ...(token ? [['_page', token] as const] : [])];
      const page = await interactions.history(caller, scope, query);
      found.push(...page.entries.map(told));
      token = page.next;
    } while (token !== undefined);
    return found;
  };
  expect(await all({}, 40)).toEqual(versions('search', () => true));
  const since = [...current].sort((a, b) => a.updated - b.updated)[Math.floor(current.length / 2)]?.updated ?? 0;
  const late: Query = [['_since', new Date(since).toISOString()]];
  expect(await all({}, 100, late)).toEqual(versions('search', (row) => row.updated >= since));
  for (const type of ['Observation', 'QuestionnaireResponse', 'Patient']) {
    if (naive.mayAtAll('search', type)) {
      expect(await all({ type }, 13)).toEqual(versions('search', (row) => row.type === type));
    } else {
      await expect(all({ type }, 13)).rejects.toMatchObject({ status: 403 });
    }
  }
  for (const row of current.filter(({ rid }) => superseded.some((other) => other.rid === rid))) {
    const { type, id, rid } = row;
    if (!naive.mayAtAll('read', type) || !naive.may('read', row)) {
      await expect(all({ type, id }, 5)).rejects.toMatchObject({ status: naive.mayAtAll('read', type) ? 404 : 403 });
      continue;
    }
    const expected = versions('read', (each) => each.rid === rid);
    expect(await all({ type, id }, 2), told(row)).toEqual(expected);
    expect((await interactions.history(caller, { type, id }, [])).total).toBe(expected.length);
  }
}

/** Runs a search as the server does, with limits and estimates of its own. */
async function asked(caller: Caller, url: string, limits: SearchLimits, estimates: Estimates): Promise<SearchPage> {
  const { engine } = server.fhir;
  const [type = '', text = ''] = url.split('?');
  const { parameters } = engine.definitions();
  const request = parseSearch(parameters, type === '' ? undefined : type, [...new URLSearchParams(text)], {
    lenient: false,
    baseUrl: engine.baseUrl,
    now: new Date(),
    limits,
  });
  return search(engine.readers, caller, request, {
    hashSeed: engine.hashSeed,
    baseUrl: engine.baseUrl,
    tokens,
    estimates,
    limits,
  });
}
const tokens = new PageTokens('00'.repeat(32));

async function searches(caller: Caller, naive: Naive, limits: SearchLimits): Promise<void> {
  const estimates = new Estimates();
  const everyone: Caller = { name: 'all', kind: 'client', access: 'all' };
  for (const [n, query] of queries.entries()) {
    const [type = ''] = query.url.split('?');
    const join = query.url.includes('?') ? '&' : '?';
    const expected = matchesOf(query, naive);
    const orders = sorts[type] ?? [''];
    const sort = orders[(n + naive.found.length) % orders.length] ?? '';
    const url = sort === '' ? query.url : `${query.url}${join}_sort=${sort}`;
    const more = url.includes('?') ? '&' : '?';
    const pages: string[] = [];
    let last: SearchPage | undefined;
    do {
      const token = last?.next === undefined ? '' : `&_page=${last.next}`;
      last = await asked(caller, `${url}${more}_count=5&_total=accurate${token}`, limits, estimates);
      pages.push(...last.matches.map(told));
      expect(last.total, url).toBe(expected.length);
      expect(last.next === undefined, url).toBe(pages.length >= expected.length);
    } while (last.next !== undefined);
    expect([...pages].sort(), url).toEqual(expected.map(told).sort());
    // the order is that of everyone, without those that are not seen
    const whole = await asked(
      everyone,
      `${type}?_count=1000${sort === '' ? '' : `&_sort=${sort}`}${type === '' && query.url.includes('_type') ? '&_type=Patient,Observation' : ''}`,
      limits,
      estimates,
    );
    const order = whole.matches.map(told).filter((each) => pages.includes(each));
    expect(pages, url).toEqual(order);
    const counted = await asked(caller, `${query.url}${join}_count=0&_total=accurate`, limits, estimates);
    expect(counted.total, query.url).toBe(expected.length);
  }
}

function matchesOf({ holds }: Asked, naive: Naive): readonly Row[] {
  return naive.found.filter((row) => holds(row.content, naive));
}

const INCLUDES: readonly {
  readonly url: string;
  readonly forward?: boolean;
  readonly of: (content: Content) => string[];
  readonly iterate?: boolean;
}[] = [
  { url: 'Observation?_include=Observation:subject', forward: true, of: (it) => [it.subject?.reference] },
  { url: 'Observation?_include=Observation:derived-from', forward: true, of: (it) => [it.derivedFrom?.[0].reference] },
  {
    url: 'Condition?_include=Condition:evidence-detail&_include:iterate=Observation:subject',
    forward: true,
    iterate: true,
    of: (it) =>
      it.resourceType === 'Condition'
        ? [it.evidence[0].detail[0].reference]
        : it.resourceType === 'Observation'
          ? [it.subject?.reference]
          : [],
  },
  {
    url: 'Observation?status=final&_include=*',
    forward: true,
    of: (it) => [it.subject?.reference, it.derivedFrom?.[0].reference],
  },
  {
    url: 'Patient?_revinclude=Observation:subject',
    of: (it) => (it.resourceType === 'Observation' ? [it.subject?.reference] : []),
  },
  {
    url: 'Patient?_revinclude=EpisodeOfCare:patient',
    of: (it) => (it.resourceType === 'EpisodeOfCare' ? [it.patient?.reference] : []),
  },
  {
    url: 'Observation?_revinclude=List:item',
    of: (it) => (it.resourceType === 'List' ? it.entry.map((entry: Content) => entry.item.reference) : []),
  },
];

async function includes(caller: Caller, naive: Naive): Promise<void> {
  const estimates = new Estimates();
  for (const { url, forward = false, iterate = false, of } of INCLUDES) {
    const [type = ''] = url.split('?');
    const final = url.includes('status=final');
    const matches = naive.found.filter((row) => row.type === type && (!final || row.content.status === 'final'));
    const seen = new Set(matches);
    let sources: readonly Row[] = matches;
    for (let round = 0; round < (iterate ? 5 : 1); round++) {
      const names = new Set(sources.map((row) => `${row.type}/${row.id}`));
      const referred = new Set(sources.flatMap((row) => of(row.content)));
      const next = naive.world.current.filter(
        (row) =>
          !row.deleted &&
          !seen.has(row) &&
          (forward
            ? referred.has(`${row.type}/${row.id}`) && naive.may('read', row)
            : of(row.content).some((reference) => names.has(reference)) && naive.may('search', row)),
      );
      for (const row of next) seen.add(row);
      sources = next;
    }
    const page = await asked(caller, `${url}&_count=1000`, searchLimits, estimates);
    expect(page.matches.map(told).sort(), url).toEqual(matches.map(told).sort());
    const expected = [...seen].filter((row) => !matches.includes(row));
    expect(page.includes.map(told).sort(), url).toEqual(expected.map(told).sort());
  }
}

async function compartments(caller: Caller, naive: Naive): Promise<void> {
  for (const patient of naive.world.current.filter(({ type }) => type === 'Patient')) {
    const work = server.fhir.interactions.everything(caller, patient.id, [['_count', '1000']]);
    if (!naive.may('read', patient)) {
      await expect(work).rejects.toMatchObject({ status: naive.mayAtAll('read', 'Patient') ? 404 : 403 });
      continue;
    }
    const own = `Patient/${patient.id}`;
    const expected = naive.found.filter(({ content: { subject, patient: of } }) => (subject ?? of)?.reference === own);
    expect((await work).matches.map(told)).toEqual([patient, ...expected].map(told));
  }
}

async function labels(caller: Caller, naive: Naive): Promise<void> {
  const tagsOf = (rows: readonly Row[]): string[] =>
    [...new Set(rows.flatMap(({ content }) => (content.meta.tag ?? []).map((tag: Content) => tag.code)))].sort();
  const { tag } = await server.fhir.interactions.labels(caller, undefined);
  expect((tag ?? []).map(({ code }) => code).sort()).toEqual(tagsOf(naive.found));
  if (naive.mayAtAll('search', 'Observation')) {
    const ofType = await server.fhir.interactions.labels(caller, 'Observation');
    expect((ofType.tag ?? []).map(({ code }) => code)).toEqual(
      tagsOf(naive.found.filter(({ type }) => type === 'Observation')),
    );
  }
}
