import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScoreRules, readScoreRules } from './read-score-rules.ts';

const hads = readFileSync(
  new URL('../../../questionnaires/instruments/hads.scores.rules.json', import.meta.url),
  'utf8',
);

/** The rules of HADS with one member, named by its JSON pointer, replaced or (undefined) taken away. */
function altered(pointer: string, value: unknown): unknown {
  const json = JSON.parse(hads);
  const path = pointer.split('/').slice(1);
  const last = path.pop() ?? '';
  const place = path.reduce((at, name) => at[name], json);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return json;
}

const wording = { nb: 'a', sv: 'a', en: 'a' };

describe('a rule file', () => {
  it('that is right is read without faults', () => {
    const { rules, faults } = readScoreRules(JSON.parse(hads));
    expect(faults).toEqual([]);
    expect(rules.scores.map(({ code, missing }) => [code, missing])).toEqual([
      ['hads-anxiety', { minimum: 4, prorate: true }],
      ['hads-depression', { minimum: 4, prorate: true }],
    ]);
  });

  it('without a missing rule asks for every part', () => {
    expect(readScoreRules(altered('/scores/0/missing', undefined)).rules.scores[0]?.missing).toEqual({
      minimum: 7,
      prorate: false,
    });
  });

  it.each([
    ['/scores/0/itms', ['x']],
    ['/scores/0/code', undefined],
    ['/scores/0/version', '1'],
    ['/scores/0/display/sv', undefined],
    ['/scores/0/display/nb', ' '],
    ['/scores/0/missing/minimum', 8],
    ['/scores/0/missing/minimum', 0],
    ['/scores/0/missing/minimum', 3.5],
    ['/scores/0/missing/prorate', 'yes'],
    ['/scores/0/aggregate/kind', 'product'],
    ['/scores/0/decimals', -1],
    ['/scores/0/range/max', '21'],
    ['/scores/0/table', { kind: 'lookup', table: 'https://svar.example.org/fhir/Library/x' }, '/table'],
    ['/scores/0/change/thresholds/0/amount', 0],
    ['/scores/0/change/error', { sem: -1 }, '/sem'],
    ['/answers/from', 'guess'],
    ['/scores', {}],
  ] as [string, unknown, string?][])('with %s = %j is refused at that place', (pointer, value, below = '') => {
    const { faults } = readScoreRules(altered(pointer, value));
    expect(faults.map((fault) => fault.pointer)).toContain(pointer + below);
  });

  it.each([
    ['/scores/1/code', 'hads-anxiety', '/scores/1/code'],
    ['/scores/0/items', ['HADSSpm1', 'HADSSpm1', 'a', 'b'], '/scores/0/items'],
    ['/scores/0/items', [], '/scores/0/items'],
    ['/scores/0/items', undefined, '/scores/0'],
    ['/scores/0/aggregate', { kind: 'mean' }, '/scores/0/missing/prorate'],
    ['/scores/0/aggregate', { kind: 'value' }, '/scores/0/aggregate'],
    ['/scores/0/aggregate', { kind: 'percent', lowest: 5, highest: 0 }, '/scores/0/aggregate/highest'],
    ['/scores/0/aggregate', { kind: 'linear', factors: { HADSSpm1: 1 } }, '/scores/0/aggregate/factors'],
    ['/scores/0/aggregate', { kind: 'state' }, '/scores/0'],
    ['/scores/0/bands/1/from', 0, '/scores/0/bands/1'],
    ['/scores/0/bands/1/from', undefined, '/scores/0/bands/1'],
    ['/scores/0/bands/1/above', 8, '/scores/0/bands/1'],
    ['/scores/0/bands/1/code', 'hads-non-case', '/scores/0/bands'],
    ['/scores/0/bands/1/source', 'nobody', '/scores/0/bands/1/source'],
    ['/scores/0/sources', ['nobody'], '/scores/0/sources/0'],
    ['/scores/0/sources', [], '/scores/0/sources'],
    ['/scores/0/higherIs', undefined, '/scores/0/change'],
    ['/scores/0/change/responder', 'none', '/scores/0/change/responder'],
    ['/scores/0/change/error', { fromTable: true }, '/scores/0/change/error/fromTable'],
    ['/answers/reverse', [{ items: ['HADSSpm15'], low: 0, high: 3 }], '/answers/reverse/0/items/0'],
    [
      '/scores/0',
      {
        ...{ code: 'total', display: wording, version: '1.0.0', scores: ['hads-depression'] },
        ...{ aggregate: { kind: 'sum' }, sources: ['bell-2016'] },
      },
      '/scores/0/scores/0',
    ],
  ] as const)('whose parts contradict each other (%s = %j) is refused at %s', (pointer, value, place) => {
    const { faults } = readScoreRules(altered(pointer, value));
    expect(faults.map((fault) => fault.pointer)).toContain(place);
  });

  it('that looks up a sum with answers missing is refused: the table holds for the sum of all', () => {
    const json = altered('/scores/0/missing/prorate', false) as { scores: object[] };
    Object.assign(json.scores[0]!, { table: { kind: 'lookup', table: 'https://x.example.org/Library/t|1' } });
    expect(readScoreRules(json).faults.map(({ pointer }) => pointer)).toEqual(['/scores/0/missing/minimum']);
  });

  it('is told with its name and the place of every fault', () => {
    const text = JSON.stringify(altered('/scores/0/range/max', 'x')).replace('"from":"weight"', '"from":"x"');
    expect(() => parseScoreRules(text, 'hads.scores.rules.json')).toThrow(
      /hads\.scores\.rules\.json, \/answers\/from: must be one of weight.*\/scores\/0\/range\/max: must be a number/,
    );
    expect(() => parseScoreRules('{', 'x.json')).toThrow(/x\.json are no JSON/);
  });
});
