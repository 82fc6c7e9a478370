import type { Request, Response, Router } from 'express';
import type { SignInCookies } from '../accounts/cookies.ts';
import { type RefusalReason, SignInRefused } from '../accounts/refusal.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { Circumstances, Finished, Progress, SignIn } from '../accounts/sign-in.ts';
import type { Asked } from '../accounts/tickets.ts';
import { HOME } from '../home.ts';
import { InteractionLost, type Interactions, type PendingSignIn, SIGN_IN_PATH } from '../oauth/interaction.ts';
import { ownPath } from '../own-path.ts';
import { RECORD_PATH } from '../upstream/choice-router.ts';
import { codeForm, enrolForm, newPasswordForm, passwordForm, quietButton, roleForm } from './forms.ts';
import { html } from './html.ts';
import type { PageLanguage } from './language.ts';
import type { Page } from './layout.ts';
import { chosenLanguage, formText, readerLanguage, seeOther, sendPage } from './page-answer.ts';
import { type Words, wordsIn } from './words.ts';

export interface SignInPageParts {
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly cookies: SignInCookies;
  /** Absent where there is no authorization server. */
  readonly interactions?: Interactions;
  readonly addressOf: (request: Request) => string;
  /** The buttons of identity providers; `?back=` and `&anew=yes` are added to their paths. */
  readonly choices?: (language: PageLanguage) => readonly { readonly label: string; readonly path: string }[];
}

/**
 * `/sign-in` for people who come by themselves (`?back=` a path of this server), `/sign-in/<uid>` for an authorization
 * request. Where the sign-in stands is in the ticket, a cookie; the page shows the step that comes next.
 */
export function signInPage(router: Router, parts: SignInPageParts): void {
  const answer = (handle: (visit: Visit) => Promise<void>) => async (request: Request, response: Response) => {
    const language = readerLanguage(request, parts.cookies.language(request));
    const visit: Visit = { request, response, parts, language, words: wordsIn(language), pending: undefined };
    try {
      const { uid } = request.params;
      if (uid === undefined) return await handle(visit);
      const pending = await parts.interactions?.interactionDetails(request, response);
      if (pending?.uid !== uid) throw new InteractionLost();
      await handle({ ...visit, pending });
    } catch (problem) {
      if (!(problem instanceof InteractionLost)) throw problem;
      const { lost, lostText } = visit.words;
      sendPage(response, { title: lost, body: html`<p>${lostText}</p>`, status: 400 }, language);
    }
  };
  for (const path of [SIGN_IN_PATH, `${SIGN_IN_PATH}/:uid`]) {
    router.get(path, answer(show));
    router.post(path, answer(take));
  }
}

interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly parts: SignInPageParts;
  readonly language: PageLanguage;
  readonly words: Words;
  readonly pending: PendingSignIn | undefined;
}

async function show(visit: Visit): Promise<void> {
  const { request, response, parts, pending } = visit;
  const chosen = chosenLanguage(request);
  if (chosen !== undefined) {
    response.append('set-cookie', parts.cookies.setLanguage(chosen));
    const kept = keptQuery(request);
    return seeOther(response, pathOf(visit) + (kept === '' ? '' : `?${kept}`));
  }
  const cookie = parts.cookies.session(request);
  const session = cookie === undefined ? undefined : await parts.sessions.ofCookie(cookie);
  const suffices = pending !== undefined && (!pending.anew || session?.anewFor === pathOf(visit));
  if (session !== undefined && suffices && parts.interactions !== undefined) {
    if (session.records !== undefined && session.fhirUser === undefined) {
      return seeOther(response, `${RECORD_PATH}?back=${encodeURIComponent(pathOf(visit))}`);
    }
    const { subject: account, fhirUser = '', role, strength, id, created, order } = session;
    return parts.interactions.finishSignIn(request, response, {
      ...{ account, fhirUser, strength, session: id, at: Math.floor(created / 1000) },
      ...(role === undefined ? {} : { role }),
      ...(order === undefined ? {} : { order }),
    });
  }
  if (session !== undefined && pending === undefined) return seeOther(response, backOf(request) ?? HOME);
  const progress = await current(visit);
  if (progress === undefined) return showPassword(visit, pending?.loginHint ?? '', undefined);
  await showStep(visit, progress, undefined);
}

