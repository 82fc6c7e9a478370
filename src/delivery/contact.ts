import type { Patient } from '@medplum/fhirtypes';
import { bornOf } from '../registry/born.ts';

/** What a contact register knows of somebody: by what they can be reached, and whether they want to be. */
export interface Contact {
  /** `Patient/x`; `Practitioner/x` of staff. */
  readonly patient: string;
  /** Fødselsnummer or D-number; secret. */
  readonly nationalNumber: string | undefined;
  /** YYYY, YYYY-MM or YYYY-MM-DD: Patient.birthDate, else what the national number tells. */
  readonly birthDate: string | undefined;
  /** Whether the register knows them. */
  readonly registered: boolean;
  /** Whether they have opted out of digital communication. It is no reservation against a registry. */
  readonly reserved: boolean;
  readonly email: ContactPoint | undefined;
  /** E.164 */
  readonly mobile: ContactPoint | undefined;
  /** Whether they have a digital mailbox. */
  readonly mailbox: boolean;
  /** BCP 47: what they told the register; Patient.communication comes before it. */
  readonly language: string | undefined;
}

export interface ContactPoint {
  readonly value: string;
  /** Whether it was confirmed so lately that it may be used. */
  readonly current: boolean;
}

/** Tells by what people can be reached. */
export interface ContactRegister {
  /**
   * Asked anew for each notice: what somebody was reached by when a form was ordered may have ended since. Rejects where
   * the register cannot be asked, with nothing of the person in the error: it is asked again.
   */
  find(patient: Patient, at: Date): Promise<Contact>;
}

/**
 * The demo's register: the Patient itself. Everybody is registered and nobody has opted out; telephone and e-mail are
 * Patient.telecom, those that are in use.
 */
export const demoContactRegister: ContactRegister = {
  find: async (patient) => {
    const number = nationalNumber(patient);
    return {
      ...ownContact(`Patient/${patient.id}`, patient),
      nationalNumber: number,
      birthDate: patient.birthDate ?? bornOf(number),
    };
  },
};

/** What a person's own resource says: telephone and e-mail that are in use. @param reference `Patient/x`, `Practitioner/x` */
export function ownContact(reference: string, { telecom = [] }: Pick<Patient, 'telecom'>): Contact {
  const point = (systems: readonly string[], pattern: RegExp): ContactPoint | undefined => {
    const value = telecom
      .filter(({ system, use }) => system !== undefined && systems.includes(system) && use !== 'old')
      .map((one) => one.value?.replace(/[\s()-]/g, '') ?? '')
      .find((one) => pattern.test(one));
    return value === undefined ? undefined : { value, current: true };
  };
  return {
    patient: reference,
    nationalNumber: undefined,
    birthDate: undefined,
    registered: true,
    reserved: false,
    email: point(['email'], EMAIL),
    mobile: point(['phone', 'sms'], E164),
    mailbox: false,
    language: undefined,
  };
}

/** A plain address of one mailbox: no display name, no list, nothing that could end a header. */
export const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,63}$/;
export const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * The number by which national services know a patient: fødselsnummer, else D-number. FH- and H-numbers are of one
 * hospital or region, and no service takes them (facts: joint ePROM service, "FH/H numbers refused"); an FH-number begins
 * with 8 or 9, whatever system it stands under.
 */
export function nationalNumber({ identifier = [] }: Patient): string | undefined {
  for (const [system, pattern] of NATIONAL) {
    const found = identifier.find(
      (one) =>
        one.system === system &&
        one.use !== 'old' &&
        one.use !== 'temp' &&
        !ended(one) &&
        pattern.test(one.value ?? ''),
    );
    if (found !== undefined) return found.value;
  }
  return undefined;
}

const NATIONAL: readonly (readonly [string, RegExp])[] = [
  ['urn:oid:2.16.578.1.12.4.1.4.1', /^[0-3]\d{10}$/],
  ['urn:oid:2.16.578.1.12.4.1.4.2', /^[4-7]\d{10}$/],
];

function ended({ period }: { period?: { end?: string | undefined } | undefined }): boolean {
  return period?.end !== undefined;
}

/** Whole years at an instant, counted in UTC; undefined without a full date of birth. */
export function ageAt({ birthDate }: Contact, at: Date): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate ?? '') ?? [];
  if (year === undefined) return undefined;
  const had = (at.getUTCMonth() + 1) * 100 + at.getUTCDate() >= Number(month) * 100 + Number(day);
  return at.getUTCFullYear() - Number(year) - (had ? 0 : 1);
}
