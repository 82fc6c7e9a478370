import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asWritten } from './as-written.ts';
import { searchesBy, wrongAnswers } from './full-scan.ts';
import { exampleInstances } from './instances.ts';
import { packageParameters } from './package-values.ts';
import { listSearches, nearSearches, wordSearches } from './questions-without-expression.ts';
import { refused, waiting } from './refused.ts';
import { drawn } from './sample.ts';
import { type StoredExamples, storeExamples } from './stored-examples.ts';

/**
 * The instances of hl7.fhir.r4.examples on a whole server. `npm test` asks, of the searches that the values of each
 * search parameter give rise to, a few, drawn by a fixed seed; `npm run test:examples` asks them all (some 40,000).
 */
const PER_PARAMETER = process.env.SVAR_ALL_EXAMPLES ? Number.POSITIVE_INFINITY : 4;

let examples: StoredExamples;

beforeAll(async () => {
  examples = await storeExamples();
}, 600_000);

afterAll(() => examples.server.close());

describe('the example instances of R4', () => {
  test('are stored, apart from those known to be refused, each for its reason', () => {
    expect(exampleInstances()).toHaveLength(731);
    expect(examples.refused).toEqual({ ...refused, ...waiting });
    expect(examples.never).toEqual(Object.keys(refused).sort());
  });

  test('come back as they were sent: digits, spelling and order, all but versionId and lastUpdated', async () => {
    for (const { key, type, id, text } of exampleInstances()) {
      if (!(key in refused)) {
        const answer = await fetch(`${examples.server.base}/${type}/${id}`);
        expect(asWritten(await answer.text()), key).toEqual(asWritten(text));
      }
    }
  });

  test('are found by every search parameter that R4 defines for their types, exactly where a full scan finds them', async () => {
    const parameters = packageParameters(new Set(examples.stored.map(({ type }) => type)));
    const ofType = Map.groupBy(examples.stored, ({ type }) => type);
    const supported = parameters.filter(({ kind }) => kind !== 'special');
    const searches = supported.flatMap((parameter) =>
      drawn(PER_PARAMETER, searchesBy(parameter, ofType.get(parameter.type) ?? [])),
    );
    expect(supported.length).toBeGreaterThan(2300);
    expect(searches.length).toBeGreaterThan(5000);
    expect(searches.filter(({ expected }) => expected.length > 0).length).toBeGreaterThan(searches.length / 2);
    expect(await wrongAnswers(examples.server.base, searches)).toEqual([]);
  }, 600_000);

  test('are found by near, _list, _text and _content, exactly where a full scan finds them', async () => {
    const { stored, server } = examples;
    const ofType = Map.groupBy(stored, ({ type }) => type);
    const byWord = [...ofType].flatMap(([type, instances]) => drawn(PER_PARAMETER * 4, wordSearches(instances, type)));
    const searches = [...nearSearches(stored), ...listSearches(stored), ...byWord];
    expect(searches.filter(({ expected }) => expected.length > 0).length).toBeGreaterThan(1000);
    expect(await wrongAnswers(server.base, searches)).toEqual([]);
  }, 600_000);
});
