import type { MedplumClient } from '@medplum/core';
import type { Library, Questionnaire, ValueSet } from '@medplum/fhirtypes';

/**
 * The newest of what has a canonical, of its version if that names one.
 * @param more further search criteria
 */
export async function latest<R extends Library | Questionnaire | ValueSet>(
  medplum: MedplumClient,
  type: R['resourceType'],
  canonical: string,
  more: Readonly<Record<string, string>> = {},
): Promise<R | undefined> {
  const [url = '', version] = canonical.split('|');
  const query = new URLSearchParams({ url, ...more });
  if (version !== undefined) query.append('version', version);
  query.append('_sort', '-_lastUpdated');
  return (await medplum.searchOne(type, query.toString())) as R | undefined;
}
