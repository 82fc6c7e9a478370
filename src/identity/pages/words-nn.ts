import type { RefusalReason } from '../accounts/refusal.ts';
import { waitText } from './wait-text.ts';
import type { Words } from './words.ts';

const passwords = {
  short: 'Passordet er for kort: minst 12 teikn.',
  long: 'Passordet er for langt: høgst 128 teikn.',
  name: 'Passordet må ikkje byggje på brukarnamnet.',
  simple: 'Passordet er for lett å gjette. Bruk til dømes fleire ord etter kvarandre.',
  same: 'Det nye passordet må vere eit anna enn det gamle.',
  differ: 'Dei to nye passorda er ikkje like.',
} as const;

function refusal(reason: RefusalReason): string {
  switch (reason.kind) {
    case 'credentials':
      return 'Brukarnamn eller passord er feil.';
    case 'wait':
      return reason.wait_ms === undefined
        ? 'Det har vore for mange forsøk på rad. Ta kontakt med den lokale koordinatoren for å opne kontoen igjen.'
        : `Det har vore for mange forsøk. Prøv igjen om ${waitText(
            reason.wait_ms,
            (n) => `${n} sekund`,
            (n) => `${n} minutt`,
          )}.`;
    case 'locked':
      return 'Kontoen er låst. Ta kontakt med den lokale koordinatoren.';
    case 'code':
      return 'Koden er feil, brukt før eller har gått ut. Prøv igjen.';
    case 'ended':
      return 'Innlogginga tok for lang tid, eller det var for mange feil kodar. Byrj på nytt.';
    case 'password':
      return passwords[reason.fault];
  }
}

export const nynorsk: Words = {
  language: 'Språk',
  error: 'Feil',
  skip: 'Gå til innhaldet',
  signIn: 'Logg inn',
  signInFor: (app) => `Logg inn for ${app}`,
  login: 'Brukarnamn',
  password: 'Passord',
  next: 'Neste',
  cancel: 'Avbryt',
  beginAnew: 'Byrj på nytt',
  forgotten: 'Gløymt passordet?',
  forgottenTitle: 'Nytt passord',
  forgottenText:
    'Skriv brukarnamnet ditt. Er det ein konto med dette namnet, sender vi ei melding til mobilnummeret som er registrert på han.',
  forgottenDone:
    'Er det ein konto med dette namnet, har vi no sendt ei melding til mobilnummeret som er registrert på han.',
  send: 'Send',
  codeTitle: 'Eingongskode',
  codeByMessage: 'Vi har sendt ein kode på seks siffer til mobilen din. Han varer i fem minutt.',
  codeByApp: 'Skriv koden på seks siffer som autentiseringsappen din viser no.',
  code: 'Kode',
  sendAgain: 'Send ein ny kode',
  sentAgain: 'Ein ny kode er send.',
  enrolTitle: 'Legg til ein autentiseringsapp',
  enrolText:
    'For å logge inn treng du ein app på telefonen som viser eingongskodar, til dømes ein av dei som følgjer med telefonen.',
  enrolOpen: 'Opne autentiseringsappen på denne eininga',
  enrolKey: 'Eller skriv denne nøkkelen i appen:',
  enrolCode: 'Koden som appen viser no',
  newPasswordTitle: 'Vel ditt eige passord',
  newPasswordText: 'Passordet som du fekk tilsendt kan berre brukast til å velje eit nytt.',
  newPassword: 'Nytt passord',
  newPasswordAgain: 'Nytt passord ein gong til',
  passwordRules: 'Minst 12 teikn. Fleire ord etter kvarandre er sikrare og lettare å hugse enn spesielle teikn.',
  presentPassword: 'Noverande passord',
  roleTitle: 'Kvar arbeider du no?',
  roleText: 'Du har fleire roller. Éi er i bruk om gongen; du kan byte seinare.',
  role: 'Rolle',
  choose: 'Vel',
  recordTitle: 'Kva sjukehus gjeld det?',
  recordText: 'Fleire sjukehus har registrert deg. Du ser det som høyrer til eitt om gongen; du kan byte seinare.',
  record: 'Sjukehus',
  recordUnnamed: 'Sjukehuset er ikkje oppgitt',
  account: 'Mi side',
  signedInAs: (login) => `Du er logga inn som ${login}.`,
  activeRole: 'Rolle i bruk',
  noRole: 'Du har inga rolle enno. Ein lokal koordinator må godkjenne søknaden din.',
  changeRole: 'Byt rolle',
  changePassword: 'Byt passord',
  passwordChanged: 'Passordet er bytt. Du er logga ut alle andre stader.',
  openWork: 'Til arbeidslista',
  openForms: 'Til skjemaa mine',
  signOut: 'Logg ut',
  signOutEverywhere: 'Logg ut alle stader',
  signedOut: 'Du er logga ut',
  signedOutText: 'Du kan lukke vindauget no.',
  lost: 'Innlogginga er borte',
  lostText: 'Ho tok for lang tid, eller vart fullført i eit anna vindauge. Gå tilbake til appen og byrj på nytt.',
  newUser: 'Ny brukar',
  newUserText:
    'Fyll ut skjemaet for å søkje om tilgang. Den lokale koordinatoren ved sjukehuset, eller koordinatoren for registeret, godkjenner søknaden. Då får du eit passord på mobilen.',
  given: 'Førenamn',
  family: 'Etternamn',
  mobile: 'Mobilnummer',
  mobileHint: 'Med landkode, til dømes +4790000000. Hit blir passord og kodar sende.',
  position: 'Stilling',
  region: 'Region',
  department: 'Avdeling',
  place: 'Register og sjukehus',
  roleWanted: 'Rolle',
  localUser: 'Lokal brukar (LU)',
  localCoordinator: 'Lokal koordinator (LC)',
  apply: 'Send søknad',
  applied: 'Søknaden er send. Du får ei melding på mobilen når han er godkjend.',
  taken: 'Brukarnamnet er i bruk. Vel eit anna.',
  incomplete:
    'Fyll ut alle felta. Mobilnummeret byrjar med landkode; brukarnamnet har bokstavar, tal, punktum og bindestrek.',
  notSent: 'Søknaden kunne ikkje sendast. Prøv igjen seinare.',
  refusal,
};
