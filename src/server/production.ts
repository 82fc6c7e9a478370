import type { Settings } from '../runtime/settings.ts';

type Said = Pick<
  Settings,
  | 'production'
  | 'baseUrl'
  | 'secret'
  | 'tlsCertificate'
  | 'trustedProxies'
  | 'testClock'
  | 'patientApp'
  | 'corsOrigins'
  | 'channels'
  | 'contactRegister'
  | 'eprom'
>;

/**
 * What must be set where real patients are asked; looked at before anything is opened.
 *
 * @throws Error for the operator, one line a fault
 */
export function refuseUnfit(settings: Said): void {
  const { production, baseUrl, secret, tlsCertificate, trustedProxies, testClock, patientApp, corsOrigins } = settings;
  if (!production) return;
  const faults: string[] = [];
  if (secret === undefined) {
    faults.push('SVAR_SECRET is needed, the same for all processes: openssl rand -base64 32 makes one.');
  }
  if (baseUrl?.startsWith('https:') !== true) {
    faults.push('SVAR_BASE_URL must be https: passwords and patient data go over it.');
  }
  if (tlsCertificate === undefined && trustedProxies.length === 0) {
    faults.push('Set SVAR_TLS_CERTIFICATE and SVAR_TLS_KEY, or SVAR_TRUSTED_PROXIES to the proxy that speaks https.');
  }
  if (testClock !== undefined) {
    faults.push(
      'SVAR_TEST_CLOCK is for tests: whoever reaches the server could move the time by which patients are asked.',
    );
  }
  if (patientApp !== undefined && !patientApp.startsWith('https:')) {
    faults.push('SVAR_PATIENT_APP must be https: patients answer there.');
  }
  if (corsOrigins.some((origin) => !origin.startsWith('https:'))) {
    faults.push('SVAR_CORS_ORIGINS must be https: whoever changes such a page on its way reads what it reads.');
  }
  faults.push(...channelFaults(settings));
  if (faults.length > 0) throw new Error(`This is not fit for production:\n${faults.join('\n')}`);
}

/** Notices must not pile up in a folder that nobody empties, and nobody is written to before a register was asked. */
function channelFaults({ channels, contactRegister, eprom }: Said): string[] {
  const names = Object.keys(Object(channels));
  const faults: string[] = [];
  if (names.length === 0 && eprom === undefined) {
    faults.push(
      'SVAR_CHANNELS is needed: how notices reach patients; {"spool": {}} for files that your own gateway takes.',
    );
  }
  if (names.some((name) => name !== 'spool') && contactRegister === undefined) {
    faults.push('SVAR_CONTACT_REGISTER is needed: it is asked whether and how a patient may be written to.');
  }
  return faults;
}

/**
 * The accounts of the demo must not be where real patients are asked.
 *
 * @param demoLogins login names of those that the database holds
 * @throws Error for the operator
 */
export function refuseDemoAccounts({ production }: Pick<Settings, 'production'>, demoLogins: readonly string[]): void {
  if (!production || demoLogins.length === 0) return;
  const names = demoLogins.join(', ');
  throw new Error(
    `This is not fit for production: the database has accounts of the demo, whose password everybody knows (${names}). Use another database.`,
  );
}
