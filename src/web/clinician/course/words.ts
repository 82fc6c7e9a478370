import type { OrderStatus } from '../../../registry/order.ts';
import type { FormState } from '../../../registry/registration.ts';
import type { AppLanguage } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import type { RefusedWords } from './refused.ts';
import { words as en } from './words-en.ts';
import { words as nb } from './words-nb.ts';
import { words as nn } from './words-nn.ts';
import { words as sv } from './words-sv.ts';

/** What the pages of a course say, in one language. What the registry says itself (titles, reasons) is its data. */
export interface CourseWords {
  readonly course: string;
  readonly overview: string;
  readonly head: {
    readonly age: (years: number) => string;
    readonly born: string;
    readonly number: string;
    readonly courseId: string;
    readonly start: string;
    readonly type: string;
    readonly typeUnknown: string;
    readonly consent: string;
    readonly membership: string;
    readonly place: string;
    readonly noPlace: string;
    readonly delivered: string;
    readonly notRegistered: string;
    readonly dead: string;
    readonly toPatient: string;
  };
  /** By code of Consent.status; `none` where nothing is asked yet. */
  readonly consent: Readonly<Record<string, string>>;
  /** By code of research-subject-status. */
  readonly membership: Readonly<Record<string, string>>;
  /** By code of membership-reason and consent-missing; codes of the registry itself come with their own texts. */
  readonly reason: Readonly<Record<string, string>>;
  readonly formState: Readonly<Record<FormState, string>>;
  readonly orderState: Readonly<Record<OrderStatus, string>>;
  readonly channel: Readonly<Record<string, string>>;
  readonly staffForms: string;
  readonly patientForms: string;
  readonly noPatientForms: string;
  readonly begun: string;
  readonly comment: string;
  readonly notOpen: (why: string | undefined) => string;
  readonly table: {
    readonly form: string;
    readonly state: string;
    readonly sent: string;
    readonly deadline: string;
    readonly actions: string;
  };
  readonly act: {
    readonly order: string;
    readonly resend: string;
    readonly paper: string;
    readonly read: string;
    /** On a button whose full name is `print`: begins it, so that the spoken name is found. */
    readonly printShort: string;
    readonly noteShort: string;
    readonly stop: string;
    readonly closeAll: string;
    readonly move: string;
    readonly remove: string;
    readonly born: string;
    readonly withdraw: string;
    readonly reopen: string;
    readonly correct: string;
    readonly cancel: string;
    readonly close: string;
    readonly of: (act: string, form: string) => string;
  };
  readonly order: {
    readonly title: (form: string) => string;
    readonly lead: string;
    readonly channel: string;
    readonly secureHint: string;
    readonly openHint: string;
    readonly submit: string;
    readonly yes: string;
    readonly done: (form: string) => string;
  };
  readonly stop: {
    readonly title: string;
    readonly lead: string;
    readonly closeTitle: string;
    readonly closeLead: string;
    readonly reason: string;
    readonly submit: string;
    readonly closeSubmit: string;
    readonly done: string;
    readonly needed: string;
  };
  readonly move: {
    readonly title: string;
    readonly lead: string;
    readonly location: string;
    readonly ward: string;
    readonly choose: string;
    readonly submit: string;
    readonly done: string;
    readonly needed: string;
  };
  readonly born: {
    readonly title: string;
    readonly lead: string;
    readonly submit: string;
    readonly done: string;
    readonly needed: string;
    readonly future: string;
  };
  readonly remove: {
    readonly title: string;
    readonly lead: string;
    readonly sure: string;
    readonly submit: string;
    readonly done: string;
    readonly needed: string;
  };
  readonly withdraw: {
    readonly title: string;
    readonly lead: string;
    readonly sure: string;
    readonly submit: string;
    readonly done: string;
    readonly none: string;
    readonly needed: string;
  };
  readonly reopen: {
    readonly title: (form: string) => string;
    readonly lead: string;
    readonly reason: string;
    readonly submit: string;
    readonly done: string;
  };
  readonly note: {
    readonly title: (form: string) => string;
    readonly lead: string;
    readonly text: string;
    readonly submit: string;
    readonly done: string;
    readonly before: string;
    readonly needed: string;
  };
  readonly form: {
    readonly previous: string;
    readonly next: string;
    readonly save: string;
    readonly lock: string;
    readonly saveCorrection: string;
    readonly kept: string;
    readonly savedAt: (time: string) => string;
    readonly changed: string;
    readonly saving: string;
    readonly refused: string;
    readonly waiting: string;
    readonly lockedMeanwhile: string;
    readonly lockedNotice: string;
    readonly lockedLu: string;
    readonly lockedLc: string;
    readonly correcting: string;
    readonly correctionReason: string;
    readonly paperNotice: string;
    readonly paperEndsBegun: string;
    readonly notTaken: string;
    readonly whole: string;
    readonly locked: (form: string) => string;
    readonly corrected: (form: string) => string;
    readonly merged: string;
    readonly mergedTaken: (questions: string) => string;
    readonly mergedContested: (questions: string) => string;
    readonly leave: string;
    readonly unknown: string;
    readonly keys: string;
    readonly noAnswer: string;
    readonly loading: string;
  };
  readonly refused: RefusedWords;
  readonly failed: string;
  readonly unreachable: string;
}

const DICTIONARIES: Readonly<Record<AppLanguage, CourseWords>> = { nb, nn, sv, en };

/** The course pages' words in the language that is chosen. */
export function useCourseWords(): CourseWords {
  return DICTIONARIES[useLanguage()];
}
