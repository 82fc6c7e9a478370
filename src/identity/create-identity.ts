import type { IncomingMessage } from 'node:http';
import type { Resource } from '@medplum/fhirtypes';
import express, { type Router } from 'express';
import type pg from 'pg';
import { scopeFaults } from '../access/scopes.ts';
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
import { openTo, Sessions, type SessionTimes } from './accounts/sessions.ts';
import { SignIn } from './accounts/sign-in.ts';
import { Tickets } from './accounts/tickets.ts';
import { welcomeNewUsers } from './accounts/welcome.ts';
import { type CallerOf, createCallerOf, DECIDING_TYPES } from './caller-of.ts';
import { createFederation, type FederationSettings } from './create-federation.ts';
import { type Identify, identifier } from './identify.ts';
import type { Identity } from './identity.ts';
import { limitedByAddress } from './limited-by-address.ts';
import { medplumRoutes } from './medplum/routes.ts';
import {
  type AuthorizationServer,
  type AuthorizationServerParts,
  createAuthorizationServer,
} from './oauth/authorization-server.ts';
import { OWN_CLIENT } from './oauth/built-in-clients.ts';
import { endGrants } from './oauth/grants.ts';
import { workplaces } from './pages/new-user-page.ts';
import { signInPages } from './pages/pages.ts';
import { patientAccess } from './patient-access.ts';
import { nameOf } from './person-name.ts';
import { recordChoices } from './record-choices.ts';
import { type Memory, remembered } from './remembered.ts';
import { roleChoices } from './role-choices.ts';
import { rowConditions } from './row-conditions.ts';
import { type Standing, standing } from './standing.ts';
import { storedResources } from './stored.ts';
import { Unauthenticated } from './unauthenticated.ts';

export interface IdentitySettings {
  /** Of the server, as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
  /** Where FHIR is below it, as `/fhir/R4`. */
  readonly fhirPath: string;
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
  /** Asks FHIR as somebody, audited. @param path below the FHIR base, with its query */
  readonly ask: Ask;
  /** Fetches what OAuth clients publish, from allowed origins only. */
  readonly fetch: AuthorizationServerParts['fetch'];
  readonly messenger: Messenger;
  readonly settings: IdentitySettings;
  /** From which address a request comes. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly log: IdentityLog;
  /** Somebody was turned away, with a wrong password, code, secret or token for signing in: the audit counts them. */
  readonly refused: () => void;
  /** Identity providers and personal links; none where not given. */
  readonly federation?: FederationSettings;
}

export interface IdentityLog {
  info(details: object, message: string): void;
  warn(message: string): void;
  error(details: object, message: string): void;
}

/** GET, or POST of a resource, as somebody. @returns the answer; undefined where it was refused or is not there */
export type Ask = (caller: Caller, path: string, body?: Resource) => Promise<Resource | undefined>;

/** Everything by which people and systems show who they are. */
export interface IdentityServer {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly failures: Failures;
  readonly identify: Identify;
  /** Who makes a request, as a caller. @throws FhirError 401 */
  readonly callerOf: (request: IncomingMessage) => Promise<Caller>;
  readonly callerOfIdentity: CallerOf;
  readonly authorizationServer: AuthorizationServer;
  /** For what is kept open beyond a request. */
  readonly standing: Standing;
  /** Sends first passwords to those whose applications were approved; to be called now and then. */
  readonly welcome: () => Promise<void>;
  /** Pages and endpoints of sign-in; to be mounted at the root, before FHIR: two of them are below FHIR's base. */
  readonly router: Router;
}

/** Who has not signed in: sees what every server tells of itself, and nothing else. */
const nobody: Caller = { name: 'nobody', kind: 'client', access: 'none' };

