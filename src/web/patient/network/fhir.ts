import type { Bundle, ExtractResource, OperationOutcome, Resource, ResourceType } from '@medplum/fhirtypes';

/** What the patient's app asks of the server by FHIR: JSON, as whoever's cookie this browser holds. Rejects with these errors alone. */
export interface Fhir {
  read<K extends ResourceType>(type: K, id: string): Promise<ExtractResource<K>>;
  /** The first page of what matches. @param criteria as in an address, without `?` */
  search<K extends ResourceType>(type: K, criteria: Criteria): Promise<readonly ExtractResource<K>[]>;
  /** @param ifNoneExist criteria; where something matches, that comes back and nothing is made */
  create<R extends Resource>(resource: R, ifNoneExist?: Criteria): Promise<R>;
  /** @param ifMatch the version that it replaces */
  update<R extends Resource>(resource: R, ifMatch?: string): Promise<R>;
  /** POST of an operation. @param path below FHIR's base, such as `Task/x/$decline` */
  operation(path: string, parameters?: Resource): Promise<Resource | undefined>;
}

export type Criteria = readonly (readonly [name: string, value: string])[];

/** No answer, or one of a server that is busy or starting: whether it was done is not known, and it may be tried again. */
export class Offline extends Error {
  override readonly name = 'Offline';
}

/** The session has ended, or was another person's. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';
}

/** The server has understood and says no, with why. 412 and 409: somebody else was first. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** Undefined where the answer was none of FHIR's. */
  readonly outcome: OperationOutcome | undefined;

  constructor(status: number, outcome: OperationOutcome | undefined) {
    super(outcome?.issue[0]?.diagnostics ?? outcome?.issue[0]?.details?.text ?? `status ${status}`);
    this.status = status;
    this.outcome = outcome;
  }

  /** Whether it lost against a change by somebody else. */
  get isConflict(): boolean {
    return this.status === 412 || this.status === 409;
  }
}

const FHIR_BASE = '/fhir/R4';
/** After that an answer is taken for lost. A slow telephone sends and gets a large form well within. */
const ANSWER_MS_MAX = 30_000;
/** Fetch, 4.6: 64 KiB of all that is under way together. */
const KEEPALIVE_BYTES_MAX = 48 * 1024;

/**
 * @param fetch the browser's, or a test's
 * @param language that refusals are told in: the page's now, whatever the browser's own is
 */
export function fhirOver(fetch: typeof globalThis.fetch, language: () => string): Fhir {
  const ask = (method: string, path: string, given: Given = {}): Promise<Resource | undefined> =>
    asked(fetch, `${FHIR_BASE}/${path}`, { method, ...request(given, language()) });
  return {
    read: async (type, id) => expected(type, await ask('GET', `${type}/${id}`)),
    async search(type, criteria) {
      const { entry = [] }: Bundle = expected('Bundle', await ask('GET', `${type}?${asQuery(criteria)}`));
      return entry.flatMap(({ resource, search }) =>
        resource?.resourceType === type && (search?.mode ?? 'match') === 'match' ? [expected(type, resource)] : [],
      );
    },
    async create<R extends Resource>(resource: R, ifNoneExist?: Criteria) {
      const condition = ifNoneExist && (['if-none-exist', asQuery(ifNoneExist)] as const);
      const made = await ask('POST', resource.resourceType, { body: resource, condition });
      return expected(resource.resourceType, made) as Resource as R;
    },
    async update<R extends Resource>(resource: R, ifMatch?: string) {
      const condition = ifMatch === undefined ? undefined : (['if-match', `W/"${ifMatch}"`] as const);
      const stored = await ask('PUT', `${resource.resourceType}/${resource.id}`, { body: resource, condition });
      return expected(resource.resourceType, stored) as Resource as R;
    },
    operation: (path, parameters) => ask('POST', path, { body: parameters }),
  };
}

interface Given {
  readonly body?: Resource | undefined;
  readonly condition?: readonly [header: string, value: string] | undefined;
}

/** What is sent goes on when its page is closed, unless it is larger than browsers let such a request be. */
function request({ body, condition = ['x-medplum', 'extended'] }: Given, language: string): RequestInit {
  // a header of our own: no other site's page can send it
  const headers = {
    ...{ accept: 'application/fhir+json', 'accept-language': language, 'x-medplum': 'extended' },
    [condition[0]]: condition[1],
  };
  if (body === undefined) return { headers };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const type = { 'content-type': 'application/fhir+json' };
  return { headers: { ...headers, ...type }, body: bytes, keepalive: bytes.length <= KEEPALIVE_BYTES_MAX };
}

/** One request and its answer. @throws Offline, SignedOut, Refused */
async function asked(
  fetch: typeof globalThis.fetch,
  address: string,
  request: RequestInit,
): Promise<Resource | undefined> {
  const answer = await fetch(address, { ...request, signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(lost);
  if (answer.status === 401) throw new SignedOut();
  if (answer.status === 429 || answer.status >= 500) throw new Offline(`status ${answer.status}`);
  const text = await answer.text().catch(lost);
  const body = resourceOf(text);
  if (answer.ok) {
    if (text !== '' && body === undefined) throw new Offline('an answer that is none of FHIR');
    return body;
  }
  throw new Refused(answer.status, body?.resourceType === 'OperationOutcome' ? body : undefined);
}

function lost(problem: unknown): never {
  throw new Offline(problem instanceof Error ? problem.message : 'no answer');
}

/** What came over the network, if it is a resource at all; a hotel's sign-in page is none. */
function resourceOf(text: string): Resource | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isResource =
      typeof value === 'object' && value !== null && typeof Reflect.get(value, 'resourceType') === 'string';
    return isResource ? (value as Resource) : undefined;
  } catch {
    return undefined;
  }
}

function expected<K extends ResourceType>(type: K, resource: Resource | undefined): ExtractResource<K> {
  if (resource?.resourceType !== type) throw new Offline(`an answer that is no ${type}`);
  return resource as ExtractResource<K>;
}

function asQuery(criteria: Criteria): string {
  return criteria.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

/** The browser's own. */
export const fhir: Fhir = fhirOver(
  (...request) => globalThis.fetch(...request),
  () => globalThis.document?.documentElement.lang ?? '',
);
