import type { RefusalReason } from '../accounts/refusal.ts';
import { waitText } from './wait-text.ts';
import type { Words } from './words.ts';

const passwords = {
  short: 'The password is too short: at least 12 characters.',
  long: 'The password is too long: at most 128 characters.',
  name: 'The password must not be built on the user name.',
  simple: 'The password is too easy to guess. Use several words in a row, for example.',
  same: 'The new password must be another one than the old.',
  differ: 'The two new passwords are not the same.',
} as const;

function refusal(reason: RefusalReason): string {
  switch (reason.kind) {
    case 'credentials':
      return 'The user name or the password is wrong.';
    case 'wait':
      return reason.wait_ms === undefined
        ? 'There were too many attempts in a row. Contact your local coordinator to open the account again.'
        : `There were too many attempts. Try again in ${waitText(
            reason.wait_ms,
            (n) => `${n} seconds`,
            (n) => `${n} minutes`,
          )}.`;
    case 'locked':
      return 'The account is locked. Contact your local coordinator.';
    case 'code':
      return 'The code is wrong, was used before or has run out. Try again.';
    case 'ended':
      return 'The sign-in took too long, or there were too many wrong codes. Begin again.';
    case 'password':
      return passwords[reason.fault];
  }
}

export const english: Words = {
  language: 'Language',
  error: 'Error',
  skip: 'Skip to the content',
  signIn: 'Sign in',
  signInFor: (app) => `Sign in for ${app}`,
  login: 'User name',
  password: 'Password',
  next: 'Next',
  cancel: 'Cancel',
  beginAnew: 'Begin again',
  forgotten: 'Forgotten your password?',
  forgottenTitle: 'New password',
  forgottenText:
    'Type your user name. If there is an account of this name, we send a message to the mobile number that is registered for it.',
  forgottenDone:
    'If there is an account of this name, we have now sent a message to the mobile number that is registered for it.',
  send: 'Send',
  codeTitle: 'One-time code',
  codeByMessage: 'We have sent a code of six digits to your telephone. It lasts for five minutes.',
  codeByApp: 'Type the code of six digits that your authenticator app shows now.',
  code: 'Code',
  sendAgain: 'Send a new code',
  sentAgain: 'A new code has been sent.',
  enrolTitle: 'Add an authenticator app',
  enrolText:
    'To sign in you need an app on your telephone that shows one-time codes, for example one that came with the telephone.',
  enrolOpen: 'Open the authenticator app on this device',
  enrolKey: 'Or type this key into the app:',
  enrolCode: 'The code that the app shows now',
  newPasswordTitle: 'Choose a password of your own',
  newPasswordText: 'The password that was sent to you can only be used to choose a new one.',
  newPassword: 'New password',
  newPasswordAgain: 'New password once more',
  passwordRules:
    'At least 12 characters. Several words in a row are safer and easier to remember than special characters.',
  presentPassword: 'Present password',
  roleTitle: 'Where do you work now?',
  roleText: 'You hold several roles. One is in use at a time; you can change it later.',
  role: 'Role',
  choose: 'Choose',
  recordTitle: 'Which hospital is it about?',
  recordText: 'Several hospitals have registered you. You see what belongs to one at a time; you can change it later.',
  record: 'Hospital',
  recordUnnamed: 'The hospital is not given',
  account: 'My page',
  signedInAs: (login) => `You are signed in as ${login}.`,
  activeRole: 'Role in use',
  noRole: 'You hold no role yet. A local coordinator has to approve your application.',
  changeRole: 'Change role',
  changePassword: 'Change password',
  passwordChanged: 'The password is changed. You are signed out everywhere else.',
  openWork: 'To the worklist',
  openForms: 'To my forms',
  signOut: 'Sign out',
  signOutEverywhere: 'Sign out everywhere',
  signedOut: 'You are signed out',
  signedOutText: 'You can close the window now.',
  lost: 'The sign-in is gone',
  lostText: 'It took too long, or was completed in another window. Go back to the app and begin again.',
  newUser: 'New user',
  newUserText:
    'Fill in the form to apply for access. The local coordinator of the hospital, or the coordinator of the registry, approves it. Then you get a password on your telephone.',
  given: 'Given name',
  family: 'Family name',
  mobile: 'Mobile number',
  mobileHint: 'With its country code, such as +4790000000. Passwords and codes are sent there.',
  position: 'Position',
  region: 'Region',
  department: 'Department',
  place: 'Registry and hospital',
  roleWanted: 'Role',
  localUser: 'Local user (LU)',
  localCoordinator: 'Local coordinator (LC)',
  apply: 'Send the application',
  applied: 'The application is sent. You get a message on your telephone when it is approved.',
  taken: 'This user name is in use. Choose another one.',
  incomplete:
    'Fill in every field. The mobile number begins with its country code; the user name has letters, digits, dots and hyphens.',
  notSent: 'The application could not be sent. Try again later.',
  refusal,
};
