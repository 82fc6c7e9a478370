import { fhirError } from '../model/issue.ts';
import { isResourceType, type ResourceType, resourceTypes } from '../model/resource-types.ts';
import { nearNames } from './near-names.ts';

/** What a path of FHIR's REST interface names (FHIR R4 http.html#summary). */
export type Route =
  | { readonly kind: 'system' }
  | { readonly kind: 'metadata' }
  | { readonly kind: 'systemSearch' }
  | { readonly kind: 'systemHistory' }
  | { readonly kind: 'type'; readonly type: ResourceType }
  | { readonly kind: 'typeSearch'; readonly type: ResourceType }
  | { readonly kind: 'typeHistory'; readonly type: ResourceType }
  | { readonly kind: 'instance'; readonly type: ResourceType; readonly id: string }
  | { readonly kind: 'instanceHistory'; readonly type: ResourceType; readonly id: string }
  | { readonly kind: 'version'; readonly type: ResourceType; readonly id: string; readonly version: number }
  | { readonly kind: 'operation'; readonly code: string; readonly type?: ResourceType; readonly id?: string };

/** FHIR R4 datatypes.html#id. */
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const VERSION = /^[1-9]\d{0,8}$/;

/**
 * Reads a path, with or without slashes around it.
 *
 * @throws FhirError 404 for what names nothing here, 400 for what is not a path
 */
export function parseRoute(path: string): Route {
  const segments = segmentsOf(path);
  const [first, second, third, fourth] = segments;
  if (first === undefined) {
    return { kind: 'system' };
  }
  if (segments.length === 1) {
    if (first === 'metadata') {
      return { kind: 'metadata' };
    }
    if (first === '_history') {
      return { kind: 'systemHistory' };
    }
    if (first === '_search') {
      return { kind: 'systemSearch' };
    }
    if (first.startsWith('$')) {
      return { kind: 'operation', code: first.slice(1) };
    }
  }
  const type = typeOf(first);
  if (second === undefined) {
    return { kind: 'type', type };
  }
  if (segments.length === 2) {
    if (second === '_search') {
      return { kind: 'typeSearch', type };
    }
    if (second === '_history') {
      return { kind: 'typeHistory', type };
    }
    if (second.startsWith('$')) {
      return { kind: 'operation', type, code: second.slice(1) };
    }
  }
  const id = idOf(second);
  if (third === undefined) {
    return { kind: 'instance', type, id };
  }
  if (segments.length === 3) {
    if (third === '_history') {
      return { kind: 'instanceHistory', type, id };
    }
    if (third.startsWith('$')) {
      return { kind: 'operation', type, id, code: third.slice(1) };
    }
  }
  if (segments.length === 4 && third === '_history' && fourth !== undefined) {
    if (!VERSION.test(fourth)) {
      throw fhirError(404, 'not-found', 'There is no such version: versions here are whole numbers from 1.');
    }
    return { kind: 'version', type, id, version: Number(fourth) };
  }
  throw fhirError(404, 'not-found', 'This path names nothing in FHIR’s REST interface.');
}

function segmentsOf(path: string): string[] {
  const from = path.startsWith('/') ? 1 : 0;
  const to = path.length > from && path.endsWith('/') ? path.length - 1 : path.length;
  if (from >= to) {
    return [];
  }
  const segments = path.slice(from, to).split('/');
  if (!path.includes('%')) {
    return segments;
  }
  try {
    return segments.map(decodeURIComponent);
  } catch {
    throw fhirError(400, 'invalid', 'The path is not percent-encoded UTF-8.');
  }
}

function typeOf(name: string): ResourceType {
  if (isResourceType(name)) {
    return name;
  }
  const near = nearNames(name, resourceTypes);
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
  throw fhirError(404, 'not-supported', `FHIR R4 has no resource type of this name.${hint}`);
}

function idOf(id: string): string {
  if (!ID.test(id)) {
    throw fhirError(404, 'not-found', 'This is not a FHIR id: an id has 1 to 64 letters, digits, hyphens and points.');
  }
  return id;
}
