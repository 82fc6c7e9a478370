import type { Measure, MeasureReport, Patient, Questionnaire, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { writing } from '../../../charts/said.ts';
import { monthsIn, thisYear } from './days.ts';
import { isReshId } from './places.ts';
import { chartsOf } from './reports.ts';
import { contactsOf, formVersions } from './system-info.ts';
import { coursesOf } from './unreached.ts';

const COUNT = 'https://svar.example.org/fhir/CodeSystem/report-count';
const POPULATION = 'http://terminology.hl7.org/CodeSystem/measure-population';
const code = (value: string, role?: string) => ({
  coding: [...(role === undefined ? [] : [{ system: POPULATION, code: role }]), { system: COUNT, code: value }],
});

const measure: Measure = {
  resourceType: 'Measure',
  status: 'active',
  language: 'nb',
  group: [
    {
      code: code('share'),
      description: 'Registrert av henvist',
      population: [
        { code: code('referred', 'denominator'), description: 'Henviste', criteria: { language: 'x' as 'text/cql' } },
        { code: code('registered', 'numerator'), criteria: { language: 'x' as 'text/cql' } },
      ],
    },
  ],
};
const report: MeasureReport = {
  resourceType: 'MeasureReport',
  status: 'complete',
  type: 'summary',
  measure: 'https://example.org/Measure/m|1',
  period: {},
  group: [
    {
      code: code('share'),
      population: [
        {
          code: code('referred', 'denominator'),
          count: 4,
          extension: [{ url: 'https://svar.example.org/fhir/StructureDefinition/count-source', valueCode: 'loaded' }],
        },
        { code: code('registered', 'numerator'), count: 3 },
      ],
      measureScore: { value: 0.75 },
    },
    {
      code: code('by-month'),
      population: [{ code: code('registered'), count: 3 }],
      stratifier: [{ stratum: [{ value: { text: '2026-03' }, population: [{ count: 3 }] }] }],
    },
  ],
};

test("a report's numbers stand under the words of its Measure, and under their codes where it has none", () => {
  const [share, months] = chartsOf(report, measure, writing('nb', 'Europe/Oslo'));
  expect(share).toMatchObject({
    title: 'Registrert av henvist',
    counts: [
      { label: 'Henviste', count: 4 },
      { label: 'registered', count: 3 },
    ],
    share: { above: 3, below: 4, value: 0.75 },
    isLoaded: true,
  });
  expect(months).toMatchObject({ title: 'by-month', counts: [{ label: 'mars 2026', count: 3 }], isLoaded: false });
  expect(months?.share).toBeUndefined();
});

test('a period touches the months of its first and last day, and begins with New Year where the device is', () => {
  expect(monthsIn({ start: '2025-12-31', end: '2026-01-01' })).toBe(2);
  expect(monthsIn({ start: '2024-01-01', end: '2026-12-31' })).toBe(36);
  expect(thisYear(new Date(2026, 0, 1, 0, 30))).toEqual({ start: '2026-01-01', end: '2026-01-01' });
});

test('who was not reached stands once a course, with each form and why', () => {
  const order = (id: string, course: string, patient: string): Task => ({
    resourceType: 'Task',
    id,
    status: 'ready',
    intent: 'order',
    description: `Skjema ${id}`,
    focus: { reference: `EpisodeOfCare/${course}` },
    for: { reference: `Patient/${patient}` },
  });
  const patient: Patient = {
    resourceType: 'Patient',
    id: 'p',
    name: [{ family: 'Testpasient', given: ['Syntetisk'] }],
  };
  const told = coursesOf(
    [order('1', 'a', 'p'), order('2', 'b', 'q'), order('3', 'a', 'p')],
    [patient],
    () => 'Reservert',
  );
  expect(told).toMatchObject([
    {
      course: 'a',
      patient: 'Testpasient, Syntetisk',
      patientId: 'p',
      orders: [{ form: 'Skjema 1' }, { form: 'Skjema 3' }],
    },
    { course: 'b', patient: 'Patient/q', patientId: undefined, orders: [{ reason: 'Reservert' }] },
  ]);
});

test.each([
  ['99000777', true],
  [' 4001 ', true],
  ['123', false],
  ['12345678901', false],
  ['abcd', false],
])('%j is a RESH-ID: %s', (text, is) => {
  expect(isReshId(text)).toBe(is);
});

test("forms stand by their titles in the page's language, the newest version first", () => {
  const form = (url: string, version: string): Questionnaire => ({
    ...{ resourceType: 'Questionnaire', status: 'active', url, version, title: `Skjema ${url}` },
  });
  const versions = formVersions([form('b', '1.0.0'), form('a', '1.9.0'), form('a', '1.10.0')], 'nb');
  expect(versions.map(({ title, version }) => `${title} ${version}`)).toEqual([
    ...['Skjema a 1.10.0', 'Skjema a 1.9.0', 'Skjema b 1.0.0'],
  ]);
});

test('whom a registry names is told with how to reach them', () => {
  expect(contactsOf({})).toEqual([]);
  const telecom = [{ value: 'post@example.org' }, { value: '+47 00 00 00 00' }];
  expect(contactsOf({ contact: [{ name: 'Registersekretariatet', telecom }, {}] })).toEqual([
    'Registersekretariatet, post@example.org, +47 00 00 00 00',
  ]);
});
