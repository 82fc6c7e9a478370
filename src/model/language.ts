/** The languages in which Svar speaks to people, as BCP 47 tags: Norwegian bokmål, Swedish, English. */
export const languages = ['nb', 'sv', 'en'] as const;

export type Language = (typeof languages)[number];

const nearest: Readonly<Record<string, Language>> = { nb: 'nb', no: 'nb', nn: 'nb', sv: 'sv', en: 'en' };
/** More ranges than any browser sends; what follows is not read. */
const RANGES_MAX = 20;

/** The language of Svar that a BCP 47 tag is nearest to: `nn-NO` is read as nb. Undefined if there is none. */
export function languageOfTag(tag: string | undefined): Language | undefined {
  const primary = tag?.trim().toLowerCase().split(/[-_]/, 1)[0] ?? '';
  return Object.hasOwn(nearest, primary) ? nearest[primary] : undefined;
}

/** The language that a header Accept-Language prefers (RFC 9110, 12.5.4); undefined where it wants none of ours. */
export function acceptedLanguage(header: string | undefined): Language | undefined {
  let best: { readonly language: Language; readonly quality: number } | undefined;
  for (const range of header?.split(',', RANGES_MAX) ?? []) {
    const [tag, ...parameters] = range.split(';');
    const language = languageOfTag(tag);
    const given = parameters.find((parameter) => parameter.trim().startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.trim().slice(2));
    if (language !== undefined && quality > (best?.quality ?? 0)) {
      best = { language, quality };
    }
  }
  return best?.language;
}
