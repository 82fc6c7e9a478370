import type pg from 'pg';
import type { Account } from '../identity/accounts/account.ts';
import { Accounts, type NewAccount } from '../identity/accounts/accounts.ts';
import { Failures } from '../identity/accounts/failures.ts';
import { passwords } from '../identity/accounts/password.ts';
import { Sessions } from '../identity/accounts/sessions.ts';
import { endGrants } from '../identity/oauth/grants.ts';
import { realClock } from '../model/clock.ts';
import { FhirError } from '../model/issue.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { Settings } from '../runtime/settings.ts';

/** What an operator does with accounts, beside servers that run on the same database. */
export interface AccountDesk {
  add(given: NewAccount): Promise<{ readonly temporary: string }>;
  list(): Promise<readonly Account[]>;
  lock(login: string): Promise<void>;
  unlock(login: string): Promise<void>;
  /** @returns a first password, to be handed over */
  resetPassword(login: string): Promise<string>;
}

/** Each of its functions rejects with words for the operator where there is no such account. */
export function accountDesk(
  pool: pg.Pool,
  secrets: Secrets,
  { sessionIdleMinutes, sessionHours }: Pick<Settings, 'sessionIdleMinutes' | 'sessionHours'>,
): AccountDesk {
  const times = { idle_ms: sessionIdleMinutes * 60_000, longest_ms: sessionHours * 3_600_000 };
  const sessions = new Sessions(pool, realClock, times, (which, how) => endGrants(pool, which, how));
  const accounts = new Accounts({ pool, secrets, sessions, clock: realClock, passwords: passwords() });
  const failures = new Failures(pool, realClock, secrets);
  const known = async (login: string): Promise<Account> => {
    const account = await accounts.named(login);
    if (account === undefined) throw new Error(`There is no account ${login}; account list tells those that are.`);
    return account;
  };
  return {
    async add(given) {
      return accounts.add(given).catch((problem: unknown) => {
        throw problem instanceof FhirError ? new Error(problem.message) : problem;
      });
    },
    list: () => accounts.list(),
    async lock(login) {
      await accounts.setState((await known(login)).id, 'locked');
    },
    async unlock(login) {
      await accounts.setState((await known(login)).id, 'active');
      await failures.forget(login, 'password', 'second factor');
    },
    async resetPassword(login) {
      const { id } = await known(login);
      const temporary = await accounts.temporaryPassword(id, { anew: true });
      await failures.forget(login, 'password', 'second factor');
      return temporary;
    },
  };
}
