/** A literal reference without the version that it may name: `Patient/1` for `Patient/1/_history/2`. */
export function unversioned(reference: string): string {
  return reference.replace(/\/_history\/[^/]*$/, '');
}
