import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import type { SignInCookies } from '../accounts/cookies.ts';
import type { Identity } from '../identity.ts';
import { type PageLanguage, pageLanguage } from '../pages/language.ts';
import { chosenLanguage, readerLanguage, sendPage } from '../pages/page-answer.ts';
import type { ClientDirectory } from './client-directory.ts';
import { readForm } from './form-body.ts';
import { takeLaunch } from './launches.ts';
import { type GrantParts, makeGrant } from './make-grant.ts';
import { consentPage } from './pages/consent-page.ts';
import {
  type Details,
  identityBefore,
  knownPatient,
  needsPatient,
  type PendingConsent,
  pendingOf,
} from './pending-consent.ts';

/** Whom the pages ask about patients. */
export interface PatientChoice {
  /** Patients whom somebody may read, at most 20. @param text words of a name or a date of birth; empty: any */
  patients(who: Identity, text: string): Promise<readonly { readonly id: string; readonly display: string }[]>;
  /** Whether somebody may read a patient. @param id of the Patient */
  mayRead(who: Identity, id: string): Promise<boolean>;
  /** Whom a course or an encounter is about, as `Patient/x`; undefined where it may not be read. */
  patientOf(who: Identity, reference: string): Promise<string | undefined>;
}

export interface ConsentParts extends GrantParts {
  readonly clients: ClientDirectory;
  readonly choice: PatientChoice;
  readonly cookies: Pick<SignInCookies, 'language'>;
}

/**
 * The step after somebody has signed in: which patient is it about, and do they agree? Goes on at once where neither has
 * to be asked; answers with a page otherwise, and takes what is posted from it.
 */
export async function consent(
  provider: Provider,
  parts: ConsentParts,
  request: Request,
  response: Response,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  const pending = await pendingOf(details, parts);
  if (pending === undefined) return deny(provider, request, response);
  const form = request.method === 'POST' ? await ownForm(request) : new URLSearchParams();
  if (form === undefined || form.get('decision') === 'deny') return deny(provider, request, response);
  const known = knownPatient(pending);
  const agreed = pending.client.preapproved || form.get('decision') === 'allow';
  const chosen = form.get('decision') === 'allow' ? form.get('patient') : null;
  if (agreed && (known !== undefined || !needsPatient(pending) || chosen !== null)) {
    const patient = known ?? (needsPatient(pending) ? (chosen ?? undefined) : undefined);
    return conclude(provider, parts, pending, patient, { request, response, details });
  }
  const text = (form.get('text') ?? '').slice(0, 100);
  const asksPatient = needsPatient(pending) && known === undefined;
  const language = languageOf(request, parts, pending);
  const page = consentPage({
    language,
    clientName: pending.client.name,
    scopes: pending.client.preapproved ? undefined : pending.scopes,
    patients: asksPatient ? await parts.choice.patients(identityBefore(pending), text) : undefined,
    text,
  });
  sendPage(response, page, language);
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly details: Details;
}

async function conclude(
  provider: Provider,
  parts: ConsentParts,
  pending: PendingConsent,
  patient: string | undefined,
  { request, response, details }: Exchange,
): Promise<void> {
  const { client, who, scopes, launch } = pending;
  const own = who.fhirUser === `Patient/${patient}`;
  if (patient !== undefined && !own && !(await parts.choice.mayRead(identityBefore(pending), patient))) {
    return deny(provider, request, response);
  }
  if (launch !== undefined) {
    const taken = await takeLaunch(parts.db, parts.secrets, String(details.params.launch), parts.now());
    if (taken === undefined) return deny(provider, request, response);
  }
  const context = { ...launch?.context, ...(patient !== undefined && { patient }) };
  const grant = await makeGrant(provider, parts, { client, who, scopes, context });
  if (grant === undefined) return deny(provider, request, response);
  await provider.interactionFinished(request, response, {
    login: { accountId: who.account, remember: false, ts: who.at },
    consent: { grantId: grant.id },
  });
}

/** A form of our own page: the cookie that it needs is not sent from elsewhere (SameSite), and neither is this. */
async function ownForm(request: Request): Promise<URLSearchParams | undefined> {
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' ? readForm(request) : undefined;
}

async function deny(provider: Provider, request: Request, response: Response): Promise<void> {
  await provider.interactionFinished(request, response, { error: 'access_denied' }, { mergeWithLastSubmission: false });
}

/** As chosen on the page, else as the app says (OpenID Connect, `ui_locales`), else as chosen before or preferred. */
function languageOf(request: Request, { cookies }: ConsentParts, { languages }: PendingConsent): PageLanguage {
  const [said] = languages.split(' ').flatMap((tag) => pageLanguage(tag) ?? []);
  return chosenLanguage(request) ?? said ?? readerLanguage(request, cookies.language(request));
}
