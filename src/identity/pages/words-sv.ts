import type { RefusalReason } from '../accounts/refusal.ts';
import { waitText } from './wait-text.ts';
import type { Words } from './words.ts';

const passwords = {
  short: 'Lösenordet är för kort: minst 12 tecken.',
  long: 'Lösenordet är för långt: högst 128 tecken.',
  name: 'Lösenordet får inte bygga på användarnamnet.',
  simple: 'Lösenordet är för lätt att gissa. Använd till exempel flera ord efter varandra.',
  same: 'Det nya lösenordet måste vara ett annat än det gamla.',
  differ: 'De två nya lösenorden är inte lika.',
} as const;

function refusal(reason: RefusalReason): string {
  switch (reason.kind) {
    case 'credentials':
      return 'Användarnamnet eller lösenordet är fel.';
    case 'wait':
      return reason.wait_ms === undefined
        ? 'Det har varit för många försök i rad. Kontakta din lokala koordinator för att öppna kontot igen.'
        : `Det har varit för många försök. Försök igen om ${waitText(
            reason.wait_ms,
            (n) => `${n} sekunder`,
            (n) => `${n} minuter`,
          )}.`;
    case 'locked':
      return 'Kontot är låst. Kontakta din lokala koordinator.';
    case 'code':
      return 'Koden är fel, redan använd eller har gått ut. Försök igen.';
    case 'ended':
      return 'Inloggningen tog för lång tid, eller det var för många felaktiga koder. Börja om.';
    case 'password':
      return passwords[reason.fault];
  }
}

export const swedish: Words = {
  language: 'Språk',
  error: 'Fel',
  skip: 'Gå till innehållet',
  signIn: 'Logga in',
  signInFor: (app) => `Logga in för ${app}`,
  login: 'Användarnamn',
  password: 'Lösenord',
  next: 'Nästa',
  cancel: 'Avbryt',
  beginAnew: 'Börja om',
  forgotten: 'Glömt lösenordet?',
  forgottenTitle: 'Nytt lösenord',
  forgottenText:
    'Skriv ditt användarnamn. Om det finns ett konto med det namnet skickar vi ett meddelande till mobilnumret som är registrerat på det.',
  forgottenDone:
    'Om det finns ett konto med det namnet har vi nu skickat ett meddelande till mobilnumret som är registrerat på det.',
  send: 'Skicka',
  codeTitle: 'Engångskod',
  codeByMessage: 'Vi har skickat en kod på sex siffror till din mobil. Den gäller i fem minuter.',
  codeByApp: 'Skriv koden på sex siffror som din autentiseringsapp visar nu.',
  code: 'Kod',
  sendAgain: 'Skicka en ny kod',
  sentAgain: 'En ny kod har skickats.',
  enrolTitle: 'Lägg till en autentiseringsapp',
  enrolText:
    'För att logga in behöver du en app på telefonen som visar engångskoder, till exempel en av dem som följer med telefonen.',
  enrolOpen: 'Öppna autentiseringsappen på den här enheten',
  enrolKey: 'Eller skriv den här nyckeln i appen:',
  enrolCode: 'Koden som appen visar nu',
  newPasswordTitle: 'Välj ditt eget lösenord',
  newPasswordText: 'Lösenordet som du fick skickat till dig kan bara användas för att välja ett nytt.',
  newPassword: 'Nytt lösenord',
  newPasswordAgain: 'Nytt lösenord en gång till',
  passwordRules: 'Minst 12 tecken. Flera ord efter varandra är säkrare och lättare att komma ihåg än särskilda tecken.',
  presentPassword: 'Nuvarande lösenord',
  roleTitle: 'Var arbetar du nu?',
  roleText: 'Du har flera roller. En används åt gången; du kan byta senare.',
  role: 'Roll',
  choose: 'Välj',
  recordTitle: 'Vilket sjukhus gäller det?',
  recordText: 'Flera sjukhus har registrerat dig. Du ser det som hör till ett i taget; du kan byta senare.',
  record: 'Sjukhus',
  recordUnnamed: 'Sjukhuset är inte angivet',
  account: 'Min sida',
  signedInAs: (login) => `Du är inloggad som ${login}.`,
  activeRole: 'Roll som används',
  noRole: 'Du har ingen roll än. En lokal koordinator måste godkänna din ansökan.',
  changeRole: 'Byt roll',
  changePassword: 'Byt lösenord',
  passwordChanged: 'Lösenordet är bytt. Du är utloggad på alla andra ställen.',
  openWork: 'Till arbetslistan',
  openForms: 'Till mina formulär',
  signOut: 'Logga ut',
  signOutEverywhere: 'Logga ut överallt',
  signedOut: 'Du är utloggad',
  signedOutText: 'Du kan stänga fönstret nu.',
  lost: 'Inloggningen är borta',
  lostText: 'Den tog för lång tid, eller slutfördes i ett annat fönster. Gå tillbaka till appen och börja om.',
  newUser: 'Ny användare',
  newUserText:
    'Fyll i formuläret för att ansöka om åtkomst. Den lokala koordinatorn på sjukhuset, eller registrets koordinator, godkänner ansökan. Då får du ett lösenord på mobilen.',
  given: 'Förnamn',
  family: 'Efternamn',
  mobile: 'Mobilnummer',
  mobileHint: 'Med landskod, till exempel +46700000000. Hit skickas lösenord och koder.',
  position: 'Befattning',
  region: 'Region',
  department: 'Avdelning',
  place: 'Register och sjukhus',
  roleWanted: 'Roll',
  localUser: 'Lokal användare (LU)',
  localCoordinator: 'Lokal koordinator (LC)',
  apply: 'Skicka ansökan',
  applied: 'Ansökan är skickad. Du får ett meddelande på mobilen när den är godkänd.',
  taken: 'Användarnamnet används redan. Välj ett annat.',
  incomplete:
    'Fyll i alla fält. Mobilnumret börjar med landskod; användarnamnet har bokstäver, siffror, punkt och bindestreck.',
  notSent: 'Ansökan kunde inte skickas. Försök igen senare.',
  refusal,
};
