import type { FormLanguage } from '../form/contract.ts';

/** What the patient's app says before and beside the questions; what the lazy screens say is in more/words.ts. */
export interface Words {
  readonly skip: string;
  readonly language: string;
  /** Leaves the app: the screen and the device hold nothing afterwards. */
  readonly end: string;
  readonly menu: string;
  readonly home: string;
  readonly results: string;
  readonly consent: string;
  readonly loading: string;
  /** How long it takes about, and until when it can be done. */
  readonly about: (minutes: number, until: string | undefined) => string;
  readonly saved: string;
  readonly saving: string;
  readonly savedHere: string;
  readonly notSaved: string;
  /** Leads to: remind me later, can't answer, do not want to. */
  readonly notNow: string;
  readonly retry: string;
  readonly failedTitle: string;
  readonly failed: string;
  readonly offline: string;
  readonly endedTitle: string;
  readonly endedSignIn: string;
  readonly endedLink: string;
  readonly kept: string;
  readonly signIn: string;
  readonly closedTitle: string;
  readonly closed: string;
  readonly leftTitle: string;
  readonly left: string;
  /** Where the page is in another language than was asked for. */
  readonly otherLanguage: (name: string) => string;
}

/** The languages' own names, for the switch. */
export const LANGUAGES: Readonly<Record<FormLanguage, string>> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  sv: 'Svenska',
  en: 'English',
  se: 'Davvisámegiella',
};

const files: Readonly<Record<FormLanguage, () => Promise<{ readonly words: Words }>>> = {
  nb: () => import('./words-nb.ts'),
  nn: () => import('./words-nn.ts'),
  sv: () => import('./words-sv.ts'),
  en: () => import('./words-en.ts'),
  se: () => import('./words-se.ts'),
};

/** The words of one language: nobody waits for the other four. */
export async function loadWords(language: FormLanguage): Promise<Words> {
  return (await files[language]()).words;
}

/** One of the app's languages by its tag, such as `nb-NO`; undefined for any other. */
export function knownLanguage(tag: string | null | undefined): FormLanguage | undefined {
  const [primary = ''] = (tag ?? '').toLowerCase().split('-');
  if (primary === 'no') return 'nb';
  return Object.hasOwn(LANGUAGES, primary) ? (primary as FormLanguage) : undefined;
}
