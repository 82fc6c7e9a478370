import { isResourceType } from '../../model/resource-types.ts';

/** What Reference.reference says. */
export type ParsedReference =
  | { readonly kind: 'relative'; readonly type: string; readonly id: string; readonly version?: string }
  | { readonly kind: 'absolute'; readonly url: string; readonly type?: string; readonly id?: string }
  | { readonly kind: 'contained'; readonly id: string }
  | { readonly kind: 'urn'; readonly url: string }
  /** `Patient?identifier=…`, in a transaction that has not resolved it yet. */
  | { readonly kind: 'conditional'; readonly url: string; readonly type: string }
  /** None of these. */
  | { readonly kind: 'unknown'; readonly url: string };

const TYPE_AND_ID = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/;
const LAST_TYPE_AND_ID = /\/([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/** @param baseUrl the server's own base, without a slash at its end: an url beneath it is a relative reference */
export function parseReference(reference: string, baseUrl: string): ParsedReference {
  if (reference.startsWith('#')) {
    return { kind: 'contained', id: reference.slice(1) };
  }
  const own = baseUrl !== '' && reference.startsWith(baseUrl) && reference[baseUrl.length] === '/';
  const [, type, id, version] = TYPE_AND_ID.exec(own ? reference.slice(baseUrl.length + 1) : reference) ?? [];
  if (type !== undefined && id !== undefined && isResourceType(type)) {
    return version === undefined ? { kind: 'relative', type, id } : { kind: 'relative', type, id, version };
  }
  const conditional = CONDITIONAL.exec(reference)?.[1];
  if (conditional !== undefined && isResourceType(conditional)) {
    return { kind: 'conditional', url: reference, type: conditional };
  }
  if (reference.startsWith('urn:')) {
    return { kind: 'urn', url: reference };
  }
  if (!ABSOLUTE.test(reference)) {
    return { kind: 'unknown', url: reference };
  }
  const [, farType, farId] = LAST_TYPE_AND_ID.exec(reference) ?? [];
  return farType !== undefined && farId !== undefined && isResourceType(farType)
    ? { kind: 'absolute', url: reference, type: farType, id: farId }
    : { kind: 'absolute', url: reference };
}

/** A canonical without its version and fragment. */
export function canonicalUrl(canonical: string): string {
  const fragment = canonical.indexOf('#');
  const whole = fragment < 0 ? canonical : canonical.slice(0, fragment);
  const version = whole.indexOf('|');
  return version < 0 ? whole : whole.slice(0, version);
}
