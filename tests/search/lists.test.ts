import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseUrl, type SearchKit, searchKit } from './kit.ts';

let kit: SearchKit;

const item = (reference: string) => ({ item: { reference } });

beforeAll(async () => {
  kit = await searchKit();
  await kit.put([
    { resourceType: 'Patient', id: 'a', gender: 'female' },
    { resourceType: 'Patient', id: 'b', gender: 'male' },
    { resourceType: 'Patient', id: 'c', gender: 'male' },
    // Another type's resource of the same id.
    { resourceType: 'Observation', id: 'a', status: 'final', subject: { reference: 'Patient/a' } },
    { resourceType: 'Observation', id: 'o', status: 'final', subject: { reference: 'Patient/c' } },
    {
      resourceType: 'List',
      id: 'mixed',
      subject: { reference: 'Patient/c' },
      entry: [
        item('Patient/a'),
        item(`${baseUrl}/Patient/b/_history/1`),
        item('Observation/o'),
        item('Patient/gone'),
        item('http://elsewhere.example/Patient/c'),
        item('#c'),
        { item: { display: 'c' } },
      ],
    },
    { resourceType: 'List', id: 'other', entry: [item('Patient/c'), item('Patient/a')] },
    { resourceType: 'List', id: 'empty' },
  ]);
});

afterAll(() => kit.close());

const ids = async (url: string): Promise<readonly string[]> =>
  (await kit.search(url)).matches.map(({ type, id }) => `${type}/${id}`);

describe('_list', () => {
  test.each([
    ['Patient?_list=mixed', ['Patient/a', 'Patient/b']],
    ['Patient?_list=List/mixed', ['Patient/a', 'Patient/b']],
    ['Patient?_list=mixed,other', ['Patient/a', 'Patient/b', 'Patient/c']],
    ['Patient?_list=mixed&_list=other', ['Patient/a']],
    ['Patient?_list=mixed&gender=male', ['Patient/b']],
    ['Patient?_list=mixed&_sort=-gender', ['Patient/b', 'Patient/a']],
    ['Observation?_list=mixed', ['Observation/o']],
    ['Observation?subject:Patient._list=other', ['Observation/a', 'Observation/o']],
    ['Patient?_has:Observation:subject:_list=mixed', ['Patient/c']],
    ['?_list=mixed', ['Patient/a', 'Patient/b', 'Observation/o']],
    ['?_type=Patient,Observation&_list=mixed', ['Patient/a', 'Patient/b', 'Observation/o']],
    ['?_type=Observation,Questionnaire&_list=mixed', ['Observation/o']],
    ['Patient?_list=empty', []],
    ['Patient?_list=unknown', []],
    ['Questionnaire?_list=mixed', []],
    ['Patient?_filter=not(_list eq mixed)', ['Patient/c']],
    ['Patient?_filter=_list eq mixed or gender eq male', ['Patient/a', 'Patient/b', 'Patient/c']],
  ])('%s', async (url, expected) => {
    expect((await ids(url)).toSorted()).toEqual(expected.toSorted());
  });

  test('of who may not read the List finds nothing', async () => {
    const { matches } = await kit.search('Patient?_list=mixed', {
      caller: { name: 'nobody', kind: 'client', access: 'none' },
    });
    expect(matches).toEqual([]);
  });

  test.each([
    ['Patient?_list=$current-allergies', /\$current-allergies is not kept here: name a List by its id/],
    ['Patient?_list=a b', /expected the id of a List/],
    ['Patient?_list:not=mixed', /has no modifier/],
  ])('%s is refused', async (url, message) => {
    await expect(kit.search(url)).rejects.toThrow(message);
  });
});
