import type { Patient } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import type { EgressRequest, GuardedFetch } from '../egress/guarded-fetch.ts';
import { syntheticNationalNumber } from '../registry/synthetic/national-number.ts';
import { krr } from './krr.ts';

const AT = new Date('2026-03-02T15:30:00Z');

/** A register that answers each person by what it is told of them. */
function register(said: object = {}, status = 200) {
  const asked: string[][] = [];
  const answer = async (_address: string | URL, { body = '' }: EgressRequest) => {
    const { personidentifikatorer: numbers } = JSON.parse(body) as { personidentifikatorer: string[] };
    asked.push(numbers);
    const personer = numbers.map((personidentifikator) => ({ personidentifikator, ...said }));
    return { status, headers: {}, body: Buffer.from(JSON.stringify({ personer })) };
  };
  const guarded: GuardedFetch = Object.assign(answer, { close: async () => undefined });
  return { asked, contacts: krr({ base: 'https://krr.example' }, { headers: async () => ({}) }, guarded) };
}

const patient = (serial: number): Patient => ({
  resourceType: 'Patient',
  id: `p${serial}`,
  birthDate: '1969-11-13',
  identifier: [
    {
      system: 'urn:oid:2.16.578.1.12.4.1.4.1',
      value: syntheticNationalNumber(
        { year: 1969, month: 1 + (serial % 12), day: 1 + (Math.floor(serial / 12) % 28) },
        'female',
        Math.floor(serial / 336),
      ),
    },
  ],
});

test('who asks at the same time asks together, for 1,000 at most at a time', async () => {
  const { asked, contacts } = register({ reservasjon: 'NEI', status: 'AKTIV' });
  const all = await Promise.all(Array.from({ length: 1001 }, (_, serial) => contacts.find(patient(serial), AT)));
  expect(asked.map(({ length }) => length)).toEqual([1000, 1]);
  expect(all.every(({ registered, reserved }) => registered && !reserved)).toBe(true);
  expect(all[7]?.patient).toBe('Patient/p7');
});

test('without a national number nobody is asked for', async () => {
  const { asked, contacts } = register();
  const contact = await contacts.find({ resourceType: 'Patient', id: 'x' }, AT);
  expect([contact.registered, contact.nationalNumber, asked]).toEqual([false, undefined, []]);
});

test.each([
  ['confirmed lately', '2019-01-01T00:00:00+01', '2026-01-01T00:00:00+01', true],
  ['changed lately, never confirmed', '2025-12-01T00:00:00+01', undefined, true],
  ['18 months ago', '2019-01-01T00:00:00+01', '2024-09-02T15:29:00Z', false],
  ['a minute less ago', '2019-01-01T00:00:00+01', '2024-09-02T15:31:00Z', true],
  ['never, that anybody knows of', undefined, undefined, false],
])('contact data that was %s', async (_when, changed, confirmed, current) => {
  const { contacts } = register({
    ...{ reservasjon: 'NEI', status: 'AKTIV', varslingsstatus: 'KAN_VARSLES', spraak: 'nn' },
    kontaktinformasjon: {
      mobiltelefonnummer: '90000001',
      mobiltelefonnummer_oppdatert: changed,
      mobiltelefonnummer_sist_verifisert: confirmed,
    },
  });
  const contact = await contacts.find(patient(1), AT);
  expect(contact).toMatchObject({ mobile: { value: '+4790000001', current }, email: undefined, language: 'nn' });
});

test('what the register does not say is no permission', async () => {
  expect(await register({ status: 'AKTIV' }).contacts.find(patient(1), AT)).toMatchObject({ reserved: true });
});

test('a register that cannot answer is a fault without a number in it, not a reason', async () => {
  await expect(register({}, 503).contacts.find(patient(1), AT)).rejects.toThrow(/^the contact register answered 503$/);
});
