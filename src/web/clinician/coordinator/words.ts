import type { AppLanguage } from '../words/language.ts';

/** What the coordinator's pages say. Names in braces are filled in. */
export interface CoordinatorWords {
  readonly table: string;
  readonly hospital: string;
  readonly done: string;
  readonly name: string;
  readonly state: string;
  readonly actions: string;
  readonly cancel: string;
  readonly confirm: string;
  readonly none: string;
  readonly patient: string;
  readonly course: string;
  readonly reason: string;
  readonly form: string;
  readonly when: string;
  readonly places: {
    readonly title: string;
    readonly lead: string;
    readonly departments: string;
    readonly locations: string;
    readonly shortName: string;
    readonly resh: string;
    readonly reshHelp: string;
    readonly reshFault: string;
    readonly needed: string;
    readonly addDepartment: string;
    readonly addLocation: string;
    readonly exists: string;
    readonly active: string;
    readonly closed: string;
    readonly close: string;
    readonly open: string;
    readonly remove: string;
    readonly removeAsk: string;
  };
  readonly access: {
    readonly title: string;
    readonly lead: string;
    readonly who: string;
    readonly role: string;
    readonly position: string;
    readonly applied: string;
    readonly approve: string;
    readonly refuse: string;
    readonly word: string;
    readonly nothing: string;
    readonly own: string;
  };
  readonly coverage: {
    readonly title: string;
    readonly lead: string;
    readonly start: string;
    readonly end: string;
    readonly show: string;
    readonly share: string;
    readonly loaded: string;
    readonly noShare: string;
    readonly order: string;
    readonly needed: string;
    /** {months} */
    readonly tooLong: string;
    readonly allHospitals: string;
    readonly noHospital: string;
    /** {start}, {end} */
    readonly period: string;
    readonly print: string;
  };
  readonly overview: { readonly title: string; readonly lead: string };
  readonly system: {
    readonly title: string;
    readonly lead: string;
    readonly software: string;
    readonly address: string;
    readonly version: string;
    readonly contact: string;
    readonly noContact: string;
    readonly forms: string;
    readonly stored: string;
    /** Of a form, by its status. */
    readonly states: Readonly<Record<string, string>>;
  };
  readonly reach: {
    readonly title: string;
    readonly lead: string;
    readonly nothing: string;
    readonly deadline: string;
    readonly count: string;
  };
  readonly bots: {
    readonly title: string;
    readonly lead: string;
    readonly nothing: string;
    readonly bot: string;
    readonly kind: string;
    readonly count: string;
    readonly since: string;
    readonly attempts: string;
    readonly problem: string;
    readonly retry: string;
    readonly retried: string;
  };
  readonly files: {
    readonly title: string;
    readonly lead: string;
    readonly kind: string;
    readonly size: string;
    readonly get: string;
    readonly remove: string;
    readonly removeAsk: string;
    readonly add: string;
    readonly file: string;
    readonly choose: string;
    readonly open: string;
    readonly tooLarge: string;
    readonly needed: string;
    readonly all: string;
  };
}

const files: Readonly<Record<AppLanguage, () => Promise<{ readonly words: CoordinatorWords }>>> = {
  nb: () => import('./words-nb.ts'),
  nn: () => import('./words-nn.ts'),
  sv: () => import('./words-sv.ts'),
  en: () => import('./words-en.ts'),
};

/** The coordinator's pages' words: fetched with the first of the pages. */
export async function loadCoordinatorWords(language: AppLanguage): Promise<CoordinatorWords> {
  return (await files[language]()).words;
}
