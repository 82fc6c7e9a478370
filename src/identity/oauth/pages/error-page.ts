import { escaped, type PageLanguage, page, pageLanguage } from './words.ts';

const WORDS: Readonly<Record<PageLanguage, { readonly title: string; readonly text: string }>> = {
  nb: {
    title: 'Innloggingen kan ikke fullføres',
    text: 'Gå tilbake til programmet du kom fra, og prøv igjen. Hjelper ikke det, gi dette videre til dem som drifter det:',
  },
  sv: {
    title: 'Inloggningen kan inte slutföras',
    text: 'Gå tillbaka till programmet du kom ifrån och försök igen. Om det inte hjälper, lämna detta vidare till dem som förvaltar det:',
  },
  en: {
    title: 'The sign-in cannot be completed',
    text: 'Go back to the app that you came from and try again. If that does not help, pass this on to those who run it:',
  },
};

/** What a browser shows where an app asked wrongly and cannot be told. @param languages as the browser asks for */
export function errorPage(error: string, description: string | undefined, languages: string): string {
  const language = pageLanguage(languages);
  const { title, text } = WORDS[language];
  const detail = description === undefined ? error : `${error}: ${description}`;
  return page(language, title, `<p>${text}</p>\n<p><code>${escaped(detail)}</code></p>`);
}
