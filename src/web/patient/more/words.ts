import type { FormLanguage } from '../../form/contract.ts';

/** What is said after the first question, and beside it: of each screen a part. Dates come written out. */
export interface MoreWords {
  readonly home: {
    readonly greeting: (name: string | undefined) => string;
    readonly waiting: string;
    readonly nothing: string;
    readonly about: (minutes: number, until: string | undefined) => string;
    readonly begin: string;
    readonly goOn: string;
    /** For screen readers, beside begin and goOn: which form. */
    readonly remind: (day: string) => string;
    readonly answered: string;
    readonly answeredAt: (day: string) => string;
  };
  readonly review: {
    readonly title: string;
    readonly text: string;
    readonly send: string;
    readonly sending: string;
    readonly back: string;
    readonly refusedTitle: string;
    readonly refused: string;
    readonly failed: string;
  };
  readonly receipt: {
    readonly title: string;
    readonly sent: (form: string | undefined, time: string) => string;
    readonly answers: (count: number) => string;
    readonly thanks: string;
    readonly queuedTitle: string;
    readonly queued: string;
    readonly print: string;
    readonly rest: (minutes: number) => string;
    readonly restText: (count: number) => string;
    readonly now: string;
    readonly later: string;
    readonly laterText: string;
  };
  readonly notNow: {
    readonly title: string;
    readonly text: string;
    readonly choose: string;
    readonly tomorrow: string;
    readonly inThreeDays: string;
    readonly unable: string;
    readonly unableText: string;
    readonly reason: string;
    readonly declined: string;
    readonly declinedText: string;
    readonly confirm: string;
    readonly back: string;
    readonly chooseFirst: string;
    readonly failed: string;
    readonly doneTitle: string;
    readonly remembered: (day: string) => string;
    readonly recorded: string;
    readonly kept: string;
  };
  readonly results: {
    readonly title: string;
    readonly text: string;
    readonly nothing: string;
    readonly latest: (value: string, max: string, day: string) => string;
    readonly better: string;
    readonly worse: string;
    readonly same: (day: string) => string;
    readonly higher: (by: string, day: string) => string;
    readonly lower: (by: string, day: string) => string;
    readonly smallChange: string;
    readonly realChange: string;
    readonly table: string;
    readonly day: string;
    readonly value: string;
    readonly meaning: string;
    readonly figure: (title: string, count: number) => string;
    readonly ask: string;
    readonly answered: string;
    readonly print: string;
  };
  readonly consent: {
    readonly title: string;
    readonly nothing: string;
    readonly none: string;
    readonly given: (time: string) => string;
    readonly refused: (time: string) => string;
    readonly withdrawn: (time: string) => string;
    readonly question: string;
    readonly yes: string;
    readonly no: string;
    readonly free: string;
    readonly sign: string;
    readonly signing: string;
    readonly chooseFirst: string;
    readonly failed: string;
    readonly receipt: string;
    readonly receiptText: (time: string) => string;
    readonly reference: string;
    readonly print: string;
  };
}

/** Languages that these words are in. */
const files = {
  nb: () => import('./words-nb.ts'),
  nn: () => import('./words-nn.ts'),
  sv: () => import('./words-sv.ts'),
  en: () => import('./words-en.ts'),
} as const;

/** The words, and the language that they are in: Bokmål where there are none in the one asked for. */
export async function loadMoreWords(
  language: FormLanguage,
): Promise<{ readonly words: MoreWords; readonly language: FormLanguage }> {
  const own = language === 'se' ? 'nb' : language;
  return { words: (await files[own]()).words, language: own };
}
