import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageParameters } from './package-values.ts';
import { readPage, walked } from './read-search.ts';
import { drawn } from './sample.ts';
import { indexed, type SortKey, sortable, sorted } from './sort-order.ts';
import { type StoredExamples, storeExamples } from './stored-examples.ts';

/** Sort orders whose pages are walked in `npm test`, drawn by a fixed seed; `npm run test:examples` walks all. */
const WALKED = process.env.SVAR_ALL_EXAMPLES ? Number.POSITIVE_INFINITY : 100;
/** Orders by tokens, references and uris, drawn likewise; they are three times as many as the others. */
const BY_TEXT = process.env.SVAR_ALL_EXAMPLES ? Number.POSITIVE_INFINITY : 500;

let examples: StoredExamples;
let keys: readonly SortKey[];

beforeAll(async () => {
  examples = await storeExamples();
  const types = new Set(examples.stored.map(({ type }) => type));
  const all = packageParameters(types)
    .filter(sortable)
    .flatMap((parameter) => [false, true].map((descending) => ({ parameter, descending })));
  const [byIndex, byText] = [true, false].map((is) => all.filter(({ parameter }) => indexed(parameter) === is));
  keys = [...(byIndex ?? []), ...drawn(BY_TEXT, byText ?? [])];
}, 600_000);

afterAll(() => examples.server.close());

/** As they were created: what a search without `_sort` gives. */
async function created(type: string) {
  const { matches } = await readPage(`${examples.server.base}/${type}?_count=1000`);
  const byKey = new Map(examples.stored.map((each) => [each.key, each]));
  return matches.flatMap((key) => byKey.get(key) ?? []);
}

const text = ({ parameter, descending }: SortKey) => `${descending ? '-' : ''}${parameter.code}`;

describe('_sort', () => {
  test('by every date, number, quantity and string parameter, and by many others, gives the order of a full scan', async () => {
    const types = Map.groupBy(keys, ({ parameter }) => parameter.type);
    let compared = 0;
    for (const [type, ofType] of types) {
      const all = await created(type);
      for (const key of ofType) {
        const { matches } = await readPage(`${examples.server.base}/${type}?_sort=${text(key)}&_count=1000`);
        expect(matches, `${type} ${text(key)}`).toEqual(sorted(all, [key]));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(1400);
  }, 300_000);

  test('on two keys, and by _id and _lastUpdated', async () => {
    const byType = Map.groupBy(keys, ({ parameter }) => parameter.type);
    for (const type of ['Patient', 'Observation', 'Encounter', 'MedicationRequest', 'PlanDefinition'] as const) {
      const all = await created(type);
      const [, first, , second, last] = [...(byType.get(type) ?? []), ...(byType.get(type) ?? [])];
      for (const pair of [
        [first, second],
        [second, last],
        [last, first],
      ] as [SortKey, SortKey][]) {
        const query = `${type}?_sort=${pair.map(text).join(',')}&_count=1000`;
        expect((await readPage(`${examples.server.base}/${query}`)).matches, query).toEqual(sorted(all, pair));
      }
      const ids = (await readPage(`${examples.server.base}/${type}?_sort=-_id&_count=1000`)).matches;
      expect(ids).toEqual(ids.toSorted().reverse());
      const updated = new Map(all.map(({ key, resource }) => [key, resource.meta?.lastUpdated ?? '']));
      const times = (await readPage(`${examples.server.base}/${type}?_sort=_lastUpdated&_count=1000`)).matches;
      expect(times.map((key) => updated.get(key))).toEqual([...updated.values()].sort());
    }
  });
});

describe('pages', () => {
  test('of a sorted search hold every match once, forth by next and back by previous', async () => {
    const counts = Map.groupBy(examples.stored, ({ type }) => type);
    const long = keys.filter(({ parameter }) => (counts.get(parameter.type)?.length ?? 0) >= 5);
    for (const key of drawn(WALKED, long)) {
      const { type } = key.parameter;
      const size = Math.ceil((counts.get(type)?.length ?? 0) / 4);
      const all = sorted(await created(type), [key]);
      const pages = await walked(`${examples.server.base}/${type}?_sort=${text(key)}&_count=${size}`);
      expect(pages.forth, `${type} ${text(key)}`).toEqual(all);
      expect(pages.back, `${type} ${text(key)} back`).toEqual(all);
    }
  }, 300_000);

  test('of an unsorted search too, with and without criteria, and over several types', async () => {
    const { base } = examples.server;
    for (const query of [
      'Observation?status=final',
      'Patient?',
      'Medication?_sort=-_lastUpdated',
      '?_type=Patient,Group',
    ]) {
      const all = (await readPage(`${base}/${query}&_count=1000`)).matches;
      const pages = await walked(`${base}/${query}&_count=3`);
      expect(pages.forth, query).toEqual(all);
      expect(pages.back, query).toEqual(all);
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThan(9);
    }
  });

  test('_offset skips, and leaves nothing of itself in the links', async () => {
    const { base } = examples.server;
    const all = (await readPage(`${base}/Observation?_sort=date&_count=1000`)).matches;
    const page = await readPage(`${base}/Observation?_sort=date&_count=5&_offset=10`);
    expect(page.matches).toEqual(all.slice(10, 15));
    expect(page.next).not.toContain('_offset');
    expect((await readPage(page.next ?? '')).matches).toEqual(all.slice(15, 20));
  });

  test('_total=accurate counts, whatever the page; without it there is no total; _summary=count gives nothing else', async () => {
    const { base } = examples.server;
    for (const query of ['Observation?status=final', 'Patient?gender=male', 'Medication?status:missing=true']) {
      const { matches } = await readPage(`${base}/${query}&_count=1000`);
      expect((await readPage(`${base}/${query}&_count=1`)).total).toBeUndefined();
      expect((await readPage(`${base}/${query}&_count=1&_total=accurate`)).total).toBe(matches.length);
      const counted = await readPage(`${base}/${query}&_summary=count`);
      expect([counted.total, counted.matches]).toEqual([matches.length, []]);
    }
  });
});
