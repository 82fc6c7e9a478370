import type { Request, Response, Router } from 'express';
import type { SignInCookies } from '../accounts/cookies.ts';
import { type RefusalReason, SignInRefused } from '../accounts/refusal.ts';
import { openTo, type Session, type Sessions } from '../accounts/sessions.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import type { RoleChoice } from '../accounts/sign-in-step.ts';
import { ACCOUNT, HOME } from '../home.ts';
import type { RecordChoice } from '../record-choices.ts';
import { button, forgottenForm, newPasswordForm, quietButton, recordForm, roleForm } from './forms.ts';
import { html } from './html.ts';
import type { PageLanguage } from './language.ts';
import { chosenLanguage, formText, readerLanguage, seeOther, sendPage } from './page-answer.ts';
import { type Words, wordsIn } from './words.ts';

export interface AccountPageParts {
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly cookies: SignInCookies;
  readonly rolesOf: (fhirUser: string) => Promise<readonly RoleChoice[]>;
  /** The records among which a patient may choose; none where there is no choice. */
  readonly recordsOf: (session: Session) => Promise<readonly RecordChoice[]>;
  /** The login name of an account; undefined for who comes from an identity provider. */
  readonly loginOf: (subject: string) => Promise<string | undefined>;
  readonly addressOf: (request: Request) => string;
  /** Tells the operator that what was to be sent to somebody may not have been. */
  readonly notSent: (problem: unknown) => void;
  /** Where a session that has ended signs out at its identity provider too; undefined where it did not come from one. */
  readonly signOutAddress?: (session: Session) => Promise<string | undefined>;
}

const SIGNED_OUT = '/signed-out';

/**
 * `/account`: the role in use and another one, sign out, here and everywhere; `/account/password`; `/account/forgotten`;
 * `/signed-out`.
 */
export function accountPage(router: Router, parts: AccountPageParts): void {
  const at = (path: string, show: Handler, take: Handler): void => {
    for (const [method, handle] of [['get', show] as const, ['post', take] as const]) {
      router[method](path, async (request: Request, response: Response) => {
        const language = readerLanguage(request, parts.cookies.language(request));
        const chosen = method === 'get' ? chosenLanguage(request) : undefined;
        if (chosen !== undefined) {
          response.append('set-cookie', parts.cookies.setLanguage(chosen));
          return seeOther(response, path);
        }
        await handle({ request, response, parts, language, words: wordsIn(language) });
      });
    }
  };
  at(ACCOUNT, signedIn(showAccount), signedIn(takeAccount));
  at(`${ACCOUNT}/password`, signedIn(showPassword), signedIn(takePassword));
  at(`${ACCOUNT}/forgotten`, showForgotten, takeForgotten);
  at(SIGNED_OUT, showSignedOut, showSignedOut);
}

interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly parts: AccountPageParts;
  readonly language: PageLanguage;
  readonly words: Words;
}
type Handler = (visit: Visit) => Promise<void>;

/** Sends who is not signed in to sign in, and back. */
function signedIn(handle: (visit: Visit, session: Session) => Promise<void>): Handler {
  return async (visit) => {
    const { request, response, parts } = visit;
    const cookie = parts.cookies.session(request);
    const session = cookie === undefined ? undefined : await parts.sessions.ofCookie(cookie);
    if (session === undefined) return seeOther(response, `/sign-in?back=${encodeURIComponent(request.path)}`);
    await handle(visit, session);
  };
}

async function showAccount({ response, parts, words, language }: Visit, session: Session): Promise<void> {
  const roles = openTo(session, await parts.rolesOf(session.fhirUser ?? ''));
  const records = await parts.recordsOf(session);
  const login = await parts.loginOf(session.subject);
  const active = roles.find(({ id }) => id === session.role);
  const staff = session.fhirUser?.startsWith('Practitioner/') === true;
  const body = html`${login !== undefined && html`<p>${words.signedInAs(login)}</p>`}
${active !== undefined && html`<p><strong>${words.activeRole}:</strong> ${active.title}</p>`}
${staff && roles.length === 0 && html`<p>${words.noRole}</p>`}
${roles.length > 1 && html`<h2>${words.changeRole}</h2>${roleForm(words, roles, session.role, words.choose)}`}
${records.length > 0 && html`<h2>${words.recordTitle}</h2><p>${words.recordText}</p>${recordForm(words, records, session.fhirUser, words.choose)}`}
${login !== undefined && html`<p><a href="${ACCOUNT}/password">${words.changePassword}</a></p>`}
${session.fhirUser !== undefined && (!staff || active !== undefined) && html`<p><a class="button" href="${HOME}">${staff ? words.openWork : words.openForms}</a></p>`}
<form method="post">${button('sign-out', words.signOut)}${quietButton('sign-out-everywhere', words.signOutEverywhere)}</form>`;
  sendPage(response, { title: words.account, body }, language);
}

