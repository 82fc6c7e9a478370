import express, { type Request, type Response, type Router } from 'express';
import { cookie } from '../accounts/cookies.ts';
import { isSameOrigin } from '../accounts/same-origin.ts';
import type { Identity, Strength } from '../identity.ts';
import { html } from '../pages/html.ts';
import type { PageLanguage } from '../pages/language.ts';
import { chosenLanguage, seeOther, sendPage } from '../pages/page-answer.ts';
import { sendSignIn, sendTold } from './link-pages.ts';
import { type LinkedOrder, type LinkedOrderParts, mayOpen, ORDER_PATH, readLinkedOrder } from './linked-order.ts';
import type { OrderLinks } from './order-links.ts';
import { type LinkWords, linkWords } from './words.ts';

/** Somebody who holds the link of an order, and has shown nothing else. */
export interface LinkHolder {
  readonly subject: string;
  readonly fhirUser: string;
  readonly strength: Extract<Strength, 'link'>;
  /** The id of the Task: the session reaches nothing else. */
  readonly order: string;
}

/** What became of somebody who came by a link. */
export type LinkOutcome =
  | 'opened'
  | 'unknown'
  | 'answered'
  | 'ended'
  | 'sign-in'
  | 'other-person'
  | 'too-weak'
  | 'too-many';

export interface LinkRouterParts extends LinkedOrderParts {
  readonly links: OrderLinks;
  /** Begins a session and sets its cookie. */
  readonly startSession: (request: Request, response: Response, holder: LinkHolder) => Promise<void>;
  /** Ends the session of this browser, if it has one: somebody has to sign in more surely, or as somebody else. */
  readonly endSession: (request: Request, response: Response) => Promise<void>;
  /** Who has signed in by the session's cookie; undefined: nobody. */
  readonly identify: (request: Request) => Promise<Identity | undefined>;
  readonly languageOf: (request: Request) => PageLanguage;
  /** A header Set-Cookie that keeps a language. */
  readonly languageCookie: (language: PageLanguage) => string;
  /** Ways for patients to sign in by which a provider vouches for them; `?back=` may be added to a path. */
  readonly patientChoices: (language: PageLanguage) => readonly { readonly label: string; readonly path: string }[];
  /** Whether this address tries too many links that lead nowhere. To be asked once for each. */
  readonly exceeded: (request: Request) => Promise<boolean>;
  /** For the log and the audit. @param order the id of the Task where it is known; never the link */
  readonly observe: (outcome: LinkOutcome, order: string | undefined) => void;
  /** The address of the app in which patients answer. */
  readonly patientApp: string;
  /** Of this server, as browsers send it. */
  readonly origin: string;
  /** Whether browsers reach the server by https: then the cookie is bound to this very host. */
  readonly secure: boolean;
}

/** `/l/<secret>` is what a notice carries. */
export const LINK_PATH = '/l';

const COOKIE = 'svar-link';
/** Time enough to sign in at a provider, twice. */
const COOKIE_SECONDS = 1800;

/**
 * From a notice to the form, by pages without script; docs/decisions/0054-federation-and-links.md.
 * `GET /l/<secret>` takes the secret out of the address at once and into a cookie; a mail client that looks at the link
 * uses up nothing. `POST /l` opens the order in the app, or asks for a sign-in, after which `GET /order` opens it.
 */
export function linkRouter(parts: LinkRouterParts): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const name = cookieName(parts.secure);
  const cookieOf = (value: string, age_s: number): string =>
    // Lax: the link is opened from a mail or a message; whoever sends the browser here with another link gains nothing
    `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age_s}${parts.secure ? '; Secure' : ''}`;
  const secretOf = (request: Request): string | undefined => cookie(request, name);
  const at =
    (handle: (visit: Visit) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const language = parts.languageOf(request);
      const forget = (): void => void response.append('set-cookie', cookieOf('', 0));
      await handle({
        request,
        response,
        parts,
        language,
        words: linkWords(language),
        secret: secretOf(request),
        forget,
      });
    };

  router.get(`${LINK_PATH}/:secret`, (request, response) => {
    const { secret } = request.params;
    if (/^[\w-]{1,100}$/.test(secret)) response.append('set-cookie', cookieOf(secret, COOKIE_SECONDS));
    response.set({ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' });
    seeOther(response, LINK_PATH);
  });
  router.get(LINK_PATH, at(inChosenLanguage(showLink)));
  router.post(LINK_PATH, at(openLink));
  router.get(ORDER_PATH, at(inChosenLanguage(openOrder)));
  return router;
}

/** `Patient/x` whose order the link in this browser leads to; undefined where there is none. */
export async function linkedPatient(
  request: Request,
  parts: Pick<LinkRouterParts, 'links' | 'secure' | keyof LinkedOrderParts>,
): Promise<string | undefined> {
  const secret = cookie(request, cookieName(parts.secure));
  const id = secret === undefined ? undefined : await parts.links.find(secret);
  return id === undefined ? undefined : (await readLinkedOrder(id, parts))?.patient;
}

function cookieName(secure: boolean): string {
  return secure ? `__Host-${COOKIE}` : COOKIE;
}

interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly parts: LinkRouterParts;
  readonly language: PageLanguage;
  readonly words: LinkWords;
  readonly secret: string | undefined;
  /** Takes the link out of the browser. */
  forget(): void;
}

