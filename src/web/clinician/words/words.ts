import type { AppLanguage } from './language.ts';

/** What the frame of the app says, and what several pages say. Pages with more to say have dictionaries of their own. */
export interface Words {
  readonly frame: {
    readonly skip: string;
    readonly menu: string;
    readonly openMenu: string;
    readonly closeMenu: string;
    readonly language: string;
    readonly account: string;
    readonly signOut: string;
    readonly signIn: string;
    readonly noHospital: string;
    readonly loading: string;
  };
  readonly menuGroup: { readonly work: string; readonly coordination: string };
  readonly menu: {
    readonly worklist: string;
    readonly patientForms: string;
    readonly newCourse: string;
    readonly search: string;
    readonly delivered: string;
    readonly places: string;
    readonly access: string;
    readonly overview: string;
    readonly coverage: string;
    readonly reach: string;
    readonly bots: string;
    readonly system: string;
    readonly files: string;
  };
  /** A role by its code; undefined for one that the app does not know. */
  readonly role: (code: string) => string | undefined;
  /** A field for a day: how it is written there, its calendar, and what is said to what is no day. */
  readonly day: { readonly format: string; readonly choose: string; readonly wrong: string };
  readonly problem: {
    readonly title: string;
    readonly unknown: string;
    readonly offline: string;
    readonly retry: string;
    /** Of something that the server does not have, or does not show to the role. */
    readonly gone: string;
    readonly forbidden: string;
    readonly throttled: string;
    /** Of what others refer to. */
    readonly used: string;
    readonly changed: string;
    readonly notFoundTitle: string;
    readonly notFound: string;
    readonly notForRoleTitle: string;
    readonly notForRole: string;
    /** Of what a server that is no Svar does not do. */
    readonly notAtServerTitle: string;
    readonly notAtServer: string;
    readonly patientTitle: string;
    readonly patient: string;
    readonly toWorklist: string;
  };
}

const files: Readonly<Record<AppLanguage, () => Promise<{ readonly words: Words }>>> = {
  nb: () => import('./words-nb.ts'),
  nn: () => import('./words-nn.ts'),
  sv: () => import('./words-sv.ts'),
  en: () => import('./words-en.ts'),
};

/** The words of one language: nobody waits for the others. */
export async function loadWords(language: AppLanguage): Promise<Words> {
  return (await files[language]()).words;
}

/** Reads a word by a code that the server sent. */
export function wordOf(table: Readonly<Record<string, string>>, code: string): string | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}
