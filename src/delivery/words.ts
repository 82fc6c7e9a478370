/** The languages in which a message of ours can be written. */
type Language = 'nb' | 'nn' | 'sv' | 'en';

/**
 * What is said where others may read it too: in e-mails, SMS, on a locked screen, and in the subjects and notifications of
 * secure mailboxes. Who has a form to answer, and nothing of what, for whom or why.
 */
const WORDS: Readonly<Record<Language, Words>> = {
  nb: { title: 'Et skjema venter på deg', told: 'Du har fått et skjema å svare på.', open: 'Åpne det her:' },
  nn: { title: 'Eit skjema ventar på deg', told: 'Du har fått eit skjema å svare på.', open: 'Opne det her:' },
  sv: { title: 'Ett formulär väntar på dig', told: 'Du har fått ett formulär att besvara.', open: 'Öppna det här:' },
  en: { title: 'A form is waiting for you', told: 'You have been sent a form to answer.', open: 'Open it here:' },
};

interface Words {
  readonly title: string;
  readonly told: string;
  readonly open: string;
}

/** @param language BCP 47; `no` and what is not known is nb */
export function neutralTitle(language: string): string {
  return WORDS[languageOf(language)].title;
}

/** What a mailbox tells its owner by e-mail or SMS: that there is something, and not where. */
export function neutralNotification(language: string): string {
  return WORDS[languageOf(language)].told;
}

/** What an unsecured message says before its link. */
export function neutralText(language: string): string {
  const { told, open } = WORDS[languageOf(language)];
  return `${told} ${open}`;
}

function languageOf(tag: string): Language {
  const [primary = ''] = tag.toLowerCase().split('-');
  return primary === 'nn' || primary === 'sv' || primary === 'en' ? primary : 'nb';
}
