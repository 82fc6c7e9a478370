import { expect, test } from 'vitest';
import { criteriaOf } from './find-patients.ts';

test('a national number is looked for as one, however it is spaced', () => {
  expect(criteriaOf('131169 00216')).toEqual([{ identifier: '13116900216' }]);
});

test('one word may be a name, or the id of a patient or course', () => {
  expect(criteriaOf('demo-0001').map((criteria) => Object.keys(criteria)[0])).toEqual([
    ...['name', '_id', 'identifier'],
    ...['_has:EpisodeOfCare:patient:_id', '_has:EpisodeOfCare:patient:identifier'],
  ]);
});

test('what stands for more than itself in a search is looked for as it is written', () => {
  expect(criteriaOf(' Nord, Ola|x ')).toEqual([{ name: 'Nord\\, Ola\\|x' }]);
});
