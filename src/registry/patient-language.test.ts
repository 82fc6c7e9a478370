import type { Patient } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { patientLanguage } from './patient-language.ts';

const speaking = (...languages: [tag: string, preferred?: boolean][]): Patient => ({
  resourceType: 'Patient',
  communication: languages.map(([code, preferred]) => ({ language: { coding: [{ code }] }, preferred })),
});

it('a patient reads the preferred language, else the first that is named', () => {
  expect(patientLanguage(speaking(['nb'], ['sv', true]))).toBe('sv');
  expect(patientLanguage(speaking(['nb', false], ['sv']))).toBe('nb');
  expect(patientLanguage(speaking())).toBeUndefined();
  expect(patientLanguage({ resourceType: 'Patient' })).toBeUndefined();
});
