/**
 * The uri itself and those above it: `http://a/b/c` → `http://a/b/c`, `http://a/b/`, `http://a/b`, `http://a/`,
 * `http://a`. For :above (R4 §3.1.1.4.13), which compares urls by their path.
 */
export function uriAncestors(uri: string): readonly string[] {
  const found = [uri];
  const start = uri.indexOf('://') < 0 ? 0 : uri.indexOf('://') + 3;
  for (let slash = uri.lastIndexOf('/'); slash >= start; slash = uri.lastIndexOf('/', slash - 1)) {
    if (slash < uri.length - 1) {
      found.push(uri.slice(0, slash + 1));
    }
    found.push(uri.slice(0, slash));
  }
  return found;
}
