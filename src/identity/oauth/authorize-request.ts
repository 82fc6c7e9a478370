import { scopeList } from '../../access/scopes.ts';
import type { ClientDirectory } from './client-directory.ts';
import { grantedScopes } from './granted-scopes.ts';

/**
 * The query of an authorization request as oidc-provider is given it: with the scopes that the client may be given, and
 * `prompt=consent` beside `offline_access`, without which OpenID Connect (section 11) would drop that scope. A request
 * that says a parameter twice, or asks for scopes that cannot be understood, is left for the provider to refuse.
 */
export async function completedQuery(search: string, clients: ClientDirectory): Promise<string> {
  const query = new URLSearchParams(search);
  const [id, scope] = ['client_id', 'scope'].map((name) => (query.getAll(name).length === 1 ? query.get(name) : null));
  const client = await clients(id ?? '');
  if (client === undefined || typeof scope !== 'string') return search;
  const { scopes, faulty } = grantedScopes(scope, client);
  if (faulty.length > 0) return search;
  query.set('scope', scopes.join(' '));
  const prompts = scopeList(query.get('prompt') ?? '');
  if (scopes.includes('offline_access') && query.getAll('prompt').length <= 1 && !prompts.includes('none')) {
    query.set('prompt', [...new Set([...prompts, 'consent'])].join(' '));
  }
  return query.toString();
}
