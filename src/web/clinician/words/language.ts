import type { FormLanguage } from '../../form/contract.ts';

/** The languages of this app; forms may have more. */
export type AppLanguage = Exclude<FormLanguage, 'se'>;

/** The languages' own names, for the switch. */
export const LANGUAGES: Readonly<Record<AppLanguage, string>> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  sv: 'Svenska',
  en: 'English',
};

/** One of the app's languages by its tag, such as `nb-NO`; undefined for any other. */
export function appLanguage(tag: string | null | undefined): AppLanguage | undefined {
  const [primary = ''] = (tag ?? '').toLowerCase().split('-');
  if (primary === 'no') return 'nb';
  return Object.hasOwn(LANGUAGES, primary) ? (primary as AppLanguage) : undefined;
}

/** What was chosen before, else the first language of the browser that the app has, else Bokmål. */
export function firstLanguage(chosen: string | null, browser: readonly string[]): AppLanguage {
  return appLanguage(chosen) ?? browser.map(appLanguage).find((one) => one !== undefined) ?? 'nb';
}

/**
 * How dates and numbers are written. English as in Europe: day before month. Nynorsk as Bokmål, which writes both alike:
 * Chromium knows no Nynorsk, and writes them in the browser's own language instead.
 */
export const LOCALES: Readonly<Record<AppLanguage, string>> = { nb: 'nb-NO', nn: 'nb-NO', sv: 'sv-SE', en: 'en-GB' };
