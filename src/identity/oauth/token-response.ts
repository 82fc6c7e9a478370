import type { KoaContextWithOIDC } from 'oidc-provider';
import { scopeList } from '../../access/scopes.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { Grant } from './grants.ts';

/** A person, or a program, as MedplumClient shows it. */
export interface Profile {
  readonly reference: string;
  readonly display: string;
}

export interface TokenResponseParts {
  readonly clients: ClientDirectory;
  readonly grantOf: (id: string) => Promise<Grant | undefined>;
  /** The name of a Practitioner or Patient. @param reference such as `Practitioner/x` */
  readonly nameOf: (reference: string) => Promise<string>;
}

/** What MedplumClient calls the installation: there is one. */
const PROJECT: Profile = { reference: 'Project/svar', display: 'Svar' };

/**
 * Adds to a token response what SMART App Launch 2.2 ("Launch context") and MedplumClient look for: the launch context;
 * all scopes that were granted, not only those about resources; who signed in.
 */
export async function completeResponse(ctx: KoaContextWithOIDC, parts: TokenResponseParts): Promise<void> {
  if (ctx.status !== 200 || typeof ctx.body !== 'object' || ctx.body === null) return;
  const { entities, params } = ctx.oidc;
  const source = entities.AuthorizationCode ?? entities.RefreshToken;
  const own = { project: PROJECT };
  if (source === undefined) {
    const client = await parts.clients(entities.Client?.clientId ?? '');
    const scope = entities.ClientCredentials?.scope ?? 'system/*.cruds';
    Object.assign(ctx.body, own, {
      scope,
      profile: { reference: `Device/${client?.id}`, display: client?.name },
    });
    return;
  }
  const grant = await parts.grantOf(source.grantId ?? '');
  if (grant === undefined) return;
  const asked = typeof params?.scope === 'string' ? scopeList(params.scope) : undefined;
  const scopes = scopeList(source.scope ?? '').filter((scope) => asked?.includes(scope) ?? true);
  Object.assign(ctx.body, own, {
    scope: scopes.join(' '),
    profile: { reference: grant.fhirUser, display: await parts.nameOf(grant.fhirUser) },
    ...contextOf(grant),
  });
}

function contextOf({ context: { patient, encounter, course, intent }, fhirUser }: Grant) {
  return {
    ...(patient !== undefined && { patient, need_patient_banner: fhirUser !== `Patient/${patient}` }),
    ...(encounter !== undefined && { encounter }),
    ...(course !== undefined && { fhirContext: [{ reference: course }] }),
    ...(intent !== undefined && { intent }),
  };
}
