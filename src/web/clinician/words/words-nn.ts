import { type Words, wordOf } from './words.ts';

export const words: Words = {
  frame: {
    skip: 'Hopp til innhaldet',
    menu: 'Meny',
    openMenu: 'Opne menyen',
    closeMenu: 'Lukk menyen',
    language: 'Språk',
    account: 'Rolle og konto',
    signOut: 'Logg ut',
    signIn: 'Logg inn',
    noHospital: 'Heile registeret',
    loading: 'Hentar …',
  },
  menuGroup: { work: 'Registrering', coordination: 'Koordinering' },
  menu: {
    worklist: 'Arbeidsliste',
    patientForms: 'Pasientregistreringar',
    newCourse: 'Ny registrering',
    search: 'Pasientsøk',
    delivered: 'Innleverte',
    places: 'Avdelingar og lokasjonar',
    access: 'Tilgangar',
    overview: 'Lokal oversikt',
    coverage: 'Dekningsgrad',
    reach: 'Pasientar som ikkje blir nådde',
    bots: 'Stoppa oppgåver',
    system: 'Systeminfo',
    files: 'Filarkiv',
  },
  role: (code) =>
    wordOf(
      {
        lu: 'Lokal brukar (LU)',
        lc: 'Lokal koordinator (LC)',
        sc: 'Systemkoordinator (SC)',
        researcher: 'Forskar',
        operator: 'Drift',
      },
      code,
    ),
  day: { format: 'dd.mm.åååå', choose: 'Vel i kalenderen', wrong: 'Skriv datoen slik: dd.mm.åååå' },
  problem: {
    title: 'Det gjekk ikkje',
    unknown: 'Noko gjekk gale. Prøv igjen; kjem det tilbake, sei frå til dei som driftar Svar.',
    offline: 'Vi når ikkje tenaren. Sjekk nettet og prøv igjen.',
    retry: 'Prøv igjen',
    gone: 'Finst ikkje, eller rolla du er logga inn med, har ikkje tilgang til det.',
    forbidden: 'Rolla du er logga inn med, kan ikkje gjere dette.',
    throttled: 'Det kjem for mange førespurnader no. Vent eit minutt og prøv igjen.',
    notFoundTitle: 'Sida finst ikkje',
    notFound: 'Adressa fører ikkje til noka side her.',
    notForRoleTitle: 'Ikkje for rolla di',
    notForRole:
      'Rolla du er logga inn med, har ikkje tilgang til denne sida. Du kan byte rolle under «Rolle og konto».',
    notAtServerTitle: 'Ikkje på denne tenaren',
    notAtServer:
      'Tenaren du er logga inn på, gjer ikkje dette: det er noko Svar har sjølv, og ikkje ein del av FHIR-standarden.',
    patientTitle: 'Denne delen er for tilsette',
    patient: 'Du er logga inn som pasient. Skjemaa dine finn du i pasientdelen.',
    toWorklist: 'Til arbeidslista',
  },
};
