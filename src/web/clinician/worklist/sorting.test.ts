import { expect, test } from 'vitest';
import { type Registration, registrationOf } from './registration.ts';
import { filtered, NO_FILTER, sorted } from './sorting.ts';

const OUTPUT = 'https://svar.example.org/fhir/CodeSystem/registration-output';

function row(course: string, family: string, form: string, ward = ''): Registration {
  return registrationOf(
    {
      ...{ resourceType: 'Task', status: 'in-progress', intent: 'plan', id: course },
      focus: { reference: `EpisodeOfCare/${course}` },
      output: [
        {
          type: { coding: [{ system: OUTPUT, code: 'form' }], text: 'TO' },
          valueCodeableConcept: { coding: [{ code: form }] },
        },
        ...(ward === ''
          ? []
          : [{ type: { coding: [{ system: OUTPUT, code: 'ward' }] }, valueReference: { reference: ward } }]),
      ],
    },
    { resourceType: 'Patient', name: [{ family }] },
    new Map([['Organization/1', 'Kir']]),
  );
}

const rows = [row('c1', 'Ås', 'empty'), row('c2', 'Zorn', 'completed', 'Organization/1'), row('c3', 'Ærlig', 'empty')];

test('names are sorted as Norwegian sorts them', () => {
  const names = sorted(rows, { key: 'patient', descending: false }, 'nb-NO').map(({ patient }) => patient.name);
  expect(names).toEqual(['Zorn', 'Ærlig', 'Ås']);
});

test('a ward that is not known comes last either way', () => {
  for (const descending of [true, false]) {
    expect(sorted(rows, { key: 'ward', descending }, 'nb-NO')[0]?.ward).toBe('Kir');
  }
});

test('courses are found by text, and by forms that are empty', () => {
  expect(filtered(rows, { ...NO_FILTER, text: 'ærl' }).map(({ course }) => course)).toEqual(['c3']);
  expect(filtered(rows, { ...NO_FILTER, text: 'C2' }).map(({ course }) => course)).toEqual(['c2']);
  expect(filtered(rows, { ...NO_FILTER, missing: true }).map(({ course }) => course)).toEqual(['c1', 'c3']);
});
