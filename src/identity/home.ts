/** Where the apps are, which src/apps serves. */
export const PATIENT_APP = '/patient/';
export const CLINICIAN_APP = '/clinician/';
/** Where people get who came for nothing in particular; it leads each to the app that is theirs. */
export const HOME = '/';
/** The page about one's sign-in: roles, records, password, sign out. */
export const ACCOUNT = '/account';
