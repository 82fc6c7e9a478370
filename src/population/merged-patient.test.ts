import type { Patient } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { isReplaced, mergedPatients } from './merged-patient.ts';
import { toldPatient } from './told-patient.ts';

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const patient = (id: string, more: Partial<Patient> = {}): Patient => ({ resourceType: 'Patient', id, ...more });

test('the one who stays keeps what it says, gets what it lacks, and has the numbers of both', () => {
  const one = patient('a', {
    identifier: [{ system: FNR, value: '1' }],
    name: [{ family: 'Testpasient' }],
    gender: 'female',
  });
  const other = patient('b', {
    identifier: [
      { system: FNR, value: '2' },
      { system: FNR, value: '1' },
      { system: 'urn:local', value: '3' },
    ],
    name: [{ family: 'testpasient' }, { family: 'Annet' }],
    gender: 'male',
    birthDate: '1969-11-13',
    deceasedDateTime: '2026-03-01',
  });
  const { surviving, replaced } = mergedPatients(one, other);
  expect(surviving).toEqual({
    ...{ resourceType: 'Patient', id: 'a', gender: 'female', birthDate: '1969-11-13', deceasedDateTime: '2026-03-01' },
    identifier: [
      { system: FNR, value: '1' },
      { system: FNR, value: '2', use: 'old' },
      { system: 'urn:local', value: '3' },
    ],
    name: [{ family: 'Testpasient' }, { family: 'Annet', use: 'old' }],
  });
  expect([isReplaced(surviving), isReplaced(replaced), isReplaced(replaced, 'a')]).toEqual([false, true, false]);
  expect(replaced.identifier ?? replaced.name ?? replaced.birthDate).toBeUndefined();
});

test('of what the register knows only what it has told of is taken over', () => {
  const known = patient('a', { identifier: [{ system: FNR, value: '11111111111' }], deceasedBoolean: true });
  const person = { id: 'p', numbers: [{ value: '41111111111', valid: true }], death: undefined };
  expect(toldPatient(known, person, { death: false, numbers: false })).toEqual(known);
  expect(toldPatient(known, person, { death: true, numbers: false })).toEqual({ ...known, deceasedBoolean: undefined });
  expect(toldPatient(known, person, { death: false, numbers: true }).identifier).toEqual([
    { system: 'urn:oid:2.16.578.1.12.4.1.4.2', value: '41111111111', use: 'official' },
    { system: FNR, value: '11111111111', use: 'old' },
  ]);
  const numberless = { ...person, numbers: [], death: { date: undefined } };
  expect(toldPatient(known, numberless, { death: true, numbers: true })).toEqual(known);
});
