import type { Patient } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { candidatesAmong } from './candidates.ts';

const hit = (id: string, value?: string, birthDate?: string) => ({
  patient: {
    ...{ resourceType: 'Patient', id },
    ...(value !== undefined && { identifier: [{ value }] }),
    ...(birthDate !== undefined && { birthDate }),
  } as Patient,
  courses: [],
});
const ids = (hits: readonly { readonly patient: Patient }[]) => hits.map(({ patient }) => patient.id);

test('the one with the number is who is sought', () => {
  const { certain, possible } = candidatesAmong([hit('a', '1')], { identifier: { value: '1' }, birthDate: undefined });
  expect([certain?.patient.id, possible]).toEqual(['a', []]);
});

test('of several with one number a person chooses', () => {
  const found = candidatesAmong([hit('a', '1'), hit('b', '1')], { identifier: { value: '1' }, birthDate: undefined });
  expect([found.certain, ids(found.possible)]).toEqual([undefined, ['a', 'b']]);
});

test('who has the number and was born on another day is perhaps somebody else', () => {
  const sought = { identifier: { value: '1' }, birthDate: '1980-05-04' };
  expect(candidatesAmong([hit('a', '1', '1980-05-04'), hit('b', '2', '1980-05-04')], sought).certain?.patient.id).toBe(
    'a',
  );
  const found = candidatesAmong([hit('b', '2', '1980-05-04'), hit('a', '1', '1980-04-05')], sought);
  expect([found.certain, ids(found.possible)]).toEqual([undefined, ['a', 'b']]);
});

test('who was born on the day and has no number may be the one', () => {
  const found = candidatesAmong([hit('a', undefined, '1980-05-04')], {
    identifier: undefined,
    birthDate: '1980-05-04',
  });
  expect([found.certain, ids(found.possible)]).toEqual([undefined, ['a']]);
});
