import type { AppLanguage } from '../words/language.ts';

/** What the page of a new course says. */
export interface NewCourseWords {
  readonly number: string;
  readonly help: string;
  readonly wrong: string;
  readonly family: string;
  readonly given: string;
  readonly fresh: string;
  readonly earlier: string;
  readonly create: string;
  readonly needed: string;
  /** Without a number, the forms of staff are not locked before the birth date is known (manual 1.8). */
  readonly birthDateNeeded: string;
  readonly several: string;
}

export const newCourseWords: Readonly<Record<AppLanguage, NewCourseWords>> = {
  nb: {
    number: 'Fødselsnummer eller D-nummer',
    help: '11 siffer. La feltet stå tomt for pasienter uten norsk nummer.',
    wrong: 'Nummeret er ikke gyldig: sjekk at alle 11 sifre er riktige.',
    family: 'Etternavn',
    given: 'Fornavn',
    fresh: 'Ny pasient',
    earlier: 'Tidligere forløp',
    create: 'Ny registrering',
    needed: 'Skriv inn etternavnet.',
    birthDateNeeded: 'Spør pasienten om fødselsdatoen: uten nummer trengs den for å ferdigstille det første skjemaet.',
    several: 'Flere pasienter har dette nummeret. Velg hvem det gjelder.',
  },
  nn: {
    number: 'Fødselsnummer eller D-nummer',
    help: '11 siffer. Lat feltet stå tomt for pasientar utan norsk nummer.',
    wrong: 'Nummeret er ikkje gyldig: sjekk at alle 11 siffera er rette.',
    family: 'Etternamn',
    given: 'Fornamn',
    fresh: 'Ny pasient',
    earlier: 'Tidlegare forløp',
    create: 'Ny registrering',
    needed: 'Skriv inn etternamnet.',
    birthDateNeeded: 'Spør pasienten om fødselsdatoen: utan nummer trengst han for å ferdigstille det første skjemaet.',
    several: 'Fleire pasientar har dette nummeret. Vel kven det gjeld.',
  },
  sv: {
    number: 'Personnummer eller D-nummer',
    help: '11 siffror. Lämna fältet tomt för patienter utan personnummer.',
    wrong: 'Numret är inte giltigt: kontrollera att alla 11 siffror är rätt.',
    family: 'Efternamn',
    given: 'Förnamn',
    fresh: 'Ny patient',
    earlier: 'Tidigare vårdförlopp',
    create: 'Ny registrering',
    needed: 'Skriv efternamnet.',
    birthDateNeeded: 'Fråga patienten om födelsedatum: utan nummer behövs det för att slutföra det första formuläret.',
    several: 'Flera patienter har detta nummer. Välj vem det gäller.',
  },
  en: {
    number: 'Norwegian identity number or D-number',
    help: '11 digits. Leave it empty for patients without a Norwegian number.',
    wrong: 'The number is not valid: check that all 11 digits are right.',
    family: 'Family name',
    given: 'Given name',
    fresh: 'New patient',
    earlier: 'Earlier courses',
    create: 'New course',
    needed: 'Write the family name.',
    birthDateNeeded: 'Ask the patient for the birth date: without a number, it is needed to complete the first form.',
    several: 'Several patients have this number. Choose who it is.',
  },
};
