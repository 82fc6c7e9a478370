import type { CodeableConcept } from '@medplum/fhirtypes';
import { codeSystem } from './names.ts';

/** Why a patient cannot be reached; staff see it at the notice and at the order. An outage is no reason: it is tried again. */
export type UnreachableReason =
  | 'no-national-number'
  | 'not-in-register'
  | 'reserved'
  | 'no-secure-mailbox'
  | 'no-email'
  | 'no-mobile'
  | 'contact-data-too-old'
  | 'too-young'
  | 'age-unknown'
  | 'address-refused'
  | 'channel-not-offered';

const DISPLAYS: Readonly<Record<UnreachableReason, string>> = {
  'no-national-number': 'Fødselsnummer eller D-nummer mangler',
  'not-in-register': 'Ikke registrert i kontaktregisteret',
  reserved: 'Reservert mot digital kommunikasjon',
  'no-secure-mailbox': 'Bruker verken Helsenorge eller digital postkasse',
  'no-email': 'E-postadresse mangler',
  'no-mobile': 'Mobilnummer mangler',
  'contact-data-too-old': 'Kontaktopplysningene er for gamle',
  'too-young': 'For ung for kanalen',
  'age-unknown': 'Fødselsdato mangler',
  'address-refused': 'Adressen tar ikke imot meldinger',
  'channel-not-offered': 'Kanalen er ikke satt opp',
};

/** The reason as Communication.statusReason: CodeSystem unreachable-reason has it in Swedish and English too. */
export function unreachableReason(code: UnreachableReason): CodeableConcept {
  return { coding: [{ system: codeSystem.unreachableReason, code, display: DISPLAYS[code] }] };
}
