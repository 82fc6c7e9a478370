import { fhirError } from '../../model/issue.ts';
import type { StoredVersion } from '../../model/stored.ts';
import { applyPatch } from '../patch.ts';
import type { ResourceText } from '../types.ts';
import { existing } from '../writes.ts';
import type { Slot } from './slots.ts';

/** An entry, with what it addresses as it is before the transaction. */
export interface Addressed {
  readonly slot: Slot;
  /** The current version, a tombstone too; for a conditional create the resource that exists already. */
  readonly previous: StoredVersion | undefined;
  /** What it writes; absent for GET and DELETE. */
  readonly body: ResourceText | undefined;
}

/** Deletes come before creates (FHIR R4 http.html#trules), so a conditional create does not find what is deleted. */
export function deletesFirst(addressed: readonly Addressed[]): readonly Addressed[] {
  const deleted = new Set(
    addressed.flatMap(({ slot, previous }) => (slot.entry.method === 'DELETE' && previous ? [previous.rid] : [])),
  );
  return addressed.map((one) =>
    one.slot.entry.method === 'POST' && one.previous !== undefined && deleted.has(one.previous.rid)
      ? { ...one, previous: undefined }
      : one,
  );
}

/** What an entry writes, if it does. @throws FhirError where that is not what its URL names, or a patch does not fit */
export function bodyOf({ entry, type, id }: Slot, previous: StoredVersion | undefined): ResourceText | undefined {
  if (entry.method === 'PATCH') {
    return applyPatch(existing(previous, type), entry.patch);
  }
  if (entry.method === 'POST' || entry.method === 'PUT') {
    if (entry.body.resource.resourceType !== type) {
      throw fhirError(400, 'value', `This entry holds another resource than its URL names (${type}).`);
    }
    if (entry.method === 'PUT' && id !== undefined && entry.body.resource.id !== id) {
      throw fhirError(400, 'value', 'The id in the resource is not the id in the URL.', `${type}.id`);
    }
    return entry.body;
  }
  return undefined;
}
