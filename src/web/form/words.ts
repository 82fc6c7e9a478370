import type { FormLanguage } from './contract.ts';

/** What the renderer itself says, in one language; the questions' words are the form's. */
export interface FormWords {
  readonly language: FormLanguage;
  readonly page: (number: number, of: number) => string;
  readonly back: string;
  readonly next: string;
  readonly toReview: string;
  /** Above what has to be mended before the person can go on. */
  readonly mend: (count: number) => string;
  readonly error: string;
  readonly unusual: string;
  readonly confirm: string;
  readonly help: (question: string) => string;
  readonly required: string;
  readonly clear: string;
  readonly clearOf: (question: string) => string;
  readonly yes: string;
  readonly no: string;
  readonly choose: string;
  readonly other: string;
  readonly otherText: string;
  readonly chooseSeveral: string;
  readonly search: string;
  readonly hits: (count: number) => string;
  readonly remove: (what: string) => string;
  readonly charactersLeft: (count: number) => string;
  readonly between: (least: string, most: string) => string;
  readonly atLeast: (least: string) => string;
  readonly atMost: (most: string) => string;
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly today: string;
  readonly calendar: string;
  readonly time: string;
  readonly timeHint: string;
  readonly unit: string;
  readonly notADate: string;
  readonly notATime: string;
  readonly notANumber: string;
  readonly notAWholeNumber: string;
  readonly file: string;
  readonly fileLimit: (megabytes: number) => string;
  readonly unanswered: string;
  readonly calculated: string;
  readonly notCalculated: string;
  /** For screen readers: questions that came because of an answer. */
  readonly appeared: (count: number, first: string) => string;
  readonly addRow: (what: string) => string;
  readonly removeRow: (what: string, number: number) => string;
  readonly row: (what: string, number: number) => string;
  readonly rowAdded: (what: string, number: number) => string;
  readonly rowRemoved: (what: string) => string;
  readonly front: string;
  readonly behind: string;
  readonly left: string;
  readonly right: string;
  readonly tapBody: string;
  readonly bodyList: string;
  readonly chosen: (count: number) => string;
  readonly noneChosen: string;
  readonly yourNumber: string;
  readonly scaleHint: (least: string, most: string) => string;
  readonly contents: string;
  readonly change: string;
  readonly changeOf: (what: string) => string;
  readonly answeredOf: (answered: number, asked: number) => string;
}

const DICTIONARIES: Record<FormLanguage, () => Promise<{ readonly words: FormWords }>> = {
  nb: () => import('./words-nb.ts'),
  nn: () => import('./words-nn.ts'),
  sv: () => import('./words-sv.ts'),
  en: () => import('./words-en.ts'),
  se: () => import('./words-se.ts'),
};

/** The renderer's words in a language: a file of its own, fetched when it is asked for. */
export async function formWords(language: FormLanguage): Promise<FormWords> {
  return (await DICTIONARIES[language]()).words;
}
