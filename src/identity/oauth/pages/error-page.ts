import { html } from '../../pages/html.ts';
import type { PageLanguage } from '../../pages/language.ts';
import type { Page } from '../../pages/layout.ts';

const WORDS: Readonly<Record<PageLanguage, { readonly title: string; readonly text: string }>> = {
  nb: {
    title: 'Innloggingen kan ikke fullføres',
    text: 'Gå tilbake til programmet du kom fra, og prøv igjen. Hjelper ikke det, gi dette videre til dem som drifter det:',
  },
  nn: {
    title: 'Innlogginga kan ikkje fullførast',
    text: 'Gå tilbake til programmet du kom frå, og prøv igjen. Hjelper ikkje det, gi dette vidare til dei som driftar det:',
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

/** What a browser shows where an app asked wrongly and cannot be told. */
export function errorPage(error: string, description: string | undefined, language: PageLanguage): Page {
  const { title, text } = WORDS[language];
  const detail = description === undefined ? error : `${error}: ${description}`;
  return { title, status: 400, body: html`<p>${text}</p>\n<p><code>${detail}</code></p>` };
}
