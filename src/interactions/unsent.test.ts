import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { asServer, type Caller, systemCaller } from '../model/caller.ts';
import { isUnsent } from './unsent.ts';

const by = (who: string): Caller => ({
  ...{ name: who, kind: 'client', access: 'none' },
  agent: { who, client: 'svar', role: 'x', strength: 'link' },
});
const patient = by('Patient/p');
const staff = by('Practitioner/s');
const response = (status: QuestionnaireResponse['status']): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status,
  author: { reference: 'Patient/p' },
});

test('who writes an answer decides whether it is a patient’s, not whom it names', () => {
  expect(isUnsent(response('in-progress'), patient, '1', undefined)).toBe(true);
  expect(isUnsent({ ...response('in-progress'), author: { reference: 'Practitioner/s' } }, patient, '1', '4')).toBe(
    true,
  );
  for (const other of [staff, by('Device/ehr'), systemCaller]) {
    expect(isUnsent(response('in-progress'), other, '1', undefined)).toBe(false);
    expect(isUnsent(response('in-progress'), other, '1', '4')).toBe(false);
  }
});

test('what the server does for a patient to the answers of staff does not make them the patient’s', () => {
  expect(isUnsent(response('stopped'), asServer(patient), '1', '4')).toBe(false);
});

test('it stays so, stopped too, until it is sent', () => {
  for (const status of ['in-progress', 'stopped', 'entered-in-error'] as const) {
    expect(isUnsent(response(status), systemCaller, '1', '1')).toBe(true);
  }
  for (const status of ['completed', 'amended'] as const) {
    expect(isUnsent(response(status), patient, '1', '1')).toBe(false);
  }
});

test('nothing else that a patient writes is unsent', () => {
  expect(isUnsent({ resourceType: 'Patient' }, patient, '1', '1')).toBe(false);
});
