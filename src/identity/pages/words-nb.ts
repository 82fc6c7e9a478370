import type { RefusalReason } from '../accounts/refusal.ts';
import { waitText } from './wait-text.ts';
import type { Words } from './words.ts';

const passwords = {
  short: 'Passordet er for kort: minst 12 tegn.',
  long: 'Passordet er for langt: høyst 128 tegn.',
  name: 'Passordet må ikke bygge på brukernavnet.',
  simple: 'Passordet er for lett å gjette. Bruk for eksempel flere ord etter hverandre.',
  same: 'Det nye passordet må være et annet enn det gamle.',
  differ: 'De to nye passordene er ikke like.',
} as const;

function refusal(reason: RefusalReason): string {
  switch (reason.kind) {
    case 'credentials':
      return 'Brukernavn eller passord er feil.';
    case 'wait':
      return reason.wait_ms === undefined
        ? 'Det har vært for mange forsøk på rad. Ta kontakt med din lokale koordinator for å åpne kontoen igjen.'
        : `Det har vært for mange forsøk. Prøv igjen om ${waitText(
            reason.wait_ms,
            (n) => `${n} sekunder`,
            (n) => `${n} minutter`,
          )}.`;
    case 'locked':
      return 'Kontoen er låst. Ta kontakt med din lokale koordinator.';
    case 'code':
      return 'Koden er feil, brukt før eller utløpt. Prøv igjen.';
    case 'ended':
      return 'Innloggingen tok for lang tid, eller det var for mange feil koder. Begynn på nytt.';
    case 'password':
      return passwords[reason.fault];
  }
}

export const bokmal: Words = {
  language: 'Språk',
  error: 'Feil',
  skip: 'Gå til innholdet',
  signIn: 'Logg inn',
  signInFor: (app) => `Logg inn for ${app}`,
  login: 'Brukernavn',
  password: 'Passord',
  next: 'Neste',
  cancel: 'Avbryt',
  beginAnew: 'Begynn på nytt',
  forgotten: 'Glemt passordet?',
  forgottenTitle: 'Nytt passord',
  forgottenText:
    'Skriv brukernavnet ditt. Er det en konto med dette navnet, sender vi en melding til mobilnummeret som er registrert på den.',
  forgottenDone:
    'Er det en konto med dette navnet, har vi nå sendt en melding til mobilnummeret som er registrert på den.',
  send: 'Send',
  codeTitle: 'Engangskode',
  codeByMessage: 'Vi har sendt en kode på seks siffer til mobilen din. Den varer i fem minutter.',
  codeByApp: 'Skriv koden på seks siffer som autentiseringsappen din viser nå.',
  code: 'Kode',
  sendAgain: 'Send en ny kode',
  sentAgain: 'En ny kode er sendt.',
  enrolTitle: 'Legg til en autentiseringsapp',
  enrolText:
    'For å logge inn trenger du en app på telefonen som viser engangskoder, for eksempel en av dem som følger med telefonen.',
  enrolOpen: 'Åpne autentiseringsappen på denne enheten',
  enrolKey: 'Eller skriv denne nøkkelen i appen:',
  enrolCode: 'Koden som appen viser nå',
  newPasswordTitle: 'Velg ditt eget passord',
  newPasswordText: 'Passordet som du fikk tilsendt kan bare brukes til å velge et nytt.',
  newPassword: 'Nytt passord',
  newPasswordAgain: 'Nytt passord en gang til',
  passwordRules: 'Minst 12 tegn. Flere ord etter hverandre er sikrere og lettere å huske enn spesielle tegn.',
  presentPassword: 'Nåværende passord',
  roleTitle: 'Hvor arbeider du nå?',
  roleText: 'Du har flere roller. Én er i bruk om gangen; du kan bytte senere.',
  role: 'Rolle',
  choose: 'Velg',
  recordTitle: 'Hvilket sykehus gjelder det?',
  recordText: 'Flere sykehus har registrert deg. Du ser det som hører til ett om gangen; du kan bytte senere.',
  record: 'Sykehus',
  recordUnnamed: 'Sykehuset er ikke oppgitt',
  account: 'Min side',
  signedInAs: (login) => `Du er logget inn som ${login}.`,
  activeRole: 'Rolle i bruk',
  noRole: 'Du har ingen rolle ennå. En lokal koordinator må godkjenne søknaden din.',
  changeRole: 'Bytt rolle',
  changePassword: 'Bytt passord',
  passwordChanged: 'Passordet er byttet. Du er logget ut alle andre steder.',
  openWork: 'Til arbeidslisten',
  openForms: 'Til skjemaene mine',
  signOut: 'Logg ut',
  signOutEverywhere: 'Logg ut alle steder',
  signedOut: 'Du er logget ut',
  signedOutText: 'Du kan lukke vinduet nå.',
  lost: 'Innloggingen er borte',
  lostText: 'Den tok for lang tid, eller ble fullført i et annet vindu. Gå tilbake til appen og begynn på nytt.',
  newUser: 'Ny bruker',
  newUserText:
    'Fyll ut skjemaet for å søke om tilgang. Den lokale koordinatoren ved sykehuset, eller registerets koordinator, godkjenner søknaden. Da får du et passord på mobilen.',
  given: 'Fornavn',
  family: 'Etternavn',
  mobile: 'Mobilnummer',
  mobileHint: 'Med landkode, for eksempel +4790000000. Hit sendes passord og koder.',
  position: 'Stilling',
  region: 'Region',
  department: 'Avdeling',
  place: 'Register og sykehus',
  roleWanted: 'Rolle',
  localUser: 'Lokal bruker (LU)',
  localCoordinator: 'Lokal koordinator (LC)',
  apply: 'Send søknad',
  applied: 'Søknaden er sendt. Du får en melding på mobilen når den er godkjent.',
  taken: 'Brukernavnet er i bruk. Velg et annet.',
  incomplete:
    'Fyll ut alle feltene. Mobilnummeret begynner med landkode; brukernavnet har bokstaver, tall, punktum og bindestrek.',
  notSent: 'Søknaden kunne ikke sendes. Prøv igjen senere.',
  refusal,
};