/** A form was sent. */
async function take(visit: Visit): Promise<void> {
  const { request, response, parts } = visit;
  const action = formText(request, 'action');
  if (action === 'restart') {
    response.append('set-cookie', parts.cookies.setTicket(undefined));
    return seeOther(response, pathOf(visit));
  }
  if (action === 'cancel' && visit.pending !== undefined && parts.interactions !== undefined) {
    response.append('set-cookie', parts.cookies.setTicket(undefined));
    return parts.interactions.cancelSignIn(request, response);
  }
  if (action === 'password') return takePassword(visit);
  const before = await current(visit);
  if (before === undefined) return showPassword(visit, '', { kind: 'ended' });
  try {
    const { note, progress } = await taken(visit, action, before);
    await goOn(visit, progress, note);
  } catch (problem) {
    if (!(problem instanceof SignInRefused)) throw problem;
    const { reason } = problem;
    if (reason.kind === 'ended') return showPassword(visit, '', reason);
    await showStep(visit, before, visit.words.refusal(reason), statusOf(reason));
  }
}

async function takePassword(visit: Visit): Promise<void> {
  const { request, parts } = visit;
  const login = formText(request, 'login');
  try {
    const { signIn } = parts;
    const given = formText(request, 'password');
    await goOn(visit, await signIn.begin(login, given, askedBy(visit), circumstancesOf(visit)), undefined);
  } catch (problem) {
    if (!(problem instanceof SignInRefused)) throw problem;
    showPassword(visit, login, problem.reason);
  }
}

/** What a form of a later step does. */
async function taken(
  visit: Visit,
  action: string,
  before: Progress,
): Promise<{ readonly progress: Progress; readonly note?: string }> {
  const { request, parts, words, language } = visit;
  const { signIn } = parts;
  const { ticket } = before;
  switch (action) {
    case 'code':
      return { progress: await signIn.showCode(ticket, formText(request, 'code')) };
    case 'resend':
      await signIn.sendCode(ticket, language);
      return { progress: before, note: words.sentAgain };
    case 'enrol':
      return { progress: await signIn.enrol(ticket, formText(request, 'code')) };
    case 'new-password': {
      const password = formText(request, 'password');
      if (password !== formText(request, 'again')) throw new SignInRefused({ kind: 'password', fault: 'differ' });
      return { progress: await signIn.choosePassword(ticket, password) };
    }
    case 'role':
      return { progress: await signIn.chooseRole(ticket, formText(request, 'role')) };
    default:
      return { progress: before };
  }
}

/** To the next step, or, after the last, to where the person wanted to go. */
async function goOn(visit: Visit, progress: Progress, note: string | undefined): Promise<void> {
  const { response, parts } = visit;
  if (progress.step.kind === 'done') return finish(visit, await parts.signIn.finish(progress.ticket));
  response.append('set-cookie', parts.cookies.setTicket(progress.ticket));
  if (note !== undefined) return showStep(visit, progress, undefined, 200, note);
  // so that reloading the page sends no form again
  seeOther(response, pathOf(visit));
}

async function finish({ request, response, parts }: Visit, { session, cookie, asked }: Finished): Promise<void> {
  response.append('set-cookie', parts.cookies.setSession(cookie));
  response.append('set-cookie', parts.cookies.setTicket(undefined));
  if (asked.kind === 'interaction' && parts.interactions !== undefined) {
    const { subject: account, fhirUser = '', role, strength, id, created } = session;
    return parts.interactions.finishSignIn(request, response, {
      ...{ account, fhirUser, strength, session: id, at: Math.floor(created / 1000) },
      ...(role === undefined ? {} : { role }),
    });
  }
  seeOther(response, (asked.kind === 'page' ? asked.back : undefined) ?? HOME);
}

