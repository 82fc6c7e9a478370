import { mayAtAll } from '../access/predicate.ts';
import type { Act } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';

const DONE: Readonly<Record<Act, string>> = {
  read: 'read',
  search: 'search for',
  create: 'create',
  update: 'change',
  delete: 'delete',
};

/**
 * Refuses what a caller may do to no resource of a type: that tells nothing of what is stored.
 * @throws FhirError 403
 */
export function requireAtAll(caller: Caller, act: Act, type: string): void {
  if (!mayAtAll(caller, act, type)) {
    throw fhirError(403, 'forbidden', `You may not ${DONE[act]} resources of type ${type}.`);
  }
}

/** The same where one of several acts is enough. @throws FhirError 403 */
export function requireAnyOf(caller: Caller, acts: readonly Act[], type: string): void {
  if (!acts.some((act) => mayAtAll(caller, act, type))) {
    requireAtAll(caller, acts[0] as Act, type);
  }
}
