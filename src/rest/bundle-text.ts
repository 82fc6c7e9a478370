/**
 * Bundles are put together from the stored texts as they are, without parsing: a page of twenty costs a fifth of what
 * parsing and serialising it would.
 */
export interface BundleParts {
  readonly type: 'searchset' | 'history' | 'batch-response' | 'transaction-response';
  readonly total?: number;
  /** Absolute. */
  readonly links?: readonly { readonly relation: 'self' | 'next' | 'previous'; readonly url: string }[];
  /** Texts made by the functions below. */
  readonly entries: readonly string[];
}

/** A Bundle's text. FHIR knows no empty arrays, so there is no `entry` where there are none. */
export function bundleText({ type, total, links, entries }: BundleParts): string {
  const totalText = total === undefined ? '' : `,"total":${total}`;
  const linkText = links === undefined || links.length === 0 ? '' : `,"link":${JSON.stringify(links)}`;
  const entryText = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`;
  return `{"resourceType":"Bundle","type":"${type}"${totalText}${linkText}${entryText}}`;
}

/** `address` is the resource's absolute url, without version. */
export function searchEntryText(address: string, content: string, mode: 'match' | 'include'): string {
  return `{"fullUrl":"${address}","resource":${content},"search":{"mode":"${mode}"}}`;
}

/** The entry that tells what a search ignored (FHIR R4 search.html#errors). */
export function outcomeEntryText(outcome: string): string {
  return `{"resource":${outcome},"search":{"mode":"outcome"}}`;
}

export interface EntryResponse {
  readonly status: string;
  readonly location?: string;
  readonly etag?: string;
  /** A FHIR instant. */
  readonly lastModified?: string;
}

/** An entry that says what became of a request; resource and outcome are texts. */
export function responseEntryText(
  response: EntryResponse,
  resource: string | undefined,
  outcome: string | undefined,
): string {
  const head = resource === undefined ? '{"response":' : `{"resource":${resource},"response":`;
  const text = JSON.stringify(response);
  return outcome === undefined ? `${head}${text}}` : `${head}${text.slice(0, -1)},"outcome":${outcome}}}`;
}
