import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../identity/create-identity.ts';
import type { RestHandle } from '../rest/exchange.ts';

/** What pages of sign-in read for somebody: through FHIR's REST face, with that person's access, and audited. */
export function askingAs(handle: RestHandle, fhirBase: string): Ask {
  return async (caller, address) => {
    const [path = '', query] = address.split('?', 2);
    const asked = path.startsWith('/') ? path : `/${path}`;
    const answer = await handle(caller, {
      ...{ method: 'GET', path: asked, headers: {}, baseUrl: fhirBase },
      ...(query === undefined ? {} : { query }),
    });
    return answer.status === 200 && answer.body !== undefined ? (JSON.parse(answer.body) as Resource) : undefined;
  };
}
