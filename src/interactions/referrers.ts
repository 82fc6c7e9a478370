import type { Caller } from '../model/caller.ts';
import { error, FhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { resourceTypes, typeName, typeNumber } from '../model/resource-types.ts';
import type { StoredVersion } from '../model/stored.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, paramName, resourceForm, UNCOVERED } from '../search/keys.ts';
import type { SearchParameters } from '../search/parameters.ts';
import { Reading } from '../store/reading.ts';
import type { Engine } from './engine.ts';

/** Records of what happened keep referring to what is gone. */
const MAY_DANGLE = ['AuditEvent', 'Provenance'];

/**
 * Refuses to delete what others refer to. To be called again under the exclusive target locks before the commit.
 * @param deleted what is about to be deleted; references among these do not count
 * @throws FhirError 409 with one issue for each type that refers, as far as the caller may read who does; of others it
 *   is told only once these are gone, and not what they are
 */
export async function refuseReferred(
  engine: Engine,
  db: Queryable,
  caller: Caller,
  deleted: readonly StoredVersion[],
): Promise<void> {
  const hashes = new Map<string, number>();
  for (const [index, { type, id }] of deleted.entries()) {
    for (const name of referringNames(engine.definitions().parameters, type)) {
      hashes.set(hash64(keyOf(name, resourceForm(type, id)), engine.hashSeed), index);
    }
  }
  const reading = new Reading(caller, [
    [...hashes.keys()],
    MAY_DANGLE.map(typeNumber),
    deleted.map((version) => version.rid),
  ]);
  const result = await db.query<{ h: string; type: number; readable: boolean }>(
    reading.prepared(
      'referrers',
      `select distinct t.h, r.type, ${reading.permitted('read', 'r')} as readable from token_idx t
      join resource r on r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid
      where t.h = any($1::int8[]) and r.type <> all($2::int2[]) and t.rid <> all($3::int8[])`,
    ),
  );
  const typeOf = (row: { readonly h: string }): string => deleted[hashes.get(row.h) ?? 0]?.type ?? '';
  const readable = result.rows.filter((row) => row.readable);
  if (readable.length === 0 && result.rows.length > 0) {
    throw new FhirError(
      409,
      [...new Set(result.rows.map(typeOf))].map((type) =>
        error('conflict', `What you may not see refers to this ${type}: it can not be deleted.`),
      ),
    );
  }
  if (readable.length > 0) {
    const pairs = new Set(readable.map((row) => `${typeOf(row)} ${typeName(row.type)}`));
    throw new FhirError(
      409,
      [...pairs].map((pair) => {
        const [type = '', referrer = ''] = pair.split(' ');
        const article = /^[AEIO]/.test(referrer) ? 'An' : 'A';
        return error('conflict', `${article} ${referrer} refers to this ${type}; change or delete that first.`);
      }),
    );
  }
}

const names = new WeakMap<SearchParameters, Map<string, readonly string[]>>();

/** The first lines of all keys under which references to a type may stand. */
export function referringNames(parameters: SearchParameters, target: string): readonly string[] {
  let known = names.get(parameters);
  if (known === undefined) {
    known = new Map();
    names.set(parameters, known);
  }
  let answer = known.get(target);
  if (answer === undefined) {
    const found = new Set<string>([UNCOVERED]);
    for (const type of resourceTypes) {
      for (const param of parameters.list(type)) {
        // a parameter without targets takes any
        if (param.kind === 'reference' && (param.targets.length === 0 || param.targets.some((t) => t === target))) {
          found.add(paramName(param));
        }
      }
    }
    answer = [...found];
    known.set(target, answer);
  }
  return answer;
}
