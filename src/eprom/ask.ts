import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import type { RestHandle } from '../rest/exchange.ts';

/** FHIR as one caller: their access, their audit, the same validation as for everybody. */
export class Ask {
  readonly #handle: RestHandle;
  readonly #caller: Caller;
  readonly #baseUrl: string;

  constructor(handle: RestHandle, caller: Caller, baseUrl: string) {
    this.#handle = handle;
    this.#caller = caller;
    this.#baseUrl = baseUrl;
  }

  /** All that a search finds on its first page; the criteria go in the body, since they may hold a national number. */
  async search<R extends Resource>(type: R['resourceType'], criteria: Readonly<Record<string, string>>): Promise<R[]> {
    const found = (await this.#send('POST', `/${type}/_search`, new URLSearchParams(criteria).toString())) as Bundle<R>;
    return (found.entry ?? []).flatMap(({ resource }) => resource ?? []);
  }

  async read<R extends Resource>(type: R['resourceType'], id: string): Promise<R> {
    return (await this.#send('GET', `/${type}/${id}`)) as R;
  }

  /** A transaction, a create or an update. */
  async write<R extends Resource>(resource: R): Promise<Resource> {
    if (resource.resourceType === 'Bundle') return this.#send('POST', '/', resource);
    return resource.id === undefined
      ? this.#send('POST', `/${resource.resourceType}`, resource)
      : this.#send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
  }

  /** @throws FhirError with what the FHIR face refused */
  async #send(method: string, path: string, body?: Resource | string): Promise<Resource> {
    const asForm = typeof body === 'string';
    const answer = await this.#handle(this.#caller, {
      method,
      path,
      baseUrl: this.#baseUrl,
      headers: {
        'content-type': asForm ? 'application/x-www-form-urlencoded' : 'application/fhir+json',
        prefer: 'return=representation',
      },
      ...(body === undefined ? {} : { body: Buffer.from(asForm ? body : JSON.stringify(body)) }),
    });
    const told = answer.body === undefined ? undefined : (JSON.parse(answer.body) as Resource);
    if (answer.status >= 300 || told === undefined) {
      const issue = (told as OperationOutcome | undefined)?.issue?.[0];
      throw fhirError(answer.status, 'processing', issue?.diagnostics ?? 'It was refused.');
    }
    return told;
  }
}