/** The page's own switch: the choice goes into a cookie and out of the address. */
function inChosenLanguage(handle: (visit: Visit) => Promise<void>): (visit: Visit) => Promise<void> {
  return async (visit) => {
    const chosen = chosenLanguage(visit.request);
    if (chosen === undefined) return handle(visit);
    visit.response.append('set-cookie', visit.parts.languageCookie(chosen));
    seeOther(visit.response, visit.request.path);
  };
}

/** Looks nothing up: what previews and prefetches see is the same for every link. */
async function showLink({ response, words, secret, language }: Visit): Promise<void> {
  const body =
    secret === undefined
      ? html`<p>${words.noCookie}</p>`
      : html`<p>${words.text}</p><form method="post"><button>${words.open}</button></form>`;
  sendPage(response, { title: words.title, body }, language);
}

async function openLink(visit: Visit): Promise<void> {
  const { request, response, parts } = visit;
  if (!isSameOrigin(request, parts.origin)) return refuse(visit, 'unknown', undefined);
  const order = await linkedOrder(visit);
  if (order === undefined) return;
  const identity = await parts.identify(request);
  if (identity !== undefined && mayOpen(order, identity)) return opened(visit, order);
  if (order.strength !== 'link') {
    parts.observe('sign-in', order.id);
    await parts.endSession(request, response);
    if (order.strength === 'federated') return askToSignIn(visit, visit.words.signIn);
    return seeOther(response, `/sign-in?back=${ORDER_PATH}`);
  }
  const { patient } = order;
  await parts.startSession(request, response, {
    subject: `link ${patient}`,
    fhirUser: patient,
    strength: 'link',
    order: order.id,
  });
  opened(visit, order);
}

async function openOrder(visit: Visit): Promise<void> {
  const { request, response, parts, words, secret } = visit;
  const identity = await parts.identify(request);
  if (secret === undefined) {
    const order = identity?.order === undefined ? undefined : await readLinkedOrder(identity.order, parts);
    if (identity === undefined || order === undefined || !mayOpen(order, identity))
      return refuse(visit, 'unknown', undefined);
    return opened(visit, order);
  }
  const order = await linkedOrder(visit);
  if (order === undefined) return;
  if (identity === undefined) return seeOther(response, LINK_PATH);
  if (identity.fhirUser !== order.patient) return refuse(visit, 'other-person', order);
  if (!mayOpen(order, identity)) {
    parts.observe('too-weak', order.id);
    return askToSignIn(visit, words.stronger);
  }
  opened(visit, order);
}

/** The open order of the link; undefined where there is none, which has been told. */
async function linkedOrder(visit: Visit): Promise<LinkedOrder | undefined> {
  const { request, response, parts, words, secret, language } = visit;
  const id = secret === undefined ? undefined : await parts.links.find(secret);
  const order = id === undefined ? undefined : await readLinkedOrder(id, parts);
  if (order === undefined) {
    // a ward, and a mobile operator's customers, share an address: whose link is right never waits for others
    if (await parts.exceeded(request)) {
      parts.observe('too-many', undefined);
      sendTold(response, language, { title: words.refusedTitle, text: words.wait, status: 429 });
    } else refuse(visit, 'unknown', undefined);
    return undefined;
  }
  if (order.state === 'open') return order;
  const told =
    order.state === 'answered'
      ? { title: words.answeredTitle, text: words.answered }
      : { title: words.endedTitle, text: words.ended };
  visit.forget();
  parts.observe(order.state, order.id);
  sendTold(response, language, { ...told, status: 410 });
  return undefined;
}

function opened(visit: Visit, order: LinkedOrder): void {
  const { response, parts } = visit;
  visit.forget();
  parts.observe('opened', order.id);
  seeOther(response, `${parts.patientApp}?order=${encodeURIComponent(order.id)}`);
}

function askToSignIn({ response, parts, language }: Visit, text: string): void {
  sendSignIn(response, language, text, parts.patientChoices(language), ORDER_PATH);
}

/** The same words whatever the reason: a link must not tell whose it is. */
function refuse(visit: Visit, outcome: LinkOutcome, order: LinkedOrder | undefined): void {
  const { response, parts, words, language } = visit;
  visit.forget();
  parts.observe(outcome, order?.id);
  sendTold(response, language, { title: words.refusedTitle, text: words.refused, status: 404 });
}
