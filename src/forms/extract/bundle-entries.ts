import type { Bundle, BundleEntry } from '@medplum/fhirtypes';

/** The entries of a Bundle that was made from a template: those whose resource came to nothing are left out. */
export function entriesOf({ entry = [] }: Bundle): readonly BundleEntry[] {
  return entry.flatMap(({ resource, request, ...rest }) => {
    if (resource === undefined) {
      const { method } = request ?? {};
      return method === 'DELETE' || method === 'GET' ? [{ ...rest, request }] : [];
    }
    const { resourceType, id } = resource;
    const told =
      id === undefined ? { method: 'POST', url: resourceType } : { method: 'PUT', url: `${resourceType}/${id}` };
    return [{ ...rest, resource, request: { ...told, ...request } as BundleEntry['request'] }];
  });
}

/** A fullUrl names one entry only (bdl-7): an entry of a template that stands more than once gets one of its own. */
export function withOwnUrls(entries: readonly BundleEntry[], newUuid: () => string): readonly BundleEntry[] {
  const used = new Set<string>();
  return entries.map((entry) => {
    const { fullUrl } = entry;
    if (entry.resource === undefined || (fullUrl !== undefined && !used.has(fullUrl))) {
      if (fullUrl !== undefined) used.add(fullUrl);
      return entry;
    }
    const own = newUuid();
    used.add(own);
    return { ...entry, fullUrl: own };
  });
}
