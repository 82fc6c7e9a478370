import { type FhirError, fhirError } from '../../model/issue.ts';

/** Who may sign in here with a password. Everything else about the person is in the FHIR resource `fhirUser`. */
export interface Account {
  readonly id: string;
  /** Folded by loginName(). */
  readonly login: string;
  /** `Practitioner/x` or `Patient/x`. */
  readonly fhirUser: string;
  /** `waiting`: applied for, no role yet, so no password; `locked` by an operator or coordinator. */
  readonly state: 'waiting' | 'active' | 'locked';
  readonly demo: boolean;
  /** Whether it has an authenticator app, and a mobile number to which codes can be sent. */
  readonly totp: boolean;
  readonly mobile: boolean;
  /** Whether it has a password of its own; else only one that was sent. */
  readonly ready: boolean;
  /** ms since 1970 */
  readonly created: number;
}

const LOGIN = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{1,63}$/u;
const FHIR_USER = /^(Practitioner|Patient)\/[A-Za-z0-9.-]{1,64}$/;
/** E.164, with the plus sign. */
const MOBILE = /^\+[1-9]\d{6,14}$/;

/** A login name as it is compared: letters in lower case, of one normal form. What cannot be one is found nowhere. */
export function loginName(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

export function isLoginName(text: string): boolean {
  return LOGIN.test(loginName(text));
}

/** @throws FhirError 422 that says what a login name, a person or a mobile number must look like */
export function checkAccount({ login, fhirUser, mobile }: { login: string; fhirUser: string; mobile?: string }): void {
  if (!isLoginName(login)) {
    throw refused('A login name has 2 to 64 letters, digits, dots, hyphens, underscores, plus or at signs.', 'login');
  }
  if (!FHIR_USER.test(fhirUser)) {
    throw refused('An account belongs to a person: Practitioner/<id> or Patient/<id>.', 'fhirUser');
  }
  if (mobile !== undefined && !MOBILE.test(mobile)) {
    throw refused('A mobile number begins with its country code, such as +4790000000, without blanks.', 'mobile');
  }
}

function refused(text: string, element: string): FhirError {
  return fhirError(422, 'value', text, element);
}
