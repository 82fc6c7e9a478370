import type { AppLanguage } from '../words/language.ts';

/** What the pages of one patient say. */
export interface PatientWords {
  readonly patient: string;
  readonly born: string;
  /** {age} */
  readonly age: string;
  readonly deceased: string;
  readonly profile: string;
  readonly backToPatient: string;
  readonly print: string;
  readonly pdf: string;
  readonly table: string;
  readonly courses: string;
  readonly course: string;
  readonly started: string;
  readonly ended: string;
  readonly ongoing: string;
  readonly forms: string;
  readonly noCourses: string;
  readonly timeline: string;
  readonly scores: string;
  readonly noScores: string;
  /** Scores without value: {what} */
  readonly empty: string;
  readonly pain: string;
  readonly noPain: string;
  readonly omeq: string;
  readonly noOmeq: string;
  readonly answers: string;
  readonly noAnswers: string;
  readonly form: string;
  readonly when: string;
  readonly state: string;
  readonly states: Readonly<Record<string, string>>;
  /** Of a Consent, by its status. */
  readonly consents: Readonly<Record<string, string>>;
  readonly live: string;
  readonly polling: string;
  /** Announced: a new answer came. {what} */
  readonly arrived: string;
}

const files: Readonly<Record<AppLanguage, () => Promise<{ readonly words: PatientWords }>>> = {
  nb: () => import('./words-nb.ts'),
  nn: () => import('./words-nn.ts'),
  sv: () => import('./words-sv.ts'),
  en: () => import('./words-en.ts'),
};

/** The words of a patient's page: fetched with it. */
export async function loadPatientWords(language: AppLanguage): Promise<PatientWords> {
  return (await files[language]()).words;
}
