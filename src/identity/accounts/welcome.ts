import type { Accounts } from './accounts.ts';
import type { Messenger } from './messenger.ts';
import type { RoleChoice } from './sign-in-step.ts';

/**
 * Sends a first password to everybody whose application was approved since: whose account waits and who holds a role now.
 * Done again and again, by any process; a message goes out once.
 */
export async function welcomeNewUsers(
  accounts: Accounts,
  messenger: Messenger,
  rolesOf: (fhirUser: string) => Promise<readonly RoleChoice[]>,
): Promise<void> {
  for (const { id, fhirUser } of await accounts.waiting()) {
    if ((await rolesOf(fhirUser)).length === 0) continue;
    const to = await accounts.mobileOf(id);
    const password = to === undefined ? undefined : await accounts.welcome(id);
    if (to === undefined || password === undefined) continue;
    await messenger.send({ to, language: 'nb', content: { kind: 'password', password } });
  }
}
