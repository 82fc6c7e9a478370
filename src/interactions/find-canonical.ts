import type { Resource } from '@medplum/fhirtypes';
import { type Caller, systemCaller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, uriForm } from '../search/keys.ts';
import { urlName } from '../search/parameters/url-name.ts';
import { findByToken } from '../store/read.ts';

/** A definition as it is stored, and read. */
export interface StoredDefinition {
  readonly stored: StoredVersion;
  readonly resource: Resource;
}

/**
 * The stored definition of a canonical, `url` or `url|version`; without a version the newest active one, else the newest.
 *
 * @param hashSeed setting hash_seed
 * @param caller who is to find it; the server itself where that is not given: what a form is judged by is found whatever
 *   the caller may read
 */
export async function findCanonical(
  db: Queryable,
  type: string,
  canonical: string,
  hashSeed: string,
  caller: Caller = systemCaller,
): Promise<StoredDefinition | undefined> {
  const [url = '', version] = canonical.split('|');
  const h = hash64(keyOf(urlName(type), uriForm(url)), hashSeed);
  const [best] = (await findByToken(db, caller, type, h))
    .map((stored) => ({ stored, resource: JSON.parse(stored.content) as Resource & Versioned }))
    .filter(({ resource }) => resource.url === url && (version === undefined || resource.version === version))
    .sort(
      (a, b) =>
        Number(b.resource.status === 'active') - Number(a.resource.status === 'active') ||
        b.stored.updated - a.stored.updated,
    );
  return best;
}

interface Versioned {
  readonly url?: string;
  readonly version?: string;
  readonly status?: string;
}
