import type { Identifier, Patient } from '@medplum/fhirtypes';
import type { RegisteredPerson } from './person-service.ts';

/** Fødselsnummer and D-nummer (Norwegian base profiles). */
const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const DNR = 'urn:oid:2.16.578.1.12.4.1.4.2';
export const NUMBER_SYSTEMS: readonly string[] = [FNR, DNR];

/** A D-number's first digit is 4 to 7: 40 is added to the day. */
export function numberIdentifier(value: string): Identifier {
  return { system: /^[4-7]/.test(value) ? DNR : FNR, value };
}

/** What the population register has told of: only that is taken from it. */
export interface Told {
  readonly death: boolean;
  readonly numbers: boolean;
}

/**
 * A Patient as the population register tells: with the number that is in force as the official one and all others as old
 * ones, and with the death that it knows of, or without one that was annulled. The same as before where it tells nothing new.
 */
export function toldPatient(patient: Patient, person: RegisteredPerson, told: Told): Patient {
  const { deceasedBoolean, deceasedDateTime, ...rest } = patient;
  const numbers = told.numbers ? { identifier: identifiers(patient.identifier ?? [], person) } : {};
  if (!told.death) return { ...patient, ...numbers };
  const { death } = person;
  if (death === undefined) return { ...rest, ...numbers };
  return {
    ...rest,
    ...numbers,
    ...(death.date === undefined ? { deceasedBoolean: true } : { deceasedDateTime: death.date }),
  };
}

function identifiers(own: readonly Identifier[], { numbers }: RegisteredPerson): Identifier[] {
  const inForce = numbers.find(({ valid }) => valid)?.value;
  const known = own.map((one): Identifier => {
    if (one.value === undefined || !NUMBER_SYSTEMS.includes(one.system ?? '')) return one;
    if (one.value === inForce) return { ...one, use: 'official' };
    return inForce === undefined ? one : { ...one, use: 'old' };
  });
  const isNew = inForce !== undefined && !known.some(({ value }) => value === inForce);
  return isNew ? [{ ...numberIdentifier(inForce), use: 'official' }, ...known] : known;
}
