import { fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import { ERASED, erasedDigest, wasErased } from '../store/erased.ts';
import type { Engine } from './engine.ts';

/** Refuses what was erased: it is not read any more, and does not come back. @throws FhirError 410 */
export function refuseErased({ type, deleted, content }: StoredVersion): void {
  if (deleted && content === ERASED) {
    throw erased(type);
  }
}

/** The same for an id under which nothing is left. @throws FhirError 410 */
export async function refuseErasedId(db: Queryable, engine: Engine, type: string, id: string): Promise<void> {
  if (await wasErased(db, erasedDigest(engine.erasedKey, type, id))) {
    throw erased(type);
  }
}

function erased(type: string): Error {
  return fhirError(410, 'deleted', `This ${type} was erased, and nothing of it is kept; the id is not given again.`);
}
