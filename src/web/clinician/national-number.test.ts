import { expect, test } from 'vitest';
import { nationalNumberOf, partsOfNumber } from './national-number.ts';

const national = 'urn:oid:2.16.578.1.12.4.1.4.1';

test("a patient is known by the national number that is used, not by another system's", () => {
  expect(
    nationalNumberOf({
      identifier: [
        { system: 'https://svar.example.org/fhir/sid/patient', value: '77' },
        { system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: '12345' },
        { system: 'urn:oid:2.16.578.1.12.4.1.4.2', value: '53916900281', use: 'old' },
        { system: national, value: '13916900281' },
      ],
    }),
  ).toBe('13916900281');
  expect(nationalNumberOf({ identifier: [{ system: 'urn:oid:1.2.752.129.2.1.3.1', value: '196911131234' }] })).toBe(
    '196911131234',
  );
  expect(nationalNumberOf({ identifier: [{ value: '13916900281' }] })).toBeUndefined();
  expect(nationalNumberOf({})).toBeUndefined();
});

test('lists on paper end a number with the day of birth', () => {
  expect(partsOfNumber('13916900281')).toEqual(['139169', '00281']);
  expect(partsOfNumber('196911131234')).toEqual(['19691113', '1234']);
});
