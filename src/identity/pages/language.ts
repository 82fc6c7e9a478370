/** The languages of the pages of sign-in, as BCP 47 tags, with their own names for the switch. */
export const pageLanguages = { nb: 'Bokmål', nn: 'Nynorsk', sv: 'Svenska', en: 'English' } as const;

export type PageLanguage = keyof typeof pageLanguages;

const nearest: Readonly<Record<string, PageLanguage>> = { nb: 'nb', no: 'nb', nn: 'nn', sv: 'sv', en: 'en' };
const RANGES_MAX = 20;

/** One of the languages; undefined for anything else. */
export function pageLanguage(tag: string | undefined): PageLanguage | undefined {
  const primary = tag?.trim().toLowerCase().split(/[-_]/, 1)[0] ?? '';
  return Object.hasOwn(nearest, primary) ? nearest[primary] : undefined;
}

/** What was chosen before (a cookie), else what the browser prefers (RFC 9110, 12.5.4), else Bokmål. */
export function languageOf(chosen: string | undefined, acceptLanguage: string | undefined): PageLanguage {
  const kept = pageLanguage(chosen);
  if (kept !== undefined) return kept;
  let best: { readonly language: PageLanguage; readonly quality: number } | undefined;
  for (const range of acceptLanguage?.split(',', RANGES_MAX) ?? []) {
    const [tag, ...parameters] = range.split(';');
    const language = pageLanguage(tag);
    const given = parameters.find((parameter) => parameter.trim().startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.trim().slice(2));
    if (language !== undefined && quality > (best?.quality ?? 0)) best = { language, quality };
  }
  return best?.language ?? 'nb';
}
