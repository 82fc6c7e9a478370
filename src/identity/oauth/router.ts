import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Request, type Response, Router } from 'express';
import { errors } from 'oidc-provider';
import type { Identity } from '../identity.ts';
import { limitedByAddress } from '../limited-by-address.ts';
import { readerLanguage, sendPage } from '../pages/page-answer.ts';
import { Unauthenticated } from '../unauthenticated.ts';
import { completedQuery } from './authorize-request.ts';
import { type ConsentParts, consent } from './consent.ts';
import { LAUNCH_PATH, ROUTES } from './endpoints.ts';
import { readBytes, readForm, sendOn } from './form-body.ts';
import { SIGN_IN_PATH } from './interaction.ts';
import { registerLaunch } from './launch-request.ts';
import { errorPage } from './pages/error-page.ts';
import type { ProviderCache } from './provider-cache.ts';
import { smartConfiguration } from './smart-configuration.ts';
import type { StructuredTokens } from './structured-tokens.ts';
import { completed } from './token-request.ts';

export interface RouterParts extends ConsentParts {
  readonly baseUrl: string;
  readonly providers: ProviderCache;
  readonly structured: StructuredTokens;
  readonly identify: (request: IncomingMessage) => Promise<Identity | undefined>;
  readonly addressOf?: (request: IncomingMessage) => string;
}

const LAUNCH_BYTES_MAX = 16 * 1024;
const SESSION_COOKIE = /^svar_oauth(\.sig)?=/;

/**
 * The endpoints. Addresses are compared to the letter: what is not listed here never reaches oidc-provider, whose own
 * router is more tolerant and would let a request pass by what is done here.
 */
export function oauthRouter(parts: RouterParts): Router {
  const { baseUrl, fhirBase, providers, clients, structured } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const issuer = new URL(baseUrl);
  router.use('/oauth2', limitedByAddress(parts.addressOf ?? (({ socket }) => socket.remoteAddress ?? '')));
  const hand = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // addresses follow from the issuer, never from what a request or a proxy says that it was sent to
    request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
    request.headers['x-forwarded-host'] = issuer.host;
    Object.assign(request, { baseUrl: issuer.pathname.replace(/\/$/, '') });
    await (await providers.get()).callback()(request, response);
  };

  const wellKnown = '/.well-known/smart-configuration';
  router.get([`${fhirBase.slice(baseUrl.length)}${wellKnown}`, wellKnown], (_request, response) => {
    response.set({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' });
    response.json(smartConfiguration(baseUrl));
  });
  for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', ROUTES.jwks]) {
    router.get(path, hand);
    router.options(path, hand);
  }

  router.get(ROUTES.authorization, async (request, response) => {
    forgetSession(request);
    const mark = request.url.indexOf('?');
    const search = mark < 0 ? '' : request.url.slice(mark + 1);
    request.url = `${ROUTES.authorization}?${await completedQuery(search, clients)}`;
    request.originalUrl = request.url;
    await hand(request, response);
  });
  router.get(`${ROUTES.authorization}/:uid`, async (request, response) => {
    forgetSession(request);
    await hand(request, response);
  });

  router.post(ROUTES.token, async (request, response) => {
    const form = await readForm(request);
    if (form === undefined) return refuseForm(response);
    sendOn(request, await completed(form, request, await providers.get(), clients));
    await hand(request, response);
  });
  for (const path of [ROUTES.introspection, ROUTES.revocation]) {
    router.post(path, async (request, response) => {
      const form = await readForm(request);
      if (form === undefined) return refuseForm(response);
      sendOn(request, structured.taken(form, request));
      await hand(request, response);
    });
  }
  for (const path of [ROUTES.token, ROUTES.introspection, ROUTES.revocation]) router.options(path, hand);

  const asked = async (request: Request, response: Response): Promise<void> => {
    try {
      await consent(await providers.get(), parts, request, response);
    } catch (problem) {
      if (!(problem instanceof errors.SessionNotFound)) throw problem;
      const language = readerLanguage(request, parts.cookies.language(request));
      sendPage(response, errorPage('invalid_request', 'the sign-in has expired', language), language);
    }
  };
  router.get(`${SIGN_IN_PATH}/:uid/consent`, asked);
  router.post(`${SIGN_IN_PATH}/:uid/consent`, asked);

  router.post(LAUNCH_PATH, async (request, response) => {
    response.set('cache-control', 'no-store');
    const who = await identified(parts, request, response);
    if (who === undefined) return;
    const { status, body } = await registerLaunch(who, await jsonOf(request), parts);
    response.status(status).json(body);
  });
  return router;
}

async function identified({ identify }: RouterParts, request: Request, response: Response) {
  try {
    const who = await identify(request);
    if (who === undefined) throw new Unauthenticated();
    return who;
  } catch (problem) {
    if (!(problem instanceof Unauthenticated)) throw problem;
    response.status(401).set('www-authenticate', problem.challenge).end();
    return undefined;
  }
}

async function jsonOf(request: Request): Promise<unknown> {
  const bytes = await readBytes(request, LAUNCH_BYTES_MAX);
  try {
    return bytes === undefined ? undefined : JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** A sign-in is one flow of pages: what oidc-provider remembers of an earlier one, of somebody else perhaps, is not asked. */
function forgetSession(request: Request): void {
  const kept = (request.headers.cookie ?? '').split(/; */).filter((cookie) => !SESSION_COOKIE.test(cookie));
  request.headers.cookie = kept.join('; ');
}

function refuseForm(response: Response): void {
  response.status(400).set('cache-control', 'no-store').json({
    error: 'invalid_request',
    error_description: 'the body must be a form (application/x-www-form-urlencoded) of at most 56 KiB',
  });
}
