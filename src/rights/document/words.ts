import type { Language } from '../../model/language.ts';
import { en } from './words-en.ts';
import { nb } from './words-nb.ts';
import { sv } from './words-sv.ts';

/** The words of the document. */
export interface Words {
  readonly title: string;
  readonly made: string;
  readonly introduction: string;
  readonly question: string;
  readonly answer: string;
  readonly unanswered: string;
  readonly yes: string;
  readonly no: string;
  readonly status: string;
  readonly versions: string;
  readonly seenBy: string;
  readonly when: string;
  readonly who: string;
  readonly what: string;
  readonly nobody: string;
  /** What is shown of no type in particular. */
  readonly others: string;
  /** Headings by resource type. */
  readonly types: Readonly<Record<string, string>>;
  /** Names of elements, in lower case, their words apart. */
  readonly elements: Readonly<Record<string, string>>;
  /** What FHIR's codes without a system mean: statuses, genders. */
  readonly codes: Readonly<Record<string, string>>;
  /** The patient whom the document is for. */
  readonly you: string;
}

export const words: Readonly<Record<Language, Words>> = { nb, sv, en };
