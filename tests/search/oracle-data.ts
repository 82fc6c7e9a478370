import fc from 'fast-check';
import type { OracleObservation, OraclePatient, OracleResource } from './oracle.ts';

/** Values that the stored resources and the searches are made of, so that they meet. */
export const dates = ['2023', '2024', '2024-02', '2024-03', '2024-02-29', '2024-03-01', '2024-03-02', '2025-01-31'];
export const names = ['Alm', 'Almé', 'Berg', 'berg', 'Byå', 'Dal-Eng', 'Å'];
export const systems = ['urn:a', 'urn:b'];
export const codes = ['x', 'y', 'xy'];
export const numbers = [0, 1, 2, 5.4, 5.45, 5.35, 10, 1000, 0.0054];
const units = [
  { system: 'http://unitsofmeasure.org', code: 'mg', unit: 'mg' },
  { system: 'http://unitsofmeasure.org', code: 'g', unit: 'gram' },
  { system: 'http://unitsofmeasure.org', code: 'ug' },
  { unit: 'tablets' },
];

export const some = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const patient = fc.record({
  gender: maybe(some(['male', 'female', 'other'])),
  birthDate: maybe(some(dates)),
  name: maybe(
    fc.array(fc.record({ family: some(names), given: fc.array(some(names), { minLength: 1, maxLength: 2 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
  ),
  identifier: maybe(
    fc.array(fc.record({ system: maybe(some(systems)), value: some(codes) }), { minLength: 1, maxLength: 2 }),
  ),
});

const observation = fc.record({
  status: some(['final', 'preliminary']),
  coding: fc.array(fc.record({ system: maybe(some(systems)), code: some(codes) }), { minLength: 1, maxLength: 2 }),
  subject: maybe(fc.nat(30)),
  when: fc.oneof(
    some(dates).map((effectiveDateTime) => ({ effectiveDateTime })),
    fc
      .record({ start: maybe(some(dates)), end: maybe(some(dates)) })
      .filter(({ start, end }) => (start ?? end) !== undefined && (start ?? '0') <= (end ?? '9').slice(0, 4))
      .map((effectivePeriod) => ({ effectivePeriod })),
    fc.constant({}),
  ),
  quantity: maybe(fc.record({ value: some(numbers), unit: some(units) })),
});

/** 31 patients (p0 …) and 120 observations (o0 …) about them, the same in every run. */
export function oracleResources(): readonly OracleResource[] {
  const patients = fc
    .sample(patient, { numRuns: 31, seed: 1 })
    .map((each, n): OraclePatient => ({ resourceType: 'Patient', id: `p${n}`, ...each }));
  const observations = fc.sample(observation, { numRuns: 120, seed: 2 }).map(
    ({ status, coding, subject, when, quantity }, n): OracleObservation => ({
      resourceType: 'Observation',
      id: `o${n}`,
      status,
      code: { coding },
      ...when,
      ...(subject === undefined ? {} : { subject: { reference: `Patient/p${subject}` } }),
      ...(quantity === undefined ? {} : { valueQuantity: { value: quantity.value, ...quantity.unit } }),
    }),
  );
  return [...patients, ...observations];
}
