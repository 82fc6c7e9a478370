import { badValue } from '../refusals.ts';

/** No url that is searched for lies deeper: each level is one more key to look for. */
const LEVELS_MAX = 32;
const LENGTH_MAX = 2048;

/**
 * The uri itself and those above it: `http://a/b/c` → `http://a/b/c`, `http://a/b/`, `http://a/b`, `http://a/`,
 * `http://a`. For :above (R4 §3.1.1.4.13), which compares urls by their path.
 *
 * @throws FhirError 400 for one that is longer or deeper than any url that is meant
 */
export function uriAncestors(parameter: string, uri: string): readonly string[] {
  if (uri.length > LENGTH_MAX || uri.split('/', LEVELS_MAX + 2).length > LEVELS_MAX + 1) {
    throw badValue(
      parameter,
      `expected a uri of at most ${LENGTH_MAX} characters and ${LEVELS_MAX} slashes with :above`,
    );
  }
  const found = [uri];
  const start = uri.indexOf('://') < 0 ? 0 : uri.indexOf('://') + 3;
  for (let above = uri; above.lastIndexOf('/') >= start; ) {
    const slash = above.lastIndexOf('/');
    if (slash < uri.length - 1) {
      found.push(uri.slice(0, slash + 1));
    }
    above = uri.slice(0, slash);
    found.push(above);
  }
  return found;
}
