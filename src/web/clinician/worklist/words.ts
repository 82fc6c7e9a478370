import type { AppLanguage } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import { words as en } from './words-en.ts';
import { words as nb } from './words-nb.ts';
import { words as nn } from './words-nn.ts';
import { words as sv } from './words-sv.ts';

/** What the lists of courses and the search say. */
export interface ListWords {
  readonly patient: string;
  readonly born: string;
  readonly started: string;
  readonly location: string;
  readonly ward: string;
  readonly type: string;
  readonly forms: string;
  readonly consent: string;
  readonly membership: string;
  readonly course: string;
  readonly all: string;
  readonly filterText: string;
  readonly missing: string;
  readonly clear: string;
  readonly print: string;
  readonly legend: string;
  readonly comment: string;
  readonly count: (shown: number, all: number) => string;
  readonly empty: string;
  readonly noMatch: string;
  readonly more: string;
  readonly changed: (name: string) => string;
  readonly states: Readonly<Record<string, string>>;
  readonly consents: Readonly<Record<string, string>>;
  readonly memberships: Readonly<Record<string, string>>;
  readonly from: string;
  readonly to: string;
  readonly ageFrom: string;
  readonly ageTo: string;
  readonly orderState: string;
  readonly noPatientForms: string;
  /** Beside those of the course's page. */
  readonly acts: {
    readonly column: string;
    readonly of: (name: string) => string;
    readonly history: string;
    readonly newCourse: string;
    /** @param label of a form about the patient, such as PO */
    readonly about: (label: string) => string;
    readonly order: (form: string) => string;
    readonly resend: (form: string) => string;
  };
  readonly noneDelivered: string;
  readonly searchLabel: string;
  readonly searchHelp: string;
  readonly search: string;
  readonly nobody: string;
  readonly found: (count: number) => string;
}

const dictionaries: Readonly<Record<AppLanguage, ListWords>> = { nb, nn, sv, en };

/** The lists' words in the language that is chosen. */
export function useListWords(): ListWords {
  return dictionaries[useLanguage()];
}
