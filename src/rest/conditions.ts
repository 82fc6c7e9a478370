import type { IfMatch, Query } from '../interactions/types.ts';
import { fhirError } from '../model/issue.ts';
import type { StoredVersion } from '../model/stored.ts';
import { parseQuery } from './query.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const ETAG = /^(?:W\/)?"?(\d{1,9})"?$/;

/** ETag of a version (FHIR R4 http.html#versions: weak, the version id). */
export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/** The version that If-Match asks for; the weak prefix and the quotes may be missing. `*` asks for any (RFC 9110 section 13.1.1). */
export function ifMatch(headers: Headers): IfMatch | undefined {
  const header = headers['if-match'];
  if (header === undefined) {
    return undefined;
  }
  if (header.trim() === '*') {
    return '*';
  }
  const version = ETAG.exec(header.trim())?.[1];
  if (version === undefined) {
    // A tag that this server never gave matches no version.
    throw fhirError(
      412,
      'conflict',
      'If-Match holds no version of this server; send the ETag of the version read, like W/"3".',
    );
  }
  return Number(version);
}

/** `*` on a write: only if there is no such resource yet. */
export function ifNoneMatchAny(headers: Headers): '*' | undefined {
  const header = headers['if-none-match'];
  if (header === undefined) {
    return undefined;
  }
  if (header.trim() !== '*') {
    throw fhirError(400, 'not-supported', 'On a write, If-None-Match can only be *; use If-Match for a version.');
  }
  return '*';
}

/** The criteria of a conditional create. */
export function ifNoneExist(headers: Headers): Query | undefined {
  const header = headers['if-none-exist'];
  if (header === undefined) {
    return undefined;
  }
  // Sent as a query, or as the address of a search: a question mark in a value is the value's own.
  return criteria(parseQuery(header.replace(/^[^=?]*\?/, '')), 'If-None-Exist');
}

/** Refuses criteria without a single value: they would match everything. */
export function criteria(query: Query, where: string): Query {
  const given = query.filter(([, value]) => value !== '');
  if (given.length === 0) {
    throw fhirError(400, 'required', `${where} holds no search criteria.`);
  }
  return given;
}

/** True if the reader has this version already; If-None-Match decides alone where it is sent (RFC 9110 section 13.2.2). */
export function notModified(headers: Headers, stored: StoredVersion): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || ETAG.exec(tag.trim())?.[1] === String(stored.version));
  }
  const since = headers['if-modified-since'];
  if (since === undefined) {
    return false;
  }
  const date = Date.parse(since);
  // HTTP dates have whole seconds.
  return !Number.isNaN(date) && Math.floor(stored.updated / 1000) <= Math.floor(date / 1000);
}
