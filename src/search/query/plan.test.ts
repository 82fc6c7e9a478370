import { expect, test } from 'vitest';
import { type Caller, systemCaller } from '../../model/caller.ts';
import type { Queryable } from '../../model/queryable.ts';
import { r4SearchParameters } from '../parameters/r4.ts';
import { searchParameterRegistry } from '../parameters/registry.ts';
import { Estimates } from './estimates.ts';
import { searchLimits } from './limits.ts';
import { parseSearch } from './parse.ts';
import { plan } from './plan.ts';
import type { Way } from './sql/page-statement.ts';
import { Statement } from './sql/statement.ts';

const parameters = searchParameterRegistry(r4SearchParameters());

/** Plans a search on a database that answers every count with the next of `counts`; tells how often it was asked. */
async function planned(
  url: string,
  counts: readonly number[],
  guess = false,
  caller: Caller = systemCaller,
): Promise<{ way: Way; counted: Way; asked: number }> {
  const [type = '', text = ''] = url.split('?');
  const request = parseSearch(parameters, type, [...new URLSearchParams(text)], {
    lenient: false,
    baseUrl: 'http://svar.test',
    now: new Date(0),
  });
  let asked = 0;
  const query = async (): Promise<unknown> => {
    asked += 1;
    return { rows: [{ n: String(counts[asked - 1]) }] };
  };
  const statement = (): Statement => new Statement(caller, '1');
  const { way, counted } = await plan({ query } as Queryable, request, new Estimates(), statement, searchLimits, guess);
  return { way, counted, asked };
}

test('what identifies few resources is not counted', async () => {
  for (const url of [
    'Patient?identifier=1&gender=male',
    'Observation?code=x&subject=Patient/1&_sort=-date',
    'Patient?_id=a&gender=male',
    'Observation?code=x',
  ]) {
    const { way, asked } = await planned(url, []);
    expect(way).toMatchObject({ kind: 'members' });
    expect(asked).toBe(0);
  }
});

test('the criterion that matches fewest is gone through', async () => {
  const { way, asked } = await planned('Observation?code=x&status=final&_sort=-date', [4000, 200]);
  expect(way).toMatchObject({ kind: 'members', criterion: { keys: ['Observation.status\n=final'] } });
  expect(asked).toBe(2);
});

test('where all match many, the order is walked', async () => {
  expect((await planned('Observation?code=x&_sort=-date', [5001])).way).toEqual({ kind: 'sorted' });
  expect((await planned('Observation?code=x&_sort=-_lastUpdated', [5001])).way).toEqual({ kind: 'type' });
  expect((await planned('Observation?code=x&status=final&_sort=-date', [5001, 5001, 9000])).way).toEqual({
    kind: 'sorted',
  });
  expect((await planned('Observation?_sort=-date', [])).way).toEqual({ kind: 'sorted' });
});

test('where all match many and few resources satisfy all, their postings are merged', async () => {
  const { way } = await planned('Observation?code=x&status=final&_sort=-date', [5001, 5001, 3]);
  expect(way).toMatchObject({ kind: 'common', criteria: [{ kind: 'token' }, { kind: 'token' }] });
});

test('a name is tried without counting; when it has matched many, it is counted', async () => {
  expect(await planned('Patient?name=a', [], true)).toMatchObject({ way: { kind: 'members', atMost: 5000 }, asked: 0 });
  expect(await planned('Patient?name=a', [5001])).toMatchObject({ way: { kind: 'type' }, asked: 1 });
});

const rule = { types: ['Observation', 'Patient'], acts: ['search' as const] };
const ofHospital: Caller = {
  name: 'lu',
  kind: 'client',
  access: { key: 'lu', rules: [{ ...rule, ties: { labels: ['Organization/h'], anchors: [] } }] },
};
const ofAll: Caller = { ...ofHospital, access: { key: 'all of a type', rules: [rule] } };

test('where few resources are in reach of a caller, these are gone through and counted, whatever is asked of them', async () => {
  for (const url of [
    'Observation',
    'Observation?code=x',
    'Observation?code=x&_sort=-date',
    'Observation?_sort=-date',
  ]) {
    const { way, counted, asked } = await planned(url, [150], false, ofHospital);
    expect([way, counted, asked]).toEqual([{ kind: 'reach' }, { kind: 'reach' }, 1]);
  }
});

test('of more in reach, a criterion is preferred that matches fewer', async () => {
  const fewer = await planned('Observation?code=x&_sort=-date', [4000, 300], false, ofHospital);
  expect(fewer.way).toMatchObject({ kind: 'members' });
  expect((await planned('Observation?code=x&_sort=-date', [4000, 5001, 5], false, ofHospital)).way).toEqual({
    kind: 'reach',
  });
});

test('where much of what is newest is seen, the order is walked, however few are in reach; they are counted by reach', async () => {
  const { way, counted } = await planned('Observation?_sort=-date', [4000, 500], false, ofHospital);
  expect([way, counted]).toEqual([{ kind: 'sorted' }, { kind: 'reach' }]);
  expect((await planned('Observation?_sort=-date', [4000, 10], false, ofHospital)).way).toEqual({ kind: 'reach' });
});

test('where very many are in reach, or all, it is planned as for everybody', async () => {
  expect((await planned('Observation?_sort=-date', [5001], false, ofHospital)).way).toEqual({ kind: 'sorted' });
  expect((await planned('Observation?code=x', [5001, 5001], false, ofHospital)).way).toMatchObject({ kind: 'members' });
  expect(await planned('Observation?_sort=-date', [], false, ofAll)).toMatchObject({
    way: { kind: 'sorted' },
    asked: 0,
  });
});

test('what identifies few resources is not counted for anybody', async () => {
  for (const url of ['Patient?identifier=1', 'Observation?code=x&subject=Patient/1&_sort=-date']) {
    const { way, asked } = await planned(url, [], false, ofHospital);
    expect(way).toMatchObject({ kind: 'members' });
    expect(asked).toBe(0);
  }
  expect(await planned('Patient?name=a', [], true, ofHospital)).toMatchObject({ way: { atMost: 5000 }, asked: 0 });
});

test('of many matches the ties of a limited caller are looked up at once, if these are not far more', async () => {
  const coordinator: Caller = {
    name: 'c',
    kind: 'client',
    access: {
      key: 'c',
      rules: [{ types: ['Observation'], acts: ['search'], ties: { labels: ['ResearchStudy/x'], anchors: [] } }],
    },
  };
  const planFor = async (...counts: number[]) => {
    const { way, asked } = await planned('Observation?code=x&_sort=-date', counts, false, coordinator);
    return { many: way.kind === 'members' && way.many === true, asked };
  };
  expect(await planFor(5001, 4000, 7999)).toEqual({ many: true, asked: 3 });
  expect(await planFor(5001, 4000, 8000)).toEqual({ many: false, asked: 3 });
  expect(await planFor(5001, 499)).toEqual({ many: false, asked: 2 });
});
