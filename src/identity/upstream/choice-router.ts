import express, { type Request, type Router } from 'express';
import type { SignInCookies } from '../accounts/cookies.ts';
import { isSameOrigin } from '../accounts/same-origin.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';
import type { RoleChoice } from '../accounts/sign-in-step.ts';
import { HOME } from '../home.ts';
import { ownPath } from '../own-path.ts';
import { recordForm, roleForm } from '../pages/forms.ts';
import { type Html, html } from '../pages/html.ts';
import type { PageLanguage } from '../pages/language.ts';
import { chosenLanguage, formText, seeOther, sendPage } from '../pages/page-answer.ts';
import { type Words, wordsIn } from '../pages/words.ts';
import type { RecordChoice } from '../record-choices.ts';

export interface ChoiceRouterParts {
  readonly sessions: Sessions;
  readonly cookies: SignInCookies;
  /** By the cookie of a request. */
  readonly sessionOf: (request: Request) => Promise<Session | undefined>;
  /** The roles in force that are open to a session. */
  readonly rolesOf: (session: Session) => Promise<readonly RoleChoice[]>;
  /** The records among which a patient may choose; none where there is no choice. */
  readonly recordsOf: (session: Session) => Promise<readonly RecordChoice[]>;
  readonly languageOf: (request: Request) => PageLanguage;
  /** Of this server, as browsers send it. */
  readonly origin: string;
}

/** Where somebody with several roles chooses one, between an identity provider and where they wanted to go. */
export const ROLE_PATH = '/sign-in/upstream/role';
/** The same for a patient of whom several hospitals have a record. */
export const RECORD_PATH = '/sign-in/upstream/record';
const FORM_BYTES_MAX = 4096;

interface ChoicePage {
  /** Of the field that is chosen. */
  readonly name: string;
  readonly show: (session: Session, words: Words) => Promise<{ readonly title: string; readonly body: Html }>;
  /** @returns the cookie of the session that goes on; undefined where this is not open to the session */
  readonly choose: (session: Session, id: string) => Promise<string | undefined>;
}

export function choiceRouter(parts: ChoiceRouterParts): Router {
  const { sessions, rolesOf, recordsOf } = parts;
  const router = express.Router({ caseSensitive: true, strict: true });
  choicePage(router, ROLE_PATH, parts, {
    name: 'role',
    async show(session, words) {
      const form = roleForm(words, await rolesOf(session), session.role, words.next);
      return { title: words.roleTitle, body: html`<p>${words.roleText}</p>${form}` };
    },
    async choose(session, role) {
      const open = (await rolesOf(session)).some(({ id }) => id === role);
      return open ? (await sessions.withRole(session, role)).cookie : undefined;
    },
  });
  choicePage(router, RECORD_PATH, parts, {
    name: 'record',
    async show(session, words) {
      const form = recordForm(words, await recordsOf(session), session.fhirUser, words.next);
      return { title: words.recordTitle, body: html`<p>${words.recordText}</p>${form}` };
    },
    async choose(session, record) {
      const open = (await recordsOf(session)).some(({ id }) => id === record);
      return open ? (await sessions.withRecord(session, record)).cookie : undefined;
    },
  });
  return router;
}

function choicePage(router: Router, path: string, parts: ChoiceRouterParts, page: ChoicePage): void {
  const { cookies, sessionOf, languageOf, origin } = parts;
  const backOf = (request: Request): string => ownPath(request.query.back) ?? HOME;
  router.get(path, async (request, response) => {
    const keep = `back=${encodeURIComponent(backOf(request))}`;
    const chosen = chosenLanguage(request);
    if (chosen !== undefined) {
      response.append('set-cookie', cookies.setLanguage(chosen));
      return seeOther(response, `${path}?${keep}`);
    }
    const session = await sessionOf(request);
    if (session === undefined) return seeOther(response, '/sign-in');
    const language = languageOf(request);
    sendPage(response, { ...(await page.show(session, wordsIn(language))), keep }, language);
  });
  const body = express.urlencoded({ extended: false, limit: FORM_BYTES_MAX, parameterLimit: 10 });
  router.post(path, body, async (request, response) => {
    const session = isSameOrigin(request, origin) ? await sessionOf(request) : undefined;
    if (session === undefined) return seeOther(response, '/sign-in');
    const cookie = await page.choose(session, formText(request, page.name));
    if (cookie === undefined) return seeOther(response, request.originalUrl);
    response.append('set-cookie', cookies.setSession(cookie));
    seeOther(response, backOf(request));
  });
}
