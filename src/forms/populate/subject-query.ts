import type { Reference } from '@medplum/fhirtypes';

/** A search for what is about a subject, as an x-fhir-query; undefined for a subject that is not a literal reference. */
export function subjectQuery(
  type: string,
  subject: Reference | undefined,
  parameters: readonly (readonly [name: string, value: string])[],
): string | undefined {
  const reference = subject?.reference;
  if (reference === undefined || reference.startsWith('#')) {
    return undefined;
  }
  const pairs = [['subject', reference] as const, ...parameters];
  return `${type}?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

/** A value as it stands in a search (FHIR R4 search.html#escaping). */
export function escaped(value: string): string {
  return value.replace(/[\\,|$]/g, '\\$&');
}
