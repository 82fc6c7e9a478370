import type { IncomingMessage } from 'node:http';
import type Provider from 'oidc-provider';
import type { ClientDirectory } from './client-directory.ts';
import { authMethodOf } from './clients.ts';
import { defaultScopes, grantedScopes } from './granted-scopes.ts';

/** Where a code goes that was made by a sign-in without a redirect (issueCode()). */
export const NO_REDIRECT = 'urn:svar:no-redirect';

/**
 * Says what the client leaves out of its request for a token. What is added only names what the code or token itself is
 * bound to, or narrows what is asked for; nobody is let in by it.
 * - fhirclient's public apps send no client_id with a refresh token, MedplumClient an empty one.
 * - MedplumClient says its own address where it signed in without a redirect.
 * - Scopes become those that the client's registration allows.
 */
export async function completed(
  form: URLSearchParams,
  request: IncomingMessage,
  provider: Provider,
  clients: ClientDirectory,
): Promise<URLSearchParams> {
  const made = new URLSearchParams(form);
  if (made.get('client_id') === '') made.delete('client_id');
  const grantType = made.get('grant_type');
  if (grantType === 'authorization_code') {
    const code = await provider.AuthorizationCode.find(made.get('code') ?? '');
    if (code?.redirectUri === NO_REDIRECT) made.set('redirect_uri', NO_REDIRECT);
    await nameClient(made, request, clients, code?.clientId);
  } else if (grantType === 'refresh_token') {
    const token = await provider.RefreshToken.find(made.get('refresh_token') ?? '');
    await nameClient(made, request, clients, token?.clientId);
  } else if (grantType === 'client_credentials') {
    await narrow(made, request, clients);
  }
  return made;
}

async function nameClient(
  form: URLSearchParams,
  request: IncomingMessage,
  clients: ClientDirectory,
  id: string | undefined,
): Promise<void> {
  const says = ['client_id', 'client_secret', 'client_assertion'].some((name) => form.has(name));
  if (id === undefined || says || request.headers.authorization !== undefined) return;
  const client = await clients(id);
  if (client !== undefined && authMethodOf(client) === 'none') form.set('client_id', id);
}

async function narrow(form: URLSearchParams, request: IncomingMessage, clients: ClientDirectory): Promise<void> {
  const client = await clients(claimedClient(form, request) ?? '');
  if (client === undefined || form.getAll('scope').length > 1) return;
  const asked = form.get('scope') ?? '';
  const { scopes, faulty } = grantedScopes(asked, client);
  // a faulty one is left for the provider to refuse
  const given = asked === '' ? defaultScopes(client) : faulty.length > 0 ? [asked] : scopes;
  if (given.length > 0) form.set('scope', given.join(' '));
}

/** Who the client says that it is; the provider finds out whether it is true. */
function claimedClient(form: URLSearchParams, { headers }: IncomingMessage): string | undefined {
  const named = form.get('client_id');
  if (named !== null) return named;
  const [, basic] = /^Basic (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  try {
    if (basic !== undefined) {
      return decodeURIComponent(Buffer.from(basic, 'base64').toString().split(':')[0]?.replace(/\+/g, ' ') ?? '');
    }
    const claims: unknown = JSON.parse(
      Buffer.from(form.get('client_assertion')?.split('.')[1] ?? '', 'base64url').toString(),
    );
    return typeof claims === 'object' && claims !== null && 'sub' in claims ? String(claims.sub) : undefined;
  } catch {
    return undefined;
  }
}
