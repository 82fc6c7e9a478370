import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import { scopeList } from '../../access/scopes.ts';
import type { ClientDirectory } from './client-directory.ts';
import { InteractionLost, type Interactions, SIGN_IN_PATH } from './interaction.ts';
import type { ProviderCache } from './provider-cache.ts';

/** What pages of sign-in need, by oidc-provider's interactions. */
export function interactions({
  providers,
  clients,
  baseUrl,
}: {
  readonly clients: ClientDirectory;
  readonly providers: ProviderCache;
  readonly baseUrl: string;
}): Interactions {
  const details = async (request: IncomingMessage, response: ServerResponse) => {
    const provider = await providers.get();
    try {
      return { provider, details: await provider.interactionDetails(request, response) };
    } catch (problem) {
      throw problem instanceof errors.SessionNotFound ? new InteractionLost() : problem;
    }
  };
  return {
    async interactionDetails(request, response) {
      const found = await details(request, response).catch((problem: unknown) => {
        if (problem instanceof InteractionLost) return undefined;
        throw problem;
      });
      if (found === undefined) return undefined;
      const { uid, params } = found.details;
      const text = (name: string) => (typeof params[name] === 'string' ? params[name] : undefined);
      const client = await clients(text('client_id') ?? '');
      if (client === undefined) return undefined;
      return {
        uid,
        client: { id: client.id, name: client.name },
        scope: text('scope') ?? '',
        loginHint: text('login_hint'),
        anew: scopeList(text('prompt') ?? '').includes('login') || params.max_age !== undefined,
      };
    },
    async finishSignIn(request, response, who) {
      const { provider, details: found } = await details(request, response);
      await provider.interactionResult(request, response, { signedIn: { ...who } }, { mergeWithLastSubmission: false });
      // the patient and the consent come next: src/identity/oauth/consent.ts
      response
        .writeHead(303, { location: `${baseUrl}${SIGN_IN_PATH}/${found.uid}/consent`, 'cache-control': 'no-store' })
        .end();
    },
    async cancelSignIn(request, response) {
      const { provider } = await details(request, response);
      const denied = { error: 'access_denied' };
      await provider.interactionFinished(request, response, denied, { mergeWithLastSubmission: false });
    },
  };
}
