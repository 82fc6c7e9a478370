import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { isResourceScope, scopeList } from '../../access/scopes.ts';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import type { Identity } from '../identity.ts';
import { identityOf } from './access-token.ts';
import type { ClientDirectory } from './client-directory.ts';
import { type ClientRegistration, isUnrestricted } from './clients.ts';
import { readForm } from './form-body.ts';
import { type Grant, type LaunchContext, storeGrant } from './grants.ts';
import type { SignedIn } from './interaction.ts';
import { type Launch, launchOf, takeLaunch } from './launches.ts';
import { grantLifetime } from './lifetimes.ts';
import { consentPage } from './pages/consent-page.ts';
import { pageLanguage, STYLE } from './pages/words.ts';

/** Whom the pages ask about patients. */
export interface PatientChoice {
  /** Patients whom somebody may read, at most 20. @param text words of a name or a date of birth; empty: any */
  patients(who: Identity, text: string): Promise<readonly { readonly id: string; readonly display: string }[]>;
  /** Whether somebody may read a patient. @param id of the Patient */
  mayRead(who: Identity, id: string): Promise<boolean>;
  /** Whom a course or an encounter is about, as `Patient/x`; undefined where it may not be read. */
  patientOf(who: Identity, reference: string): Promise<string | undefined>;
}

export interface ConsentParts {
  readonly db: Queryable;
  readonly secrets: Secrets;
  readonly clients: ClientDirectory;
  readonly choice: PatientChoice;
  readonly fhirBase: string;
  /** ms since 1970 */
  readonly now: () => number;
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What stands between a sign-in and its code. */
interface Pending {
  readonly client: ClientRegistration;
  readonly who: SignedIn;
  readonly scopes: readonly string[];
  readonly launch: Launch | undefined;
  readonly languages: string;
  readonly redirectOrigin: string;
}

/**
 * The step after somebody has signed in: which patient is it about, and do they agree? Goes on at once where neither has
 * to be asked; answers with a page otherwise, and takes what is posted from it.
 */
export async function consent(
  provider: Provider,
  parts: ConsentParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  const pending = await pendingOf(details, parts, request);
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
  const body = consentPage({
    language: pageLanguage(pending.languages),
    clientName: pending.client.name,
    scopes: pending.client.preapproved ? undefined : pending.scopes,
    patients: asksPatient ? await parts.choice.patients(identityBefore(pending), text) : undefined,
    text,
  });
  response.writeHead(200, pageHeaders(pending.redirectOrigin)).end(body);
}

async function pendingOf(
  details: Details,
  parts: ConsentParts,
  request: IncomingMessage,
): Promise<Pending | undefined> {
  const { client_id: id, scope, launch: parameter, redirect_uri: redirect, ui_locales: locales } = details.params;
  const client = await parts.clients(String(id));
  const who = signedIn(details);
  if (client === undefined || who === undefined) return undefined;
  const scopes = scopeList(typeof scope === 'string' ? scope : '');
  const wantsLaunch = scopes.includes('launch');
  const launch =
    wantsLaunch && typeof parameter === 'string'
      ? await launchOf(parts.db, parts.secrets, parameter, parts.now())
      : undefined;
  if (wantsLaunch && (launch === undefined || launch.client !== client.id || launch.user !== who.fhirUser)) {
    return undefined;
  }
  const languages = `${typeof locales === 'string' ? locales : ''} ${request.headers['accept-language'] ?? ''}`.trim();
  return { client, who, scopes, launch, languages, redirectOrigin: new URL(String(redirect)).origin };
}

/** What finishSignIn() has left. */
export function signedIn(details: Details): SignedIn | undefined {
  const { result } = details;
  // the interaction is sealed, and nobody but finishSignIn() writes this member
  return result !== undefined && 'signedIn' in result ? (result.signedIn as SignedIn) : undefined;
}

/** Scopes about one patient mean nothing without the patient. */
function needsPatient({ scopes }: Pending): boolean {
  return scopes.some((scope) => scope === 'launch/patient' || scope.startsWith('patient/'));
}

function knownPatient(pending: Pending): string | undefined {
  const { launch, who } = pending;
  if (launch !== undefined) return launch.context.patient;
  const [type, id] = who.fhirUser.split('/');
  return type === 'Patient' && needsPatient(pending) ? id : undefined;
}

/** Who chooses: as they may by their role, before any scope narrows it. */
function identityBefore({ who, client }: Pending): Identity {
  return identityOf({ ...who, id: '', client: client.id, full: true, offline: false, context: {} }, {});
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly details: Details;
}

async function conclude(
  provider: Provider,
  parts: ConsentParts,
  pending: Pending,
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
  await provider.interactionFinished(request, response, {
    login: { accountId: who.account, remember: false, ts: who.at },
    consent: { grantId: grant.id },
  });
}

/** Makes and stores what stands behind the tokens to come. */
export async function makeGrant(
  provider: Provider,
  { db, secrets, fhirBase, now }: Pick<ConsentParts, 'db' | 'secrets' | 'fhirBase' | 'now'>,
  given: {
    readonly client: ClientRegistration;
    readonly who: SignedIn;
    readonly scopes: readonly string[];
    readonly context: LaunchContext;
  },
): Promise<Grant> {
  const { client, who, scopes, context } = given;
  const made = new provider.Grant({ accountId: who.account, clientId: client.id });
  const resources = scopes.filter(isResourceScope);
  made.addOIDCScope(scopes.filter((scope) => !isResourceScope(scope)).join(' '));
  if (resources.length > 0) made.addResourceScope(fhirBase, resources.join(' '));
  const grant: Grant = {
    ...who,
    id: await made.save(),
    client: client.id,
    full: isUnrestricted(client) && resources.length === 0,
    offline: scopes.includes('offline_access'),
    context,
  };
  await storeGrant(db, secrets, grant, now() + grantLifetime(scopes.join(' ')) * 1000);
  return grant;
}

/** A form of our own page: the cookie that it needs is not sent from elsewhere (SameSite), and neither is this. */
async function ownForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' ? readForm(request) : undefined;
}

async function deny(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await provider.interactionFinished(request, response, { error: 'access_denied' }, { mergeWithLastSubmission: false });
}

/** The browser follows the form's redirects to the app, which form-action must allow. */
export function pageHeaders(redirectOrigin: string): Record<string, string> {
  const style = createHash('sha256').update(STYLE).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${style}'; form-action 'self' ${redirectOrigin}; frame-ancestors 'none'; base-uri 'none'`,
  };
}
