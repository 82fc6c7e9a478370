import type { Patient } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { ageAt, demoContactRegister, E164, EMAIL, nationalNumber } from './contact.ts';
import { reachAtPoint, reachByNumber } from './reach.ts';

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const DNR = 'urn:oid:2.16.578.1.12.4.1.4.2';
const AT = new Date('2026-03-02T15:30:00Z');
const patient = (more: Partial<Patient> = {}): Patient => ({ resourceType: 'Patient', id: 'p', ...more });

test.each([
  ['a fødselsnummer', [{ system: FNR, value: '13916900281' }], '13916900281'],
  ['a D-number where there is no fødselsnummer', [{ system: DNR, value: '70019950032' }], '70019950032'],
  [
    'the fødselsnummer of both',
    [
      { system: DNR, value: '70019950032' },
      { system: FNR, value: '13916900281' },
    ],
    '13916900281',
  ],
  ['not one that was replaced', [{ system: FNR, value: '13916900281', use: 'old' as const }], undefined],
  ['not one that has ended', [{ system: FNR, value: '13916900281', period: { end: '2025-01-01' } }], undefined],
  ['no FH-number, under its own system or another', [{ system: FNR, value: '88888888831' }], undefined],
  ['no number of a hospital', [{ system: 'urn:oid:2.16.578.1.12.4.1.4.3', value: '88888888831' }], undefined],
])('the number by which national services know somebody: %s', (_what, identifier, number) => {
  expect(nationalNumber(patient({ identifier }))).toBe(number);
});

test('age is counted in whole years, and unknown without a full date', () => {
  const born = (birthDate: string | undefined) => ageAt({ birthDate } as Parameters<typeof ageAt>[0], AT);
  expect(['2010-03-02', '2010-03-03', '2008', undefined].map(born)).toEqual([16, 15, undefined, undefined]);
});

test('the demo’s register is the Patient: telephone and e-mail that are in use', async () => {
  const telecom: Patient['telecom'] = [
    { system: 'phone', value: '+47 900 00 001', use: 'old' },
    { system: 'phone', value: '22 22 22 22' },
    { system: 'phone', value: '+47 900 00 002', use: 'mobile' },
    { system: 'email', value: 'nobody@example.org' },
  ];
  const contact = await demoContactRegister.find(patient({ telecom }), AT);
  expect(reachAtPoint(contact, 'mobile')).toEqual({ address: '+4790000002' });
  expect(reachAtPoint(contact, 'email')).toEqual({ address: 'nobody@example.org' });
  expect(reachByNumber(contact, AT, 16)).toEqual({ unreachable: 'no-national-number' });
  const nothing = await demoContactRegister.find(patient(), AT);
  expect(reachAtPoint(nothing, 'email')).toEqual({ unreachable: 'no-email' });
});

test('what is no single plain address is none', () => {
  const addresses = [
    'a@b.no',
    'a.b+c@d-e.example.org',
    'a@b',
    'a b@c.no',
    'a@b.no,c@d.no',
    'A <a@b.no>',
    'a@b.no\r\nBcc: x@y.no',
  ];
  expect(addresses.map((address) => EMAIL.test(address))).toEqual([true, true, false, false, false, false, false]);
  expect(['+4790000001', '90000001', '+0123456789', '+47 90000001'].map((one) => E164.test(one))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