/** Sign-in keeps the machine's time, whatever a test clock says. */
export async function createIdentity(parts: IdentityParts): Promise<IdentityServer> {
  const { pool, secrets, engine, settings, messenger } = parts;
  const clock = realClock;
  const { origin, protocol } = new URL(settings.baseUrl);
  const cookies = signInCookies({ secure: protocol === 'https:' });
  const sessions = new Sessions(pool, clock, settings.sessionTimes, (which, how) => endGrants(pool, which, how));
  const hashes = passwords(settings.hashCost);
  const accounts = new Accounts({ pool, clock, secrets, passwords: hashes, sessions });
  const failures = new Failures(pool, clock, secrets);
  const limits = rateLimits(pool, secrets);
  const rolesOf = roleChoices({ engine, now: () => clock.now(), zone: settings.zone });
  const signIn = new SignIn({
    ...{ clock, secrets, accounts, sessions, failures, messenger, rolesOf },
    passwords: hashes,
    limits,
    tickets: new Tickets(pool, clock),
    secondFactor: settings.secondFactor,
    observe(outcome, account) {
      parts.log.info({ outcome, ...(account !== undefined && { account }) }, 'a sign-in');
      if (outcome !== 'signed-in') parts.refused();
    },
  });
  const late: { identify?: Identify } = {};
  const people = patientAccess(parts.ask, (identity) => callerOfIdentity(identity));
  const authorizationServer = createAuthorizationServer({
    ...{ db: pool, secrets, clock, log: parts.log, fetch: parts.fetch, baseUrl: settings.baseUrl },
    fhirBase: settings.baseUrl + settings.fhirPath,
    demo: !settings.production,
    scopeFaults: (scopes) => scopeFaults(scopes, rowConditions(engine)),
    choice: people,
    nameOf: (reference) => nameOf(storedResources(engine), reference),
    refused: parts.refused,
    sessionStands: (session) => sessions.stands(session),
    identify: async (request) => late.identify?.(request),
    addressOf: parts.addressOf,
  });
  const client = authorizationServer.clientRegistration;
  const callerOfIdentity = rememberedCallers(
    createCallerOf({
      ...{ engine, client, production: settings.production, zone: settings.zone, warn: (text) => parts.log.warn(text) },
      now: () => clock.now(),
      defaults: settings,
    }),
    { now: () => clock.now().getTime(), state: () => engine.commitsOf(DECIDING_TYPES) },
  );
  const { verifyAccessToken, issueCode } = authorizationServer;
  const identify = identifier({ sessions, cookies, client, origin, verifyAccessToken });
  late.identify = identify;

  const loginOf = async (subject: string) => (await accounts.find(subject))?.login;
  const notSent = (err: unknown): void => parts.log.error({ err }, 'a message of sign-in was not sent');
  const recordsOf = recordChoices(engine);
  const common = { signIn, sessions, cookies, rolesOf, recordsOf, addressOf: parts.addressOf, notSent };
  const router = express.Router();
  const open = ['/auth', '/sign-in', '/account', '/l', '/order', `${settings.fhirPath}/$graphql`];
  router.use(open, limitedByAddress(parts.addressOf));
  router.use(
    medplumRoutes({
      ...{ ...common, identify, issueCode, fhirPath: settings.fhirPath, callerOf: callerOfIdentity },
      readAs: (caller, reference) => parts.ask(caller, reference),
      parameters: () => engine.definitions().parameters,
    }),
  );
  router.use(authorizationServer.router);
  const federation =
    parts.federation &&
    (await createFederation({
      ...{
        ...parts.federation,
        pool,
        secrets,
        engine,
        sessions,
        cookies,
        limits,
        identify,
        log: parts.log,
        refused: parts.refused,
      },
      ...{ baseUrl: settings.baseUrl, production: settings.production, zone: settings.zone },
      rolesOf: async (session) => openTo(session, await rolesOf(session.fhirUser ?? '')),
      recordsOf,
      addressOf: parts.addressOf,
    }));
  if (federation !== undefined) router.use(federation.router);
  const { choices, signOutAddress } = federation ?? {};
  const offered = { ...(choices && { choices }), ...(signOutAddress && { signOutAddress }) };
  const applying = {
    ...{ accounts, limits, ask: parts.ask },
    places: remembered(() => workplaces(storedResources(engine)), {
      ms: WORKPLACES_MS,
      now: () => clock.now().getTime(),
    }),
    newcomer: (fhirUser: string) => callerOfIdentity(newcomer(fhirUser)),
  };
  router.use(signInPages({ ...common, ...offered, ...applying, loginOf, interactions: authorizationServer }, origin));
  return {
    ...{ accounts, sessions, signIn, failures, identify, callerOfIdentity, authorizationServer, router },
    standing: standing({ db: pool, sessions, clock }),
    welcome: () => welcomeNewUsers(accounts, messenger, rolesOf),
    async callerOf(request) {
      const identity = await identify(request);
      if (identity !== undefined) return callerOfIdentity(identity);
      if (isForEverybody(request)) return nobody;
      throw new Unauthenticated();
    },
  };
}

/** The form for new users is open to everybody, and what it offers takes hundreds of reads. */
const WORKPLACES_MS = 10_000;
/** For how long somebody is taken for the caller that they were: the rules of a policy take longer to make than a read. */
const CALLER_MS = 500;
const CALLERS_MAX = 10_000;

/** A sitting that a link opened is looked at each time: an order is useless from the moment of its submission. */
function rememberedCallers(callerOf: CallerOf, memory: Pick<Memory, 'now' | 'state'>): CallerOf {
  const known = remembered((identity) => callerOf(JSON.parse(identity) as Identity), {
    ...{ ...memory, ms: CALLER_MS, max: CALLERS_MAX },
  });
  return (identity) => (identity.order === undefined ? known(JSON.stringify(identity)) : callerOf(identity));
}

/** Somebody who applies for their first role: has shown nothing yet, and may do nothing else. */
function newcomer(fhirUser: string): Identity {
  return { kind: 'person', subject: fhirUser, client: OWN_CLIENT, fhirUser, strength: 'link', session: 'application' };
}

/** What is told to who has not signed in: how to, and what the server can do. @param request its path below the mount */
function isForEverybody({ method, url = '' }: IncomingMessage): boolean {
  const path = url.split('?', 1)[0];
  return (method === 'GET' || method === 'HEAD') && (path === '/metadata' || path === '/metadata/');
}
