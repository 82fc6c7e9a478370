import { type Medium, media } from './channel.ts';

/** The languages in which a message of ours can be written. */
type Language = 'nb' | 'nn' | 'sv' | 'en';

/**
 * What is said where others may read it too: in e-mails, SMS, on a locked screen, and in the subjects and notifications of
 * secure mailboxes. Who has a form to answer, and nothing of what, for whom or why.
 */
const WORDS: Readonly<Record<Language, { readonly title: string; readonly text: string }>> = {
  nb: { title: 'Et skjema venter på deg', text: 'Du har fått et skjema å svare på. Åpne det her:' },
  nn: { title: 'Eit skjema ventar på deg', text: 'Du har fått eit skjema å svare på. Opne det her:' },
  sv: { title: 'Ett formulär väntar på dig', text: 'Du har fått ett formulär att besvara. Öppna det här:' },
  en: { title: 'A form is waiting for you', text: 'You have been sent a form to answer. Open it here:' },
};

/** @param language BCP 47; `no` and what is not known is nb */
export function neutralTitle(language: string): string {
  return WORDS[languageOf(language)].title;
}

/** What an unsecured message says before its link. */
export function neutralText(language: string): string {
  return WORDS[languageOf(language)].text;
}

function languageOf(tag: string): Language {
  const [primary = ''] = tag.toLowerCase().split('-');
  return primary === 'nn' || primary === 'sv' || primary === 'en' ? primary : 'nb';
}

/** The choice that a code of CodeSystem notice-channel stands for; undefined for codes of what carried a notice. */
export function mediumOf(code: string): Medium | undefined {
  return media.find((one) => one === code);
}
