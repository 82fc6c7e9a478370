import type Provider from 'oidc-provider';
import { isResourceScope } from '../../access/scopes.ts';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { type ClientRegistration, isUnrestricted } from './clients.ts';
import { type Grant, type LaunchContext, storeGrant } from './grants.ts';
import type { SignedIn } from './interaction.ts';
import { grantLifetime } from './lifetimes.ts';

export interface GrantParts {
  readonly db: Queryable;
  readonly secrets: Secrets;
  readonly fhirBase: string;
  /** ms since 1970 */
  readonly now: () => number;
}

/** Makes and stores what stands behind the tokens to come. */
export async function makeGrant(
  provider: Provider,
  { db, secrets, fhirBase, now }: GrantParts,
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
