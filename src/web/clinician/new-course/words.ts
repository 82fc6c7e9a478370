import type { AppLanguage } from '../words/language.ts';
import type { NumberFault, NumberType } from './patient-number.ts';

/** What the page of a new course says. */
export interface NewCourseWords {
  readonly type: string;
  readonly types: Readonly<Record<NumberType, string>>;
  readonly number: Readonly<Record<NumberType, string>>;
  readonly help: Readonly<Record<NumberType, string>>;
  readonly faults: Readonly<Record<NumberFault, string>>;
  readonly family: string;
  readonly given: string;
  readonly fresh: string;
  readonly earlier: string;
  readonly create: string;
  readonly needed: string;
  /** Without a number, the forms of staff are not locked before the birth date is known (manual 1.8). */
  readonly birthDateNeeded: string;
  /** Of a birth date that the number tells. */
  readonly birthDateTold: string;
  readonly birthDateMissing: string;
  readonly birthDateFuture: string;
  readonly several: string;
  readonly nobody: string;
}

export const newCourseWords: Readonly<Record<AppLanguage, NewCourseWords>> = {
  nb: {
    type: 'Fødselsnummertype',
    types: { norwegian: 'Norsk fødselsnr', other: 'Annet' },
    number: { norwegian: 'Fødselsnummer eller D-nummer', other: 'Annet nummer' },
    help: {
      norwegian: '11 siffer',
      other: 'For pasienter uten norsk nummer: hjelpenummer, passnummer eller lignende. Kan stå tomt.',
    },
    faults: {
      needed: 'Skriv inn nummeret, eller velg «Annet».',
      wrong: 'Nummeret er ikke gyldig: sjekk at alle 11 sifre er riktige.',
      auxiliary: 'Dette er et hjelpenummer: velg «Annet».',
      norwegian: 'Dette er et norsk nummer: velg «Norsk fødselsnr».',
    },
    family: 'Etternavn',
    given: 'Fornavn',
    fresh: 'Ny pasient',
    earlier: 'Tidligere forløp',
    create: 'Ny registrering',
    needed: 'Skriv inn etternavnet.',
    birthDateNeeded: 'Spør pasienten: uten fødselsdato kan det første skjemaet ikke ferdigstilles.',
    birthDateTold: 'Følger av nummeret.',
    birthDateMissing: 'Skriv inn fødselsdatoen.',
    birthDateFuture: 'Fødselsdatoen er ikke kommet ennå.',
    several: 'Er det en av disse?',
    nobody: 'Nei, en ny pasient',
  },
  nn: {
    type: 'Fødselsnummertype',
    types: { norwegian: 'Norsk fødselsnr', other: 'Anna' },
    number: { norwegian: 'Fødselsnummer eller D-nummer', other: 'Anna nummer' },
    help: {
      norwegian: '11 siffer',
      other: 'For pasientar utan norsk nummer: hjelpenummer, passnummer eller liknande. Kan stå tomt.',
    },
    faults: {
      needed: 'Skriv inn nummeret, eller vel «Anna».',
      wrong: 'Nummeret er ikkje gyldig: sjekk at alle 11 siffera er rette.',
      auxiliary: 'Dette er eit hjelpenummer: vel «Anna».',
      norwegian: 'Dette er eit norsk nummer: vel «Norsk fødselsnr».',
    },
    family: 'Etternamn',
    given: 'Fornamn',
    fresh: 'Ny pasient',
    earlier: 'Tidlegare forløp',
    create: 'Ny registrering',
    needed: 'Skriv inn etternamnet.',
    birthDateNeeded: 'Spør pasienten: utan fødselsdato kan det første skjemaet ikkje ferdigstillast.',
    birthDateTold: 'Følgjer av nummeret.',
    birthDateMissing: 'Skriv inn fødselsdatoen.',
    birthDateFuture: 'Fødselsdatoen er ikkje komen enno.',
    several: 'Er det ein av desse?',
    nobody: 'Nei, ein ny pasient',
  },
  sv: {
    type: 'Typ av nummer',
    types: { norwegian: 'Norskt personnummer', other: 'Annat' },
    number: { norwegian: 'Norskt födelsenummer eller D-nummer', other: 'Annat nummer' },
    help: {
      norwegian: '11 siffror',
      other: 'För patienter utan norskt nummer: reservnummer, passnummer eller liknande. Kan lämnas tomt.',
    },
    faults: {
      needed: 'Skriv numret, eller välj ”Annat”.',
      wrong: 'Numret är inte giltigt: kontrollera att alla 11 siffror är rätt.',
      auxiliary: 'Detta är ett norskt hjälpnummer: välj ”Annat”.',
      norwegian: 'Detta är ett norskt nummer: välj ”Norskt personnummer”.',
    },
    family: 'Efternamn',
    given: 'Förnamn',
    fresh: 'Ny patient',
    earlier: 'Tidigare vårdförlopp',
    create: 'Ny registrering',
    needed: 'Skriv efternamnet.',
    birthDateNeeded: 'Fråga patienten: utan födelsedatum kan det första formuläret inte slutföras.',
    birthDateTold: 'Följer av numret.',
    birthDateMissing: 'Skriv födelsedatumet.',
    birthDateFuture: 'Födelsedatumet har inte varit ännu.',
    several: 'Är det någon av dessa?',
    nobody: 'Nej, en ny patient',
  },
  en: {
    type: 'Type of number',
    types: { norwegian: 'Norwegian number', other: 'Other' },
    number: { norwegian: 'National identity number or D-number', other: 'Other number' },
    help: {
      norwegian: '11 digits',
      other:
        'For patients without a Norwegian number: an auxiliary number, a passport number or the like. May be left empty.',
    },
    faults: {
      needed: 'Write the number, or choose “Other”.',
      wrong: 'The number is not valid: check that all 11 digits are right.',
      auxiliary: 'This is an auxiliary number: choose “Other”.',
      norwegian: 'This is a Norwegian number: choose “Norwegian number”.',
    },
    family: 'Family name',
    given: 'Given name',
    fresh: 'New patient',
    earlier: 'Earlier courses',
    create: 'New course',
    needed: 'Write the family name.',
    birthDateNeeded: 'Ask the patient: without a birth date the first form cannot be completed.',
    birthDateTold: 'Follows from the number.',
    birthDateMissing: 'Write the birth date.',
    birthDateFuture: 'The birth date has not been yet.',
    several: 'Is it one of these?',
    nobody: 'No, a new patient',
  },
};
