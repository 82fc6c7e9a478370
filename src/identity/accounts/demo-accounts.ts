import type { Accounts } from './accounts.ts';

/** The demo's people, all with the same password and without a second factor. Production refuses to start with any. */
export const DEMO_PASSWORD = 'demo';

/** Login name → who it is, of fhir/demo-people. */
export const DEMO_ACCOUNTS: Readonly<Record<string, string>> = {
  lu: 'Practitioner/demo-lu',
  lc: 'Practitioner/demo-lc',
  lu2: 'Practitioner/demo-lu2',
  sc: 'Practitioner/demo-sc',
  patient: 'Patient/demo-patient',
};

/** @param patient whom the login `patient` is; the demo's synthetic courses have one */
export async function addDemoAccounts(accounts: Accounts, patient?: string): Promise<void> {
  for (const [login, fhirUser] of Object.entries(DEMO_ACCOUNTS)) {
    const who = login === 'patient' ? (patient ?? fhirUser) : fhirUser;
    await accounts.addDemo({ login, fhirUser: who, password: DEMO_PASSWORD });
  }
}
