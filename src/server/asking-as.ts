import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../identity/create-identity.ts';
import type { RestHandle } from '../rest/exchange.ts';

/** What pages of sign-in read and do for somebody: through FHIR's REST face, with that person's access, and audited. */
export function askingAs(handle: RestHandle, fhirBase: string): Ask {
  return async (caller, address, given) => {
    const [path = '', query] = address.split('?', 2);
    const asked = path.startsWith('/') ? path : `/${path}`;
    const answer = await handle(caller, {
      ...{ method: given === undefined ? 'GET' : 'POST', path: asked, baseUrl: fhirBase },
      headers: given === undefined ? {} : { 'content-type': 'application/fhir+json' },
      ...(given === undefined ? {} : { body: Buffer.from(JSON.stringify(given)) }),
      ...(query === undefined ? {} : { query }),
    });
    const done = answer.status === 200 || answer.status === 201;
    return done && answer.body !== undefined ? (JSON.parse(answer.body) as Resource) : undefined;
  };
}
