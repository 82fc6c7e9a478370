import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import express, { type Request, type Response, type Router } from 'express';
import { ACCOUNT, CLINICIAN_APP, HOME, PATIENT_APP } from '../identity/home.ts';
import type { Identity } from '../identity/identity.ts';
import { Unauthenticated } from '../identity/unauthenticated.ts';
import { assets } from './assets.ts';
import type { FilledPage, FillPage } from './first-page.ts';
import type { ReadPatientSession } from './patient-session.ts';
import { sendHtml } from './send-html.ts';

export interface AppsParts {
  /** The folder of the built apps: `patient` and `clinician` are in it. */
  readonly folder: string;
  /** Who has signed in in this browser; undefined: nobody. */
  readonly identify: (request: Request) => Promise<Identity | undefined>;
  readonly patientSession: ReadPatientSession;
  readonly fillPage: FillPage;
}

const SERVICE_WORKER = `${PATIENT_APP}service-worker.js`;
const SHELL = `${PATIENT_APP}shell`;
const NONCE = '%STYLE_NONCE%';
const NONCE_BYTES = 16;

/**
 * The two web apps, and the way to them: `/` leads who has signed in to the app that is theirs, everybody else to the
 * sign-in. Every address below an app is its page: the app reads the rest itself.
 */
export function appsRouter({ folder, identify, patientSession, fillPage }: AppsParts): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get(HOME, async (request, response) => {
    const identity = await identify(request).catch(nobodyWhere);
    response.set('cache-control', 'no-store').redirect(303, identity === undefined ? '/sign-in' : appOf(identity));
  });
  router.get(SERVICE_WORKER, (_request, response) => sendServiceWorker(response, path.join(folder, SERVICE_WORKER)));
  // the app without anybody in it, which browsers keep for when there is no net
  router.get(SHELL, (request, response) => sendPage(request, response, path.join(folder, PATIENT_APP)));
  router.get(PATIENT_APP, async (request, response) => {
    const found = await patientSession(request);
    const { order } = request.query;
    const fill = found && ((page: string) => fillPage(page, found, typeof order === 'string' ? order : undefined));
    await sendPage(request, response, path.join(folder, PATIENT_APP), fill);
  });
  for (const app of [PATIENT_APP, CLINICIAN_APP]) {
    const own = path.join(folder, app);
    router.use(`${app}assets`, assets(path.join(own, 'assets')));
    router.get(app.slice(0, -1), (request, response) => response.redirect(308, app + queryOf(request)));
    router.get([app, `${app}*path`], (request, response) => sendPage(request, response, own));
  }
  return router;
}

/** Staff without a role, and who is nobody here yet, find on the page about their sign-in what they can do. */
function appOf({ fhirUser, role }: Identity): string {
  if (fhirUser?.startsWith('Patient/') === true) return PATIENT_APP;
  return role === undefined ? ACCOUNT : CLINICIAN_APP;
}

/** Who comes from another site, or with a session that has ended, signs in. */
function nobodyWhere(problem: unknown): undefined {
  if (!(problem instanceof Unauthenticated)) throw problem;
}

/** Browsers look for a new one at each visit; it fetches from this server alone, as the page's policy says. */
function sendServiceWorker(response: Response, file: string): void {
  response.set('cache-control', 'no-cache').sendFile(file, { cacheControl: false });
}

function queryOf({ originalUrl }: Request): string {
  const at = originalUrl.indexOf('?');
  return at < 0 ? '' : originalUrl.slice(at);
}

/** The clinician app's components write style elements, which carry this answer's nonce; scripts are files, all of them. */
async function sendPage(
  request: Request,
  response: Response,
  folder: string,
  fill?: (page: string) => Promise<FilledPage>,
): Promise<void> {
  const built = await readFile(path.join(folder, 'index.html'), 'utf8');
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const ofNonce = built.includes(NONCE) ? ` 'nonce-${nonce}'` : '';
  // before anything is filled in: what a form or a person says is left as it is
  const empty = built.replaceAll(NONCE, nonce);
  const { html, style } = fill === undefined ? { html: empty, style: undefined } : await fill(empty);
  const styles = style === undefined ? ofNonce : ` 'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  response.set({
    'cache-control': fill === undefined ? 'no-cache' : 'no-store',
    // the form that signs out names its origin: see PAGE_HEADERS
    'referrer-policy': 'same-origin',
    'content-security-policy':
      `default-src 'none'; script-src 'self'; style-src 'self'${styles}; img-src 'self' data: blob:; font-src 'self'; ` +
      "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  });
  await sendHtml(request, response, html);
}
