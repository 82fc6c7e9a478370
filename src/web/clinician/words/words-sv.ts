import { type Words, wordOf } from './words.ts';

export const words: Words = {
  frame: {
    skip: 'Hoppa till innehållet',
    menu: 'Meny',
    openMenu: 'Öppna menyn',
    closeMenu: 'Stäng menyn',
    language: 'Språk',
    account: 'Roll och konto',
    signOut: 'Logga ut',
    signIn: 'Logga in',
    noHospital: 'Hela registret',
    loading: 'Hämtar …',
  },
  menuGroup: { work: 'Registrering', coordination: 'Samordning' },
  menu: {
    worklist: 'Arbetslista',
    patientForms: 'Patientregistreringar',
    newCourse: 'Ny registrering',
    search: 'Patientsökning',
    delivered: 'Inlämnade',
    places: 'Avdelningar och platser',
    access: 'Behörigheter',
    overview: 'Lokal översikt',
    coverage: 'Täckningsgrad',
    reach: 'Patienter som inte nås',
    bots: 'Stoppade uppgifter',
    system: 'Systeminfo',
    files: 'Filarkiv',
  },
  role: (code) =>
    wordOf(
      {
        lu: 'Lokal användare (LU)',
        lc: 'Lokal koordinator (LC)',
        sc: 'Systemkoordinator (SC)',
        researcher: 'Forskare',
        operator: 'Drift',
      },
      code,
    ),
  day: { format: 'åååå-mm-dd', choose: 'Välj i kalendern', wrong: 'Skriv datumet så här: åååå-mm-dd' },
  problem: {
    title: 'Det gick inte',
    unknown: 'Något gick fel. Försök igen; om det händer igen, säg till dem som driver Svar.',
    offline: 'Vi når inte servern. Kontrollera nätet och försök igen.',
    retry: 'Försök igen',
    gone: 'Finns inte, eller så har rollen du är inloggad med inte åtkomst till det.',
    forbidden: 'Rollen du är inloggad med kan inte göra detta.',
    throttled: 'Det kommer för många förfrågningar just nu. Vänta en minut och försök igen.',
    notFoundTitle: 'Sidan finns inte',
    notFound: 'Adressen leder inte till någon sida här.',
    notForRoleTitle: 'Inte för din roll',
    notForRole:
      'Rollen du är inloggad med har inte tillgång till den här sidan. Du kan byta roll under ”Roll och konto”.',
    notAtServerTitle: 'Inte på den här servern',
    notAtServer:
      'Servern du är inloggad på gör inte detta: det är något som Svar har själv, och inte en del av FHIR-standarden.',
    patientTitle: 'Den här delen är för personal',
    patient: 'Du är inloggad som patient. Dina formulär finns i patientdelen.',
    toWorklist: 'Till arbetslistan',
  },
};
