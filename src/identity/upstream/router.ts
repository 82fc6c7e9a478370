import express, { type Request, type Response, type Router } from 'express';
import { cookie } from '../accounts/cookies.ts';
import { HOME } from '../home.ts';
import { ORDER_PATH } from '../links/linked-order.ts';
import { ownPath } from '../own-path.ts';
import { html } from '../pages/html.ts';
import type { PageLanguage } from '../pages/language.ts';
import { sendPage } from '../pages/page-answer.ts';
import { RECORD_PATH, ROLE_PATH } from './choice-router.ts';
import { UPSTREAM_PATH, type Upstream } from './upstream.ts';
import { type RefusalReason, UpstreamRefused } from './upstream-refused.ts';
import { upstreamWords } from './words.ts';

/** Somebody for whom a provider vouches. */
export interface FederatedPerson {
  /** Names the session's owner: the provider's name here, and the FHIR resource; nothing of the person. */
  readonly subject: string;
  /** `Practitioner/x` or `Patient/x`; absent as long as a patient of several records has to choose one of them. */
  readonly fhirUser?: string;
  /** The records of a patient who has several: one of them at a time is theirs in this session, and no other. */
  readonly records?: readonly { readonly subject: string; readonly fhirUser: string }[];
  readonly strength: 'federated';
  /** Ids of PractitionerRoles: in this session no other is theirs. Absent for patients. */
  readonly roles?: readonly string[];
  /** The page for which they signed in anew, although they might have been signed in. */
  readonly anewFor?: string;
}

export interface UpstreamRouterParts {
  readonly upstream: Upstream;
  /**
   * Begins a session and sets its cookie; where there are several roles or records, one is chosen on the page at ROLE_PATH
   * or RECORD_PATH.
   * @returns by what the sign-in is known here when the session has ended
   */
  readonly startSession: (request: Request, response: Response, person: FederatedPerson) => Promise<string>;
  /** `Patient/x` whose order the personal link of this browser leads to; undefined where there is none. */
  readonly linkedPatient: (request: Request) => Promise<string | undefined>;
  readonly languageOf: (request: Request) => PageLanguage;
  /** Whether this address begins too many sign-ins. */
  readonly exceeded: (request: Request) => Promise<boolean>;
  /** For the log and the audit: holds nothing of the person. */
  readonly observe: (provider: string, outcome: 'signed-in' | RefusalReason, detail: string) => void;
  /** Whether browsers reach the server by https: then the cookie is bound to this very host. */
  readonly secure: boolean;
}

const COOKIE = 'svar-upstream';
const COOKIE_SECONDS = 900;
/** What providers add to the address at most: code, state, iss, session_state. */
const QUERY_CHARACTERS_MAX = 8000;

/** Sign-in at identity providers: `GET /sign-in/upstream/<provider>?back=…` and the address at which it comes back. */
export function upstreamRouter(parts: UpstreamRouterParts): Router {
  const { upstream, secure, languageOf } = parts;
  const name = secure ? `__Host-${COOKIE}` : COOKIE;
  const router = express.Router({ caseSensitive: true, strict: true });

  const answer =
    (handle: (request: Request, response: Response, provider: string) => Promise<void>) =>
    async (request: Request, response: Response, next: () => void): Promise<void> => {
      const { provider } = request.params;
      if (typeof provider !== 'string' || !upstream.has(provider)) return next();
      try {
        await handle(request, response, provider);
      } catch (problem) {
        if (!(problem instanceof UpstreamRefused)) throw problem;
        parts.observe(provider, problem.reason, problem.detail);
        refuse(response, languageOf(request), problem.reason);
      }
    };

  router.get(
    `${UPSTREAM_PATH}/:provider`,
    answer(async (request, response, provider) => {
      if (await parts.exceeded(request)) throw new UpstreamRefused('unavailable', 'too many sign-ins from one address');
      const way = { returnTo: ownPath(request.query.back) ?? HOME, anew: request.query.anew === 'yes' };
      const begun = await upstream.begin(provider, cookie(request, name), way, languageOf(request));
      // Lax: the provider sends the browser back from its own site
      const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_SECONDS}${secure ? '; Secure' : ''}`;
      response.append('set-cookie', `${name}=${begun.browser}; ${attributes}`);
      response
        .status(303)
        .set({ location: begun.address.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
        .end();
    }),
  );

  router.get(
    `${UPSTREAM_PATH}/:provider/back`,
    answer(async (request, response, provider) => {
      const query = queryOf(request.originalUrl);
      if (query.length > QUERY_CHARACTERS_MAX) throw new UpstreamRefused('lost', 'too long a query');
      const person = await upstream.finish(provider, cookie(request, name), query);
      const { fhirUsers, roles, returnTo, anew } = person;
      const records = fhirUsers.map((fhirUser) => ({ subject: `${provider} ${fhirUser}`, fhirUser }));
      const several = records.length > 1;
      // only on the way to the order: a link that somebody else planted in the browser chooses nothing
      const linked = several && returnTo === ORDER_PATH ? await parts.linkedPatient(request) : undefined;
      const chosen = several ? records.find(({ fhirUser }) => fhirUser === linked) : records[0];
      const session = await parts.startSession(request, response, {
        ...(chosen ?? { subject: records[0]?.subject ?? '' }),
        strength: 'federated',
        ...(several && { records }),
        ...(roles !== undefined && { roles }),
        ...(anew && { anewFor: returnTo }),
      });
      await upstream.signedIn(session, person);
      parts.observe(provider, 'signed-in', '');
      const page = chosen === undefined ? RECORD_PATH : (roles?.length ?? 0) > 1 ? ROLE_PATH : undefined;
      const next = page === undefined ? returnTo : `${page}?back=${encodeURIComponent(returnTo)}`;
      goOn(response, languageOf(request), next);
    }),
  );
  return router;
}

/**
 * To a page of ours by a page of ours: a browser does not send a SameSite=Strict cookie along a redirect that another site
 * began, and the session's cookie is one.
 */
function goOn(response: Response, language: PageLanguage, path: string): void {
  const words = upstreamWords(language);
  response.set('refresh', `0; url=${path}`);
  sendPage(response, { title: words.signedIn, body: html`<p><a href="${path}">${words.goOn}</a></p>` }, language);
}

function refuse(response: Response, language: PageLanguage, reason: RefusalReason): void {
  const words = upstreamWords(language);
  const status = reason === 'unavailable' ? 503 : reason === 'cancelled' ? 200 : 403;
  const body = html`<p>${words.refusal[reason]}</p><p><a href="/sign-in">${words.again}</a></p>`;
  sendPage(response, { title: words.refusedTitle, body, status }, language);
}

function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
}
