import type { PageLanguage } from '../pages/language.ts';

/** What is sent to the telephone of who signs in. It names no person and no registry. */
export interface Message {
  /** E.164 */
  readonly to: string;
  readonly language: PageLanguage;
  readonly content:
    | { readonly kind: 'code'; readonly code: string }
    | { readonly kind: 'password'; readonly password: string }
    | { readonly kind: 'ask-coordinator' };
}

/** The way to telephones; the server gives its channel. Rejects where nothing may have been sent. */
export interface Messenger {
  send(message: Message): Promise<void>;
}

/** The words of a message. */
export function messageText({ language, content }: Message): string {
  switch (content.kind) {
    case 'code':
      return CODE[language](content.code);
    case 'password':
      return PASSWORD[language](content.password);
    case 'ask-coordinator':
      return ASK[language];
  }
}

const CODE: Record<PageLanguage, (code: string) => string> = {
  nb: (code) => `Koden din for å logge inn er ${code}. Den varer i 5 minutter. Gi den ikke til noen.`,
  nn: (code) => `Koden din for å logge inn er ${code}. Han varer i 5 minutt. Gi han ikkje til nokon.`,
  sv: (code) => `Din kod för att logga in är ${code}. Den gäller i 5 minuter. Lämna inte ut den till någon.`,
  en: (code) => `Your code for signing in is ${code}. It lasts for 5 minutes. Give it to nobody.`,
};
const PASSWORD: Record<PageLanguage, (password: string) => string> = {
  nb: (password) => `Ditt midlertidige passord er ${password} (med bindestreker). Du velger et nytt når du logger inn.`,
  nn: (password) =>
    `Det mellombelse passordet ditt er ${password} (med bindestrekar). Du vel eit nytt når du loggar inn.`,
  sv: (password) => `Ditt tillfälliga lösenord är ${password} (med bindestreck). Du väljer ett nytt när du loggar in.`,
  en: (password) => `Your temporary password is ${password} (with the hyphens). You choose a new one when you sign in.`,
};
const ASK: Record<PageLanguage, string> = {
  nb: 'Noen har bedt om nytt passord for kontoen din. Trenger du det, ta kontakt med din lokale koordinator.',
  nn: 'Nokon har bede om nytt passord for kontoen din. Treng du det, ta kontakt med den lokale koordinatoren.',
  sv: 'Någon har bett om ett nytt lösenord för ditt konto. Behöver du det, kontakta din lokala koordinator.',
  en: 'Somebody has asked for a new password for your account. If you need one, contact your local coordinator.',
};
