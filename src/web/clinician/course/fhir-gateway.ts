import type { MedplumClient } from '@medplum/core';
import { OperationOutcomeError } from '@medplum/core';
import type { Bundle, OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';

/*
 * FHIR's requests as this page makes them: always what is stored now (the client keeps answers for some seconds, which a
 * worklist may, and a form must not), and refusals as values where a person has to read them.
 */

/** What a write came to. */
export type Written<T> =
  | { readonly kind: 'stored'; readonly resource: T }
  /** Somebody else has changed it meanwhile (412), or made the same (409). */
  | { readonly kind: 'newer'; readonly issues: readonly OperationOutcomeIssue[] }
  | { readonly kind: 'refused'; readonly issues: readonly OperationOutcomeIssue[] }
  /** No answer came, or none that says anything about it: it may be tried again. */
  | { readonly kind: 'unreachable' };

/** @throws OperationOutcomeError as the client does */
export async function readNow<T extends Resource>(
  client: MedplumClient,
  type: T['resourceType'],
  id: string,
): Promise<T> {
  return ofType<T>(await client.get(client.fhirUrl(type, id), { cache: 'reload' }), type);
}

/** All that a search finds, page by page. */
export async function searchNow(client: MedplumClient, query: string): Promise<Resource[]> {
  const found: Resource[] = [];
  let url: string | undefined = new URL(query, client.fhirUrl('Bundle')).toString();
  while (url !== undefined) {
    const bundle: Bundle = ofType<Bundle>(await client.get(url, { cache: 'reload' }), 'Bundle');
    found.push(
      ...(bundle.entry ?? []).flatMap(({ resource, search }) =>
        resource === undefined || search?.mode === 'outcome' ? [] : [resource],
      ),
    );
    url = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}

/** Those of one type. */
export function only<T extends Resource>(resources: readonly Resource[], type: T['resourceType']): T[] {
  return resources.filter((one): one is T => one.resourceType === type);
}

/** Stores the next version of a resource, if nobody has stored another since `resource.meta.versionId`. */
export function storeNext<T extends Resource>(client: MedplumClient, resource: T): Promise<Written<T>> {
  const version = resource.meta?.versionId;
  const headers = version === undefined ? undefined : { 'If-Match': `W/"${version}"` };
  return written(resource.resourceType, () =>
    client.put(client.fhirUrl(resource.resourceType, resource.id ?? ''), resource, undefined, {
      ...(headers && { headers }),
      ...ONCE,
    }),
  );
}

/** @param unless a search that must find nothing; what it finds is answered instead */
export function storeNew<T extends Resource>(client: MedplumClient, resource: T, unless?: string): Promise<Written<T>> {
  return written(resource.resourceType, () =>
    client.post(client.fhirUrl(resource.resourceType), resource, undefined, {
      ...(unless === undefined ? {} : { headers: { 'If-None-Exist': unless } }),
      ...ONCE,
    }),
  );
}

/** Takes a resource away. */
export function take(
  client: MedplumClient,
  type: Resource['resourceType'],
  id: string,
): Promise<Written<OperationOutcome>> {
  return written('OperationOutcome', () => client.delete(client.fhirUrl(type, id), ONCE));
}

/** An operation with its parameters in the address. */
export function operate(
  client: MedplumClient,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Written<Resource>> {
  const query = new URLSearchParams(parameters).toString();
  return written(undefined, () =>
    client.post(`${client.fhirUrl(path)}${query === '' ? '' : `?${query}`}`, undefined, undefined, ONCE),
  );
}

/** A person waits, and decides whether to try again. */
const ONCE = { maxRetries: 0 } as const;

async function written<T extends Resource>(type: string | undefined, act: () => Promise<unknown>): Promise<Written<T>> {
  return attempted(async () => ({ kind: 'stored', resource: ofType<T>(await act(), type) }));
}

/** What an act comes to that reads before it writes: a refusal of either is told alike. */
export async function attempted<T>(act: () => Promise<Written<T>>): Promise<Written<T>> {
  try {
    return await act();
  } catch (problem) {
    if (!(problem instanceof OperationOutcomeError)) return { kind: 'unreachable' };
    const issues = problem.outcome.issue ?? [];
    const codes = issues.map(({ code }) => code);
    if (codes.includes('conflict') || isPrecondition(problem.outcome)) return { kind: 'newer', issues };
    if (codes.every((code) => TRANSIENT.includes(code ?? ''))) return { kind: 'unreachable' };
    return { kind: 'refused', issues };
  }
}

const TRANSIENT = ['transient', 'timeout', 'throttled', 'lock-error', 'exception', 'no-store'];

/** MedplumClient answers a 412 in its own words. */
function isPrecondition({ id }: OperationOutcome): boolean {
  return id === 'precondition-failed';
}

function ofType<T extends Resource>(value: unknown, type: string | undefined): T {
  const resource = typeof value === 'object' && value !== null ? (value as { resourceType?: unknown }) : {};
  if (type !== undefined && resource.resourceType !== type && resource.resourceType !== undefined) {
    throw new TypeError(`The server answered with a ${String(resource.resourceType)}, not a ${type}.`);
  }
  return resource as T;
}
