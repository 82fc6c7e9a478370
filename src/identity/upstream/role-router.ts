import express, { type Request, type Router } from 'express';
import type { SignInCookies } from '../accounts/cookies.ts';
import { isSameOrigin } from '../accounts/same-origin.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';
import type { RoleChoice } from '../accounts/sign-in-step.ts';
import { ownPath } from '../own-path.ts';
import { roleForm } from '../pages/forms.ts';
import { html } from '../pages/html.ts';
import type { PageLanguage } from '../pages/language.ts';
import { formText, seeOther, sendPage } from '../pages/page-answer.ts';
import { wordsIn } from '../pages/words.ts';

export interface RoleRouterParts {
  readonly sessions: Sessions;
  readonly cookies: SignInCookies;
  /** By the cookie of a request. */
  readonly sessionOf: (request: Request) => Promise<Session | undefined>;
  /** The roles in force that are open to a session. */
  readonly rolesOf: (session: Session) => Promise<readonly RoleChoice[]>;
  readonly languageOf: (request: Request) => PageLanguage;
  /** Of this server, as browsers send it. */
  readonly origin: string;
}

/** Where somebody with several roles chooses one, between an identity provider and where they wanted to go. */
export const ROLE_PATH = '/sign-in/upstream/role';
const FORM_BYTES_MAX = 4096;

export function roleRouter({ sessions, cookies, sessionOf, rolesOf, languageOf, origin }: RoleRouterParts): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get(ROLE_PATH, async (request, response) => {
    const session = await sessionOf(request);
    if (session === undefined) return seeOther(response, '/sign-in');
    const language = languageOf(request);
    const words = wordsIn(language);
    const form = roleForm(words, await rolesOf(session), session.role, words.next);
    sendPage(response, { title: words.roleTitle, body: html`<p>${words.roleText}</p>${form}` }, language);
  });
  const body = express.urlencoded({ extended: false, limit: FORM_BYTES_MAX, parameterLimit: 10 });
  router.post(ROLE_PATH, body, async (request, response) => {
    const session = isSameOrigin(request, origin) ? await sessionOf(request) : undefined;
    if (session === undefined) return seeOther(response, '/sign-in');
    const role = formText(request, 'role');
    if (!(await rolesOf(session)).some(({ id }) => id === role)) return seeOther(response, request.originalUrl);
    const { cookie } = await sessions.withRole(session, role);
    response.append('set-cookie', cookies.setSession(cookie));
    seeOther(response, ownPath(request.query.back) ?? '/account');
  });
  return router;
}
