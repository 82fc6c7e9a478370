import type { RefusalReason } from '../accounts/refusal.ts';
import type { PageLanguage } from './language.ts';
import { english } from './words-en.ts';
import { bokmal } from './words-nb.ts';
import { nynorsk } from './words-nn.ts';
import { swedish } from './words-sv.ts';

/** Everything that the pages of sign-in say. */
export interface Words {
  readonly language: string;
  readonly error: string;
  readonly skip: string;
  readonly signIn: string;
  /** For an app, by its name. */
  readonly signInFor: (app: string) => string;
  readonly login: string;
  readonly password: string;
  readonly next: string;
  readonly cancel: string;
  readonly beginAnew: string;
  readonly forgotten: string;
  readonly forgottenTitle: string;
  readonly forgottenText: string;
  readonly forgottenDone: string;
  readonly send: string;
  readonly codeTitle: string;
  readonly codeByMessage: string;
  readonly codeByApp: string;
  readonly code: string;
  readonly sendAgain: string;
  readonly sentAgain: string;
  readonly enrolTitle: string;
  readonly enrolText: string;
  readonly enrolOpen: string;
  readonly enrolKey: string;
  readonly enrolCode: string;
  readonly newPasswordTitle: string;
  readonly newPasswordText: string;
  readonly newPassword: string;
  readonly newPasswordAgain: string;
  readonly passwordRules: string;
  readonly presentPassword: string;
  readonly roleTitle: string;
  readonly roleText: string;
  readonly role: string;
  readonly choose: string;
  readonly recordTitle: string;
  readonly recordText: string;
  readonly record: string;
  /** Of a record of which it is not known which hospital has it. */
  readonly recordUnnamed: string;
  readonly account: string;
  readonly signedInAs: (login: string) => string;
  readonly activeRole: string;
  readonly noRole: string;
  readonly changeRole: string;
  readonly changePassword: string;
  readonly passwordChanged: string;
  /** To the clinicians' app. */
  readonly openWork: string;
  /** To the patients' app. */
  readonly openForms: string;
  readonly signOut: string;
  readonly signOutEverywhere: string;
  readonly signedOut: string;
  readonly signedOutText: string;
  readonly lost: string;
  readonly lostText: string;
  readonly newUser: string;
  readonly newUserText: string;
  readonly given: string;
  readonly family: string;
  readonly mobile: string;
  readonly mobileHint: string;
  readonly position: string;
  readonly region: string;
  readonly department: string;
  readonly place: string;
  readonly roleWanted: string;
  readonly localUser: string;
  readonly localCoordinator: string;
  readonly apply: string;
  readonly applied: string;
  readonly taken: string;
  readonly incomplete: string;
  readonly notSent: string;
  readonly refusal: (reason: RefusalReason) => string;
}

const all: Record<PageLanguage, Words> = { nb: bokmal, nn: nynorsk, sv: swedish, en: english };

export function wordsIn(language: PageLanguage): Words {
  return all[language];
}
