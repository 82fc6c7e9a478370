import type { IdentifierChecker } from './identifier-checker.ts';
import { checkDNummer, checkFodselsnummer, checkReshId } from './norwegian.ts';

/** The systems whose values can be checked by themselves (OIDs as in HL7 Norway's base profiles, no-basis-Patient). */
export const identifierCheckers: ReadonlyMap<string, IdentifierChecker> = new Map([
  ['urn:oid:2.16.578.1.12.4.1.4.1', checkFodselsnummer],
  ['urn:oid:2.16.578.1.12.4.1.4.2', checkDNummer],
  ['urn:oid:2.16.578.1.12.4.1.4.102', checkReshId],
]);
