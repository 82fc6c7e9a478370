import type { IncomingMessage } from 'node:http';
import express, { type Router } from 'express';
import type pg from 'pg';
import type { Engine } from '../interactions/engine.ts';
import type { Caller } from '../model/caller.ts';
import { realClock } from '../model/clock.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { Accounts } from './accounts/accounts.ts';
import { signInCookies } from './accounts/cookies.ts';
import { Failures } from './accounts/failures.ts';
import type { Messenger } from './accounts/messenger.ts';
import { type HashCost, passwords } from './accounts/password.ts';
import { rateLimits } from './accounts/rate-limits.ts';
import { Sessions, type SessionTimes } from './accounts/sessions.ts';
import { SignIn } from './accounts/sign-in.ts';
import { Tickets } from './accounts/tickets.ts';
import { createCallerOf } from './caller-of.ts';
import { type Identify, identifier } from './identify.ts';
import { builtInClients } from './oauth/built-in-clients.ts';
import { clientDirectory } from './oauth/client-directory.ts';
import { endGrants } from './oauth/grants.ts';
import { signInPages } from './pages/pages.ts';
import { roleChoices } from './role-choices.ts';
import { Unauthenticated } from './unauthenticated.ts';

export interface IdentitySettings {
  /** Of the server, as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
  readonly production: boolean;
  /** Whether everybody with an account must have a second factor; the demo's accounts need none. */
  readonly secondFactor: boolean;
  readonly sessionTimes: SessionTimes;
  /** OWASP's where not given. */
  readonly hashCost?: HashCost;
  readonly zone: string;
  readonly openReferences: boolean;
  readonly lenientSearch: boolean;
}

export interface IdentityParts {
  readonly pool: pg.Pool;
  readonly secrets: Secrets;
  readonly engine: Engine;
  readonly messenger: Messenger;
  readonly settings: IdentitySettings;
  /** From which address a request comes. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Tells the operator of what is refused. */
  readonly warn: (text: string) => void;
}

/** Everything by which people and systems show who they are. */
export interface IdentityServer {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly failures: Failures;
  readonly identify: Identify;
  /** Who makes a request, as a caller. @throws FhirError 401 */
  readonly callerOf: (request: IncomingMessage) => Promise<Caller>;
  /** Pages and endpoints of sign-in; to be mounted at the root. */
  readonly router: Router;
}

/** Who has not signed in: sees what every server tells of itself, and nothing else. */
const nobody: Caller = { name: 'nobody', kind: 'client', access: 'none' };

/** Sign-in keeps the machine's time, whatever a test clock says. */
export async function createIdentity(parts: IdentityParts): Promise<IdentityServer> {
  const { pool, secrets, engine, settings, messenger } = parts;
  const clock = realClock;
  const now = (): number => clock.now().getTime();
  const { origin, protocol } = new URL(settings.baseUrl);
  const cookies = signInCookies({ secure: protocol === 'https:' });
  const client = clientDirectory(pool, builtInClients({ demo: !settings.production, baseUrl: settings.baseUrl }), now);
  const sessions = new Sessions(pool, clock, settings.sessionTimes, (which, how) => endGrants(pool, which, how));
  const hashes = passwords(settings.hashCost);
  const accounts = new Accounts({ pool, clock, secrets, passwords: hashes, sessions });
  const failures = new Failures(pool, clock, secrets);
  const rolesOf = roleChoices({ engine, now: () => clock.now(), zone: settings.zone });
  const signIn = new SignIn({
    ...{ clock, secrets, accounts, sessions, failures, messenger, rolesOf },
    passwords: hashes,
    limits: rateLimits(pool, secrets),
    tickets: new Tickets(pool, clock),
    secondFactor: settings.secondFactor,
  });
  const identify = identifier({
    ...{ sessions, cookies, client, origin },
    verifyAccessToken: async () => {
      throw new Unauthenticated();
    },
  });
  const callerOfIdentity = createCallerOf({
    ...{ engine, client, zone: settings.zone, warn: parts.warn },
    now: () => clock.now(),
    defaults: settings,
  });
  const loginOf = async (subject: string) => (await accounts.find(subject))?.login;
  const router = express.Router();
  const pages = { signIn, sessions, cookies, rolesOf, loginOf, addressOf: parts.addressOf };
  router.use(signInPages(pages, origin));
  return {
    ...{ accounts, sessions, signIn, failures, identify, router },
    async callerOf(request) {
      const identity = await identify(request);
      if (identity !== undefined) return callerOfIdentity(identity);
      if (isForEverybody(request)) return nobody;
      throw new Unauthenticated();
    },
  };
}

/** What is told to who has not signed in: how to, and what the server can do. @param request its path below the mount */
function isForEverybody({ method, url = '' }: IncomingMessage): boolean {
  const path = url.split('?', 1)[0];
  return (method === 'GET' || method === 'HEAD') && (path === '/metadata' || path === '/metadata/');
}
