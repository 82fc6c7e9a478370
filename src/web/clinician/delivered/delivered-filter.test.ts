import { expect, test } from 'vitest';
import { registrationOf } from '../worklist/registration.ts';
import { filteredDelivered, NO_DELIVERED_FILTER } from './delivered-filter.ts';

const course = (id: string, start: string | undefined, birthDate: string | undefined) =>
  registrationOf(
    {
      ...{ resourceType: 'Task', status: 'completed', intent: 'plan' },
      focus: { reference: `EpisodeOfCare/${id}` },
      ...(start !== undefined && { executionPeriod: { start } }),
    },
    { resourceType: 'Patient', ...(birthDate !== undefined && { birthDate }) },
    new Map(),
  );

const rows = [
  course('young', '2026-01-01', '2008-03-03'),
  course('old', '2026-02-28', '1940-12-31'),
  course('undated', undefined, undefined),
];
const found = (filter: Partial<typeof NO_DELIVERED_FILTER>) =>
  filteredDelivered(rows, { ...NO_DELIVERED_FILTER, ...filter }, '2026-03-02').map((row) => row.course);

test('delivered courses are found from the first day to the last, both of them in it', () => {
  expect(found({})).toEqual(['young', 'old', 'undated']);
  expect(found({ from: '2026-01-01', to: '2026-01-01' })).toEqual(['young']);
  expect(found({ from: '2026-01-02' })).toEqual(['old']);
  expect(found({ to: '2026-02-28' })).toEqual(['young', 'old']);
});

test('they are found by age in whole years as of today; who has no day of birth is of no age', () => {
  expect(found({ ageTo: '17' })).toEqual(['young']);
  expect(found({ ageFrom: '18' })).toEqual(['old']);
  expect(found({ ageFrom: '17', ageTo: '85' })).toEqual(['young', 'old']);
  expect(found({ ageFrom: 'x' })).toEqual(['young', 'old', 'undated']);
});