/** The sign-in that this browser is in the middle of, if it is for the same purpose. */
async function current(visit: Visit): Promise<Progress | undefined> {
  const ticket = visit.parts.cookies.ticket(visit.request);
  if (ticket === undefined) return undefined;
  const progress = await visit.parts.signIn.progress(ticket).catch((problem: unknown) => {
    if (problem instanceof SignInRefused) return undefined;
    throw problem;
  });
  const uid = progress?.asked.kind === 'interaction' ? progress.asked.uid : undefined;
  return uid === visit.pending?.uid ? progress : undefined;
}

function showPassword(visit: Visit, login: string, reason?: RefusalReason): void {
  const { request, response, parts, language, words, pending } = visit;
  const title = pending === undefined ? words.signIn : words.signInFor(pending.client.name);
  const back = encodeURIComponent(pending === undefined ? (backOf(request) ?? HOME) : pathOf(visit));
  const query = pending?.anew === true ? `back=${back}&anew=yes` : `back=${back}`;
  const choices = parts.choices?.(language) ?? [];
  const body = html`${choices.map(({ label, path }) => html`<p><a class="button" href="${path}?${query}">${label}</a></p>`)}
${passwordForm(words, login, reason !== undefined)}
${pending !== undefined && html`<form method="post">${quietButton('cancel', words.cancel)}</form>`}`;
  const error = reason && words.refusal(reason);
  sendPage(response, { title, body, error, status: statusOf(reason), keep: keptQuery(request) }, language);
}

async function showStep(
  visit: Visit,
  progress: Progress,
  error: string | undefined,
  status = 200,
  note?: string,
): Promise<void> {
  const page = await stepPage(visit, progress, error !== undefined);
  if (page === undefined) return finish(visit, await visit.parts.signIn.finish(progress.ticket));
  sendPage(visit.response, { ...page, error, note, status, keep: keptQuery(visit.request) }, visit.language);
}

/** Undefined where nothing is left to do. */
async function stepPage({ parts, words }: Visit, progress: Progress, invalid: boolean): Promise<Page | undefined> {
  const { step, ticket, login } = progress;
  switch (step.kind) {
    case 'code':
      return { title: words.codeTitle, body: codeForm(words, step.by, invalid) };
    case 'enrol': {
      const enrolment = await parts.signIn.enrolment(ticket);
      return { title: words.enrolTitle, body: enrolForm(words, enrolment, invalid) };
    }
    case 'new-password': {
      const body = html`<p>${words.newPasswordText}</p>${newPasswordForm(words, login, invalid, false)}`;
      return { title: words.newPasswordTitle, body };
    }
    case 'role': {
      const body = html`<p>${words.roleText}</p>${roleForm(words, step.roles, undefined, words.next)}`;
      return { title: words.roleTitle, body };
    }
    case 'done':
      return undefined;
  }
}

/** RFC 9110: 429 where waiting helps, 401 would make browsers ask for a password of their own. */
function statusOf(reason: RefusalReason | undefined): number {
  if (reason === undefined) return 200;
  return reason.kind === 'wait' ? 429 : 400;
}

function askedBy({ request, pending }: Visit): Asked {
  if (pending !== undefined) return { kind: 'interaction', uid: pending.uid };
  const back = backOf(request);
  return { kind: 'page', ...(back === undefined ? {} : { back }) };
}

function circumstancesOf({ request, parts, language }: Visit): Circumstances {
  return { address: parts.addressOf(request), language };
}

function pathOf({ pending }: Visit): string {
  return pending === undefined ? SIGN_IN_PATH : `${SIGN_IN_PATH}/${pending.uid}`;
}

function backOf(request: Request): string | undefined {
  return ownPath(request.query.back);
}

/** What the address says beside the language. */
function keptQuery(request: Request): string {
  const back = backOf(request);
  return back === undefined ? '' : `back=${encodeURIComponent(back)}`;
}
