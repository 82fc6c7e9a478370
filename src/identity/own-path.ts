/** Begins with one slash, and holds nothing that a browser could read as another host. */
const OWN_PATH = /^\/(?![/\\])[\w\-.~/]*(?:\?[\w\-.~=&%]*)?$/;
const CHARACTERS_MAX = 500;

/** A path of this server from a request, to which a browser may be sent; undefined for anything else (CWE-601). */
export function ownPath(text: unknown): string | undefined {
  return typeof text === 'string' && text.length <= CHARACTERS_MAX && OWN_PATH.test(text) ? text : undefined;
}
