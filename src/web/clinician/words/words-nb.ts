import { type Words, wordOf } from './words.ts';

export const words: Words = {
  frame: {
    skip: 'Hopp til innholdet',
    menu: 'Meny',
    openMenu: 'Åpne menyen',
    closeMenu: 'Lukk menyen',
    language: 'Språk',
    account: 'Rolle og konto',
    signOut: 'Logg ut',
    signIn: 'Logg inn',
    noHospital: 'Hele registeret',
    loading: 'Henter …',
  },
  menuGroup: { work: 'Registrering', coordination: 'Koordinering' },
  menu: {
    worklist: 'Arbeidsliste',
    patientForms: 'Pasientregistreringer',
    newCourse: 'Ny registrering',
    search: 'Pasientsøk',
    delivered: 'Innleverte',
    places: 'Avdelinger og lokasjoner',
    access: 'Tilganger',
    overview: 'Lokal oversikt',
    coverage: 'Dekningsgrad',
    reach: 'Pasienter som ikke nås',
    bots: 'Stoppede oppgaver',
    system: 'Systeminfo',
    files: 'Filarkiv',
  },
  role: (code) =>
    wordOf(
      {
        lu: 'Lokal bruker (LU)',
        lc: 'Lokal koordinator (LC)',
        sc: 'Systemkoordinator (SC)',
        researcher: 'Forsker',
        operator: 'Drift',
      },
      code,
    ),
  day: { format: 'dd.mm.åååå', choose: 'Velg i kalenderen', wrong: 'Skriv datoen slik: dd.mm.åååå' },
  problem: {
    title: 'Det gikk ikke',
    unknown: 'Noe gikk galt. Prøv igjen; kommer det tilbake, si fra til dem som drifter Svar.',
    offline: 'Vi når ikke serveren. Sjekk nettet og prøv igjen.',
    retry: 'Prøv igjen',
    gone: 'Finnes ikke, eller rollen du er logget inn med, har ikke tilgang til det.',
    forbidden: 'Rollen du er logget inn med, kan ikke gjøre dette.',
    throttled: 'Det kommer for mange forespørsler nå. Vent et minutt og prøv igjen.',
    notFoundTitle: 'Siden finnes ikke',
    notFound: 'Adressen fører ikke til noen side her.',
    notForRoleTitle: 'Ikke for din rolle',
    notForRole:
      'Rollen du er logget inn med, har ikke tilgang til denne siden. Du kan bytte rolle under «Rolle og konto».',
    notAtServerTitle: 'Ikke på denne serveren',
    notAtServer:
      'Serveren du er logget inn på, gjør ikke dette: det er noe Svar har selv, og ikke en del av FHIR-standarden.',
    patientTitle: 'Denne delen er for ansatte',
    patient: 'Du er logget inn som pasient. Skjemaene dine finner du i pasientdelen.',
    toWorklist: 'Til arbeidslisten',
  },
};
