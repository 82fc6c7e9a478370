const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const URI = /^(https?|urn):[^\s]{1,1000}$/;

export interface ReferencesIn {
  /** References to resources of this server: every value of an element `reference`. */
  readonly resources: readonly { readonly type: string; readonly id: string }[];
  /** Every text that may be a canonical url; which of them a search parameter reads, its postings tell. */
  readonly uris: readonly string[];
}

/** What a resource may refer to, wherever in it. @param baseUrl references under it are resources here */
export function referencesIn(content: string, baseUrl: string): ReferencesIn {
  const resources = new Map<string, { type: string; id: string }>();
  const uris = new Set<string>();
  const open: unknown[] = [JSON.parse(content)];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'string' && URI.test(value)) {
        uris.add(value);
      }
      continue;
    }
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'reference' && typeof inner === 'string') {
        const text = inner.startsWith(`${baseUrl}/`) ? inner.slice(baseUrl.length + 1) : inner;
        const [, type, id] = RELATIVE.exec(text) ?? [];
        if (type !== undefined && id !== undefined) {
          resources.set(`${type}/${id}`, { type, id });
        }
      } else {
        open.push(inner);
      }
    }
  }
  return { resources: [...resources.values()], uris: [...uris] };
}
