import type { FormLanguage } from '../form/contract.ts';
import type { PatientSession } from './contract.ts';

/** Where a choice is kept that the pages of sign-in do not speak. It tells nothing of the person but the language. */
const KEY = 'svar-language';
/** The languages of the pages of sign-in: src/identity/pages/language.ts. */
const COMMON: readonly FormLanguage[] = ['nb', 'nn', 'sv', 'en'];

let kept: Promise<unknown> = Promise.resolve();

/** Keeps the choice in the cookie of the pages of sign-in. It is a convenience: that it fails is no trouble. */
export async function keepLanguage(language: FormLanguage): Promise<void> {
  try {
    if (COMMON.includes(language)) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, language);
  } catch {
    // a browser that keeps nothing
  }
  const headers = { 'content-type': 'application/json', 'x-medplum': 'extended' };
  const request = { method: 'POST', headers, body: JSON.stringify({ language }) };
  kept = fetch('/patient/session/language', request).catch(() => undefined);
  await kept;
}

/** Until the server knows the language that was chosen last: what is asked for then comes in it. */
export async function languageKept(): Promise<void> {
  await kept;
}

/** The language to begin with. */
export function chosenLanguage({ language }: Pick<PatientSession, 'language'>): FormLanguage {
  try {
    return localStorage.getItem(KEY) === 'se' ? 'se' : language;
  } catch {
    return language;
  }
}
