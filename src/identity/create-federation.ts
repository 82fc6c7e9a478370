import { randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import type pg from 'pg';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import type { Engine } from '../interactions/engine.ts';
import { realClock } from '../model/clock.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { SignInCookies } from './accounts/cookies.ts';
import type { RateLimits } from './accounts/rate-limits.ts';
import type { Session, Sessions } from './accounts/sessions.ts';
import type { RoleChoice } from './accounts/sign-in-step.ts';
import { PATIENT_APP } from './home.ts';
import type { Identify } from './identify.ts';
import { OrderLinks } from './links/order-links.ts';
import { type LinkOutcome, linkedPatient, linkRouter } from './links/router.ts';
import type { PageLanguage } from './pages/language.ts';
import { readerLanguage } from './pages/page-answer.ts';
import type { RecordChoice } from './record-choices.ts';
import { storedResources } from './stored.ts';
import { Unauthenticated } from './unauthenticated.ts';
import { choiceRouter } from './upstream/choice-router.ts';
import type { IdentityProvider } from './upstream/identity-provider.ts';
import { upstreamRouter } from './upstream/router.ts';
import { Upstream, type UpstreamChoice } from './upstream/upstream.ts';
import type { RefusalReason } from './upstream/upstream-refused.ts';

export interface FederationSettings {
  readonly providers: readonly IdentityProvider[];
  /** May ask the origins of the providers. */
  readonly guarded: GuardedFetch;
  /** Another app than ours in which patients answer, to which personal links lead. */
  readonly patientApp: string | undefined;
  /** The time that orders live by, a test clock's too. */
  readonly orderTime: () => Promise<Date>;
}

export interface FederationParts extends FederationSettings {
  readonly pool: pg.Pool;
  readonly secrets: Secrets;
  readonly engine: Engine;
  readonly sessions: Sessions;
  readonly cookies: SignInCookies;
  readonly limits: RateLimits;
  readonly identify: Identify;
  readonly rolesOf: (session: Session) => Promise<readonly RoleChoice[]>;
  readonly recordsOf: (session: Session) => Promise<readonly RecordChoice[]>;
  readonly addressOf: (request: Request) => string;
  readonly baseUrl: string;
  readonly production: boolean;
  readonly zone: string;
  readonly log: FederationLog;
  /** Somebody was turned away: the audit counts them. */
  readonly refused: () => void;
}

export interface FederationLog {
  info(details: object, message: string): void;
}

/** Identity providers and personal links, to be mounted at the root. */
export interface Federation {
  readonly router: Router;
  /** The buttons of the sign-in page. */
  readonly choices: (language: PageLanguage) => readonly UpstreamChoice[];
  /** Where a session that has ended signs out at its provider too; undefined where it came another way. */
  readonly signOutAddress: (session: Session) => Promise<string | undefined>;
}

const BEGUN_BY_ADDRESS = { name: 'sign-ins at providers by address', times: 200, within_s: 300 };
const LINKS_BY_ADDRESS = { name: 'wrong personal links by address', times: 100, within_s: 60 };
const SIGNED_OUT = '/signed-out';
/** What somebody comes to who may not come in; the rest is that something is away, or over. */
const TURNED_AWAY: readonly (RefusalReason | LinkOutcome | 'signed-in')[] = [
  'lost',
  'not-trusted',
  'too-weak',
  'unknown-person',
  'no-role',
  'unknown',
  'other-person',
  'too-many',
];

/** @throws Error for the operator where a provider's key cannot be used */
export async function createFederation(parts: FederationParts): Promise<Federation> {
  const { baseUrl, cookies, sessions, limits, engine, identify, log, addressOf } = parts;
  const { origin, protocol } = new URL(baseUrl);
  const secure = protocol === 'https:';
  const stored = storedResources(engine);
  const upstream = await Upstream.open({
    ...{ providers: parts.providers, db: parts.pool, secrets: parts.secrets, guarded: parts.guarded, baseUrl },
    ...{ clock: realClock, stored, now: () => realClock.now(), zone: parts.zone },
  });
  const languageOf = (request: Request): PageLanguage => readerLanguage(request, cookies.language(request));
  const sessionOf = (request: Request): Promise<Session | undefined> => {
    const cookie = cookies.session(request);
    return cookie === undefined ? Promise.resolve(undefined) : sessions.ofCookie(cookie);
  };
  const router = express.Router();
  const { rolesOf, recordsOf } = parts;
  router.use(choiceRouter({ sessions, cookies, sessionOf, rolesOf, recordsOf, languageOf, origin }));
  const linked = {
    ...{ stored, orderTime: parts.orderTime, production: parts.production, secure },
    links: new OrderLinks(parts.pool, realClock),
  };
  router.use(
    upstreamRouter({
      ...{ upstream, languageOf, secure },
      async startSession(_request, response, { roles, ...person }) {
        const handle = randomUUID();
        const only = roles?.length === 1 ? { role: roles[0] ?? '' } : {};
        const owner = { ...person, ...(roles !== undefined && { roles }), ...only, upstream: handle };
        response.append('set-cookie', cookies.setSession((await sessions.begin(owner)).cookie));
        return handle;
      },
      linkedPatient: (request) => linkedPatient(request, linked),
      exceeded: async (request) => (await limits.exceeded(BEGUN_BY_ADDRESS, addressOf(request))) !== undefined,
      observe(provider, outcome, detail) {
        log.info({ provider, outcome, detail }, 'a sign-in at an identity provider');
        if (TURNED_AWAY.includes(outcome)) parts.refused();
      },
    }),
  );
  router.use(
    linkRouter({
      ...linked,
      ...{ patientApp: parts.patientApp ?? PATIENT_APP, languageOf, languageCookie: cookies.setLanguage, origin },
      async startSession(_request: Request, response: Response, holder) {
        response.append('set-cookie', cookies.setSession((await sessions.begin(holder)).cookie));
      },
      async endSession(request, response) {
        const session = await sessionOf(request);
        if (session !== undefined) await sessions.revoke(session.id);
        response.append('set-cookie', cookies.setSession(undefined));
      },
      async identify(request) {
        // who comes from another site, or with a header that does not hold, is nobody here
        return identify(request).catch((problem: unknown) => {
          if (problem instanceof Unauthenticated) return undefined;
          throw problem;
        });
      },
      patientChoices: (language) => upstream.choices(language).filter(({ purpose }) => purpose === 'patient'),
      exceeded: async (request) => (await limits.exceeded(LINKS_BY_ADDRESS, addressOf(request))) !== undefined,
      observe(outcome, order) {
        log.info({ outcome, order }, 'a personal link');
        if (TURNED_AWAY.includes(outcome)) parts.refused();
      },
    }),
  );
  return {
    router,
    choices: (language) => upstream.choices(language),
    async signOutAddress({ upstream: handle }) {
      return handle === undefined ? undefined : (await upstream.signOutAddress(handle, baseUrl + SIGNED_OUT))?.href;
    },
  };
}

/** The personal links that notices carry. @param baseUrl at which patients reach the server */
export function orderLinkOf(pool: pg.Pool, baseUrl: string): (task: string) => Promise<string> {
  const links = new OrderLinks(pool, realClock);
  return async (task) => `${baseUrl}/l/${await links.issue(task)}`;
}
