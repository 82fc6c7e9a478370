import { type Words, wordOf } from './words.ts';

export const words: Words = {
  frame: {
    skip: 'Skip to content',
    menu: 'Menu',
    openMenu: 'Open the menu',
    closeMenu: 'Close the menu',
    language: 'Language',
    account: 'Role and account',
    signOut: 'Sign out',
    signIn: 'Sign in',
    noHospital: 'The whole registry',
    loading: 'Loading …',
  },
  menuGroup: { work: 'Registration', coordination: 'Coordination' },
  menu: {
    worklist: 'Worklist',
    patientForms: 'Patient forms',
    newCourse: 'New course',
    search: 'Patient search',
    delivered: 'Delivered',
    places: 'Departments and locations',
    access: 'Access',
    overview: 'Local overview',
    coverage: 'Coverage',
    reach: 'Patients not reached',
    bots: 'Parked tasks',
    system: 'System information',
    files: 'File archive',
  },
  role: (code) =>
    wordOf(
      {
        lu: 'Local user (LU)',
        lc: 'Local coordinator (LC)',
        sc: 'System coordinator (SC)',
        researcher: 'Researcher',
        operator: 'Operations',
      },
      code,
    ),
  day: { format: 'dd/mm/yyyy', choose: 'Choose in the calendar', wrong: 'Write the date as dd/mm/yyyy' },
  problem: {
    title: 'That did not work',
    unknown: 'Something went wrong. Try again; if it keeps happening, tell those who run Svar.',
    offline: 'The server cannot be reached. Check the network and try again.',
    retry: 'Try again',
    gone: 'It does not exist, or the role you are signed in with has no access to it.',
    forbidden: 'The role you are signed in with cannot do this.',
    throttled: 'Too many requests are coming now. Wait a minute and try again.',
    notFoundTitle: 'No such page',
    notFound: 'This address leads to no page here.',
    notForRoleTitle: 'Not for your role',
    notForRole:
      'The role you have signed in with has no access to this page. You can change role under “Role and account”.',
    notAtServerTitle: 'Not at this server',
    notAtServer:
      'The server that you are signed in to does not do this: it is Svar’s own, and no part of the FHIR standard.',
    patientTitle: 'This part is for staff',
    patient: 'You have signed in as a patient. Your forms are in the patient part.',
    toWorklist: 'To the worklist',
  },
};
