import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { turnOf } from './turn-of.ts';

const stored = (versionId: string): QuestionnaireResponse => ({
  ...{ resourceType: 'QuestionnaireResponse', id: 'r', status: 'completed', meta: { versionId } },
});
const turn = (mode: 'fill' | 'correct' | 'read', version: string, birthDate?: string) =>
  turnOf({ order: undefined, response: stored(version) }, mode, {
    patient: { resourceType: 'Patient', ...(birthDate !== undefined && { birthDate }) },
  });

test('what is read is opened anew for each version; what is filled in or corrected is not, as answers would be lost', () => {
  expect(turn('read', '2')).not.toBe(turn('read', '1'));
  expect(turn('fill', '2')).toBe(turn('fill', '1'));
  expect(turn('correct', '2')).toBe(turn('correct', '1'));
});

test('a form is opened anew to be corrected, and where the birth date is told', () => {
  expect(turn('correct', '1')).not.toBe(turn('read', '1'));
  expect(turn('fill', '1', '1980-05-04')).not.toBe(turn('fill', '1'));
  // a correction is stored nowhere: opened anew it would be gone
  expect(turn('correct', '1', '1980-05-04')).toBe(turn('correct', '1'));
});
