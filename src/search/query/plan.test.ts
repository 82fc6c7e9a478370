import { expect, test } from 'vitest';
import { systemCaller } from '../../model/caller.ts';
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
async function planned(url: string, counts: readonly number[], guess = false): Promise<{ way: Way; asked: number }> {
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
  const statement = (): Statement => new Statement(systemCaller, '1');
  const { way } = await plan({ query } as Queryable, request, new Estimates(), statement, searchLimits, guess);
  return { way, asked };
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
