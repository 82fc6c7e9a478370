import type { Caller } from '../model/caller.ts';
import { type FhirError, fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { ridOfId } from '../model/rid.ts';
import { locate, ownerOfRid } from '../store/read.ts';
import { Conflict } from '../store/transaction.ts';
import { requireAtAll } from './at-all.ts';
import type { Engine } from './engine.ts';
import { refuseErasedId } from './erased.ts';
import { allocate, type NewId } from './plan.ts';

/**
 * An id that a client gives to a resource that, to it, is not there; where its own rid is taken by another resource, a new
 * rid and a locator row.
 *
 * To a caller whose access is limited, what it may not read is not there. So that nobody learns by PUT what ids there
 * are, such a caller may not choose ids of the server's own form, nor, unless it works for a hospital, any; and an id that is
 * taken is refused in the same words. What is left to learn is that another client has chosen the same id.
 *
 * @throws FhirError 403, 410 where it was erased; Conflict where the resource was created since it was looked for
 */
export async function givenId(db: Queryable, engine: Engine, caller: Caller, type: string, id: string): Promise<NewId> {
  requireAtAll(caller, 'create', type);
  const rid = ridOfId(id);
  if (caller.access !== 'all') {
    const mayChoose = rid === undefined && caller.tenant !== undefined;
    if (!mayChoose || (await locate(db, [{ type, id }])).size > 0) {
      throw refusedId(type);
    }
  }
  await refuseErasedId(db, engine, type, id);
  if (caller.access !== 'all') {
    return { clientId: id };
  }
  const owner = rid && (await ownerOfRid(db, rid));
  if (!owner) {
    return { clientId: id };
  }
  if (owner.type === type && owner.id === id) {
    throw new Conflict('the resource was created at the same time');
  }
  return { clientId: id, rid: allocate(engine, type, undefined, undefined) };
}

function refusedId(type: string): FhirError {
  const text = `You may not store a ${type} under this id. To create one, send it by POST: the server gives it an id.`;
  return fhirError(403, 'forbidden', text, `${type}.id`);
}
