import type { FormLanguage } from '../form/contract.ts';

/**
 * What the server tells the patient's app beside FHIR (src/apps). All of it is of the person whose cookie asks; 401 where
 * nobody has signed in. Who came by a personal link is told of open orders alone.
 */

/** GET /patient/session. */
export interface PatientSession {
  /** `Patient/x`. */
  readonly person: string;
  /** What the person is called; not told to who came by a link, who may have lent somebody the telephone. */
  readonly name?: string;
  readonly by: 'link' | 'sign-in';
  /** The order whose link opened this session. */
  readonly order?: string;
  readonly language: FormLanguage;
  /** What can be answered now, in the order in which to answer: the protocol's, else the shortest first. */
  readonly orders: readonly WaitingOrder[];
  /** The order's and the registry's time, which a test clock may set. */
  readonly now: string;
  readonly timeZone: string;
  /** GET /patient/session?order=<Task id>: where that order stands, if it is this person's, also when it waits no more. */
  readonly asked?: { readonly order: string; readonly state: 'open' | 'answered' | 'ended' };
}

/** An order that waits for its answer. */
export interface WaitingOrder {
  /** The id of the Task. */
  readonly id: string;
  /** 256 bits in base64, the same for this person and order at every visit: what is kept of it on the device is encrypted by it. */
  readonly deviceKey: string;
  readonly title: string;
  /** Canonical of the form with its version. */
  readonly questionnaire: string;
  /** Questions that can be asked, and the minutes that they take about. */
  readonly questions: number;
  readonly minutes: number;
  /** Instant until which it can be answered. */
  readonly until?: string;
  /** Whether something has been answered. */
  readonly begun: boolean;
  /** Instant at which the person asked to be reminded. */
  readonly remindAt?: string;
}

/** GET /patient/session/results: what the person has answered, and what their registries show them of it. */
export interface PatientResults {
  readonly answered: readonly AnsweredForm[];
  readonly results: readonly OwnResult[];
}

export interface AnsweredForm {
  /** The id of the QuestionnaireResponse. */
  readonly id: string;
  readonly title: string;
  /** Instant. */
  readonly at: string;
}

/** One score over time, the oldest first. */
export interface OwnResult {
  readonly code: string;
  readonly title: string;
  readonly range: { readonly min: number; readonly max: number };
  readonly higherIs: 'better' | 'worse' | undefined;
  /** The bands that a value may fall in, from the lowest. */
  readonly bands: readonly { readonly from: number; readonly title: string }[];
  /** The smallest change that matters, where it is known. */
  readonly change?: number;
  /** `response`: the id of the QuestionnaireResponse that a value was worked out from. */
  readonly points: readonly { readonly at: string; readonly value: number; readonly response?: string }[];
}

/**
 * What the app asks to have done, as operations with Parameters:
 * - Task/[id]/$decline: `reason` code `declined` or `unable`, `text` string where the person said more;
 * - Task/[id]/$remind-later: `at` instant, before the order's end;
 * - Patient/[id]/$sign-consent: docs/patients-rights.md.
 * POST /patient/session/language `{"language": "nn"}` (JSON, 204) keeps the choice in the cookie of the sign-in's pages.
 */

/** GET /patient/session/consents: the registries that ask this person, and what was answered. */
export interface PatientConsents {
  readonly consents: readonly AskedConsent[];
}

export interface AskedConsent {
  /** Canonical of the registry's protocol. */
  readonly registry: string;
  readonly title: string;
  readonly state: 'none' | 'given' | 'refused' | 'withdrawn';
  /** When that was said. */
  readonly at?: string;
  readonly text: ConsentText;
}

/** Informed consent in layers: what all read, and what each may open. */
export interface ConsentText {
  /** canonical|version, as Patient/[id]/$sign-consent takes it. */
  readonly id: string;
  readonly language: FormLanguage;
  readonly short: readonly string[];
  readonly layers: readonly { readonly title: string; readonly text: readonly string[] }[];
}
