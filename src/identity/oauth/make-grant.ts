import type Provider from 'oidc-provider';
import { isResourceScope } from '../../access/scopes.ts';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { type ClientRegistration, isUnrestricted } from './clients.ts';
import { endGrants, type Grant, type LaunchContext, storeGrant } from './grants.ts';
import type { SignedIn } from './interaction.ts';
import { grantLifetime } from './lifetimes.ts';

export interface GrantParts {
  readonly db: Queryable;
  readonly secrets: Secrets;
  readonly fhirBase: string;
  /** ms since 1970 */
  readonly now: () => number;
  /** Whether a sign-in has not been ended: by signing out, a lock, a new password. */
  readonly sessionStands: (session: string) => Promise<boolean>;
}

/**
 * Makes and stores what stands behind the tokens to come; undefined where the sign-in has ended since: the page of consent
 * may have stood open for half an hour.
 */
export async function makeGrant(
  provider: Provider,
  { db, secrets, fhirBase, now, sessionStands }: GrantParts,
  given: {
    readonly client: ClientRegistration;
    readonly who: SignedIn;
    readonly scopes: readonly string[];
    readonly context: LaunchContext;
  },
): Promise<Grant | undefined> {
  const { client, who, scopes, context } = given;
  const made = new provider.Grant({ accountId: who.account, clientId: client.id });
  const resources = scopes.filter(isResourceScope);
  made.addOIDCScope(scopes.filter((scope) => !isResourceScope(scope)).join(' '));
  if (resources.length > 0) made.addResourceScope(fhirBase, resources.join(' '));
  const grant: Grant = {
    ...who,
    id: await made.save(),
    client: client.id,
    // who was asked agreed to what the page said, and that was not everything
    full: isUnrestricted(client) && client.preapproved && resources.length === 0,
    offline: scopes.includes('offline_access'),
    context,
  };
  await storeGrant(db, secrets, grant, now() + grantLifetime(scopes.join(' ')) * 1000);
  // looked at when the grant is there: whoever ends the sign-in after this finds the grant, and ends it too
  if (await sessionStands(who.session)) return grant;
  await endGrants(db, { grant: grant.id });
  return undefined;
}
