import type Provider from 'oidc-provider';
import { scopeList } from '../../access/scopes.ts';
import type { Identity } from '../identity.ts';
import { identityOf } from './access-token.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { ClientRegistration } from './clients.ts';
import type { SignedIn } from './interaction.ts';
import { type Launch, launchOf } from './launches.ts';
import type { GrantParts } from './make-grant.ts';

export type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What stands between a sign-in and its code. */
export interface PendingConsent {
  readonly client: ClientRegistration;
  readonly who: SignedIn;
  readonly scopes: readonly string[];
  readonly launch: Launch | undefined;
  /** `ui_locales` as asked for. */
  readonly languages: string;
}

/** What is asked for, by whom; undefined where it can not be given: the launch is not theirs, or the client is gone. */
export async function pendingOf(
  details: Details,
  parts: GrantParts & { readonly clients: ClientDirectory },
): Promise<PendingConsent | undefined> {
  const { client_id: id, scope, launch: parameter, ui_locales: languages } = details.params;
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
  return { client, who, scopes, launch, languages: typeof languages === 'string' ? languages : '' };
}

/** What finishSignIn() has left. */
function signedIn(details: Details): SignedIn | undefined {
  const { result } = details;
  // the interaction is sealed, and nobody but finishSignIn() writes this member
  return result !== undefined && 'signedIn' in result ? (result.signedIn as SignedIn) : undefined;
}

/** Scopes about one patient mean nothing without the patient. */
export function needsPatient({ scopes }: PendingConsent): boolean {
  return scopes.some((scope) => scope === 'launch/patient' || scope.startsWith('patient/'));
}

export function knownPatient(pending: PendingConsent): string | undefined {
  const { launch, who } = pending;
  if (launch !== undefined) return launch.context.patient;
  const [type, id] = who.fhirUser.split('/');
  return type === 'Patient' && needsPatient(pending) ? id : undefined;
}

/** Who chooses: as they may by their role, before any scope narrows it. */
export function identityBefore({ who, client }: PendingConsent): Identity {
  return identityOf({ ...who, id: '', client: client.id, full: true, offline: false, context: {} }, {});
}