async function takeAccount(visit: Visit, session: Session): Promise<void> {
  const { request, response, parts } = visit;
  switch (formText(request, 'action')) {
    case 'sign-out':
    case 'sign-out-everywhere':
      if (formText(request, 'action') === 'sign-out') await parts.sessions.revoke(session.id);
      else for (const { subject } of session.records ?? [session]) await parts.sessions.revokeAll(subject);
      response.append('set-cookie', parts.cookies.setSession(undefined));
      return leave(visit, await parts.signOutAddress?.(session));
    case 'role': {
      const role = formText(request, 'role');
      const roles = openTo(session, await parts.rolesOf(session.fhirUser ?? ''));
      if (roles.some(({ id }) => id === role) && role !== session.role) {
        const { cookie } = await parts.sessions.withRole(session, role);
        response.append('set-cookie', parts.cookies.setSession(cookie));
      }
      break;
    }
    case 'record': {
      const record = formText(request, 'record');
      const records = await parts.recordsOf(session);
      if (records.some(({ id }) => id === record) && record !== session.fhirUser) {
        const { cookie } = await parts.sessions.withRecord(session, record);
        response.append('set-cookie', parts.cookies.setSession(cookie));
      }
    }
  }
  seeOther(response, ACCOUNT);
}

/**
 * To the provider's own sign-out by a page of ours: browsers hold where a form is redirected to against the form-action of
 * the page that has sent it, and the apps' pages send forms to this server alone.
 */
function leave({ response, words, language }: Visit, provider: string | undefined): void {
  if (provider === undefined) {
    seeOther(response, SIGNED_OUT);
    return;
  }
  response.set('refresh', `0; url=${provider}`);
  sendPage(response, { title: words.signOut, body: html`<p><a href="${provider}">${words.signOut}</a></p>` }, language);
}

async function showPassword(visit: Visit, session: Session, reason?: RefusalReason, done = false): Promise<void> {
  const { response, parts, words, language } = visit;
  const login = await parts.loginOf(session.subject);
  if (login === undefined) return seeOther(response, ACCOUNT);
  const page = {
    title: words.changePassword,
    body: html`${!done && newPasswordForm(words, login, reason !== undefined, true)}<p><a href="${ACCOUNT}">${words.account}</a></p>`,
    error: reason && words.refusal(reason),
    note: done ? words.passwordChanged : undefined,
    status: reason === undefined ? 200 : reason.kind === 'wait' ? 429 : 400,
  };
  sendPage(response, page, language);
}

async function takePassword(visit: Visit, session: Session): Promise<void> {
  const { request, parts } = visit;
  const password = formText(request, 'password');
  try {
    if (password !== formText(request, 'again')) throw new SignInRefused({ kind: 'password', fault: 'differ' });
    await parts.signIn.changePassword(session, formText(request, 'present'), password);
  } catch (problem) {
    if (!(problem instanceof SignInRefused)) throw problem;
    return showPassword(visit, session, problem.reason);
  }
  await showPassword(visit, session, undefined, true);
}

async function showForgotten({ response, words, language }: Visit): Promise<void> {
  sendPage(response, { title: words.forgottenTitle, body: forgottenForm(words) }, language);
}

async function takeForgotten({ request, response, parts, words, language }: Visit): Promise<void> {
  const title = words.forgottenTitle;
  try {
    const circumstances = { address: parts.addressOf(request), language };
    const { sent } = await parts.signIn.forgotten(formText(request, 'login'), circumstances);
    sent.catch(parts.notSent);
  } catch (problem) {
    if (!(problem instanceof SignInRefused)) throw problem;
    const error = words.refusal(problem.reason);
    return sendPage(response, { title, body: forgottenForm(words), error, status: 429 }, language);
  }
  const body = html`<p><a href="/sign-in">${words.signIn}</a></p>`;
  sendPage(response, { title, body, note: words.forgottenDone }, language);
}

async function showSignedOut({ response, words, language }: Visit): Promise<void> {
  const body = html`<p>${words.signedOutText}</p><p><a href="/sign-in">${words.signIn}</a></p>`;
  sendPage(response, { title: words.signedOut, body }, language);
}
