import type { PageLanguage } from '../pages/language.ts';

/** What a patient reads on the way from a notice to the form. */
export interface LinkWords {
  readonly title: string;
  readonly text: string;
  readonly open: string;
  readonly noCookie: string;
  readonly answeredTitle: string;
  readonly answered: string;
  readonly endedTitle: string;
  readonly ended: string;
  readonly refusedTitle: string;
  /** The same for a link of nobody, of another patient, and of another order. */
  readonly refused: string;
  readonly signInTitle: string;
  readonly signIn: string;
  readonly stronger: string;
  readonly noWay: string;
  readonly wait: string;
}

const all: Readonly<Record<PageLanguage, LinkWords>> = {
  nb: {
    title: 'Et skjema venter på deg',
    text: 'Trykk på knappen for å åpne skjemaet. Ingenting sendes før du selv svarer.',
    open: 'Åpne skjemaet',
    noCookie:
      'Åpne lenken i meldingen på nytt, i den nettleseren du vil svare i. Nettleseren må godta informasjonskapsler.',
    answeredTitle: 'Takk for svaret',
    answered: 'Dette skjemaet er allerede besvart. Du trenger ikke gjøre mer.',
    endedTitle: 'Fristen er ute',
    ended: 'Dette skjemaet kan ikke besvares lenger. Du trenger ikke gjøre noe.',
    refusedTitle: 'Lenken virker ikke',
    refused:
      'Lenken virker ikke, eller den er ikke til deg. Sjekk at du åpnet hele lenken fra meldingen, og at det er du som er logget inn.',
    signInTitle: 'Logg inn for å åpne skjemaet',
    signIn: 'Vi må vite at det er deg.',
    stronger: 'Registeret ber om en sikrere innlogging enn den du brukte.',
    noWay: 'Det går ikke an å logge inn sikkert nok her ennå. Kontakt sykehuset som sendte meldingen.',
    wait: 'Det har vært for mange forsøk herfra. Vent et minutt, og prøv igjen.',
  },
  nn: {
    title: 'Eit skjema ventar på deg',
    text: 'Trykk på knappen for å opne skjemaet. Ingenting blir sendt før du sjølv svarar.',
    open: 'Opne skjemaet',
    noCookie:
      'Opne lenkja i meldinga på nytt, i den nettlesaren du vil svare i. Nettlesaren må godta informasjonskapslar.',
    answeredTitle: 'Takk for svaret',
    answered: 'Dette skjemaet er alt svart på. Du treng ikkje gjere meir.',
    endedTitle: 'Fristen er ute',
    ended: 'Dette skjemaet kan ikkje svarast på lenger. Du treng ikkje gjere noko.',
    refusedTitle: 'Lenkja verkar ikkje',
    refused:
      'Lenkja verkar ikkje, eller ho er ikkje til deg. Sjekk at du opna heile lenkja frå meldinga, og at det er du som er logga inn.',
    signInTitle: 'Logg inn for å opne skjemaet',
    signIn: 'Vi må vite at det er deg.',
    stronger: 'Registeret ber om ei sikrare innlogging enn den du brukte.',
    noWay: 'Det går ikkje an å logge inn sikkert nok her enno. Kontakt sjukehuset som sende meldinga.',
    wait: 'Det har vore for mange forsøk herifrå. Vent eit minutt, og prøv igjen.',
  },
  sv: {
    title: 'Ett formulär väntar på dig',
    text: 'Tryck på knappen för att öppna formuläret. Ingenting skickas förrän du själv svarar.',
    open: 'Öppna formuläret',
    noCookie: 'Öppna länken i meddelandet igen, i den webbläsare som du vill svara i. Webbläsaren måste godta kakor.',
    answeredTitle: 'Tack för svaret',
    answered: 'Det här formuläret är redan besvarat. Du behöver inte göra mer.',
    endedTitle: 'Tiden är ute',
    ended: 'Det här formuläret kan inte besvaras längre. Du behöver inte göra något.',
    refusedTitle: 'Länken fungerar inte',
    refused:
      'Länken fungerar inte, eller så är den inte till dig. Kontrollera att du öppnade hela länken från meddelandet, och att det är du som är inloggad.',
    signInTitle: 'Logga in för att öppna formuläret',
    signIn: 'Vi måste veta att det är du.',
    stronger: 'Registret kräver en säkrare inloggning än den du använde.',
    noWay: 'Det går inte att logga in tillräckligt säkert här än. Kontakta sjukhuset som skickade meddelandet.',
    wait: 'Det har varit för många försök härifrån. Vänta en minut och försök igen.',
  },
  en: {
    title: 'A form is waiting for you',
    text: 'Press the button to open the form. Nothing is sent until you answer.',
    open: 'Open the form',
    noCookie:
      'Open the link in the message again, in the browser in which you want to answer. It has to accept cookies.',
    answeredTitle: 'Thank you for your answer',
    answered: 'This form has been answered. You need not do anything more.',
    endedTitle: 'The time is up',
    ended: 'This form can no longer be answered. You need not do anything.',
    refusedTitle: 'The link does not work',
    refused:
      'The link does not work, or it is not for you. Check that you opened the whole link of the message, and that it is you who is signed in.',
    signInTitle: 'Sign in to open the form',
    signIn: 'We have to know that it is you.',
    stronger: 'The registry asks for a safer way to sign in than the one you used.',
    noWay: 'There is no way to sign in safely enough here yet. Contact the hospital that sent the message.',
    wait: 'There were too many attempts from here. Wait a minute and try again.',
  },
};

export function linkWords(language: PageLanguage): LinkWords {
  return all[language];
}
