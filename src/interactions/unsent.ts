import type { Resource } from '@medplum/fhirtypes';
import { type Caller, isPatient } from '../model/caller.ts';
import type { Rid } from '../model/rid.ts';

/*
 * What a patient has answered and not sent is the patient's alone (docs/decisions/0076-unsent-answers.md): it is its own
 * anchor, to which nobody is tied, until it is sent. Who wrote it decides, never what it says of its author.
 */

const SENT: readonly string[] = ['completed', 'amended'];

/**
 * Whether a version that is to be stored is a patient's unsent answers: the patient writes it, or it was such before and
 * others (bots, a merging of records) go on with it.
 *
 * @param before the anchor of the row that is superseded
 */
export function isUnsent(resource: Resource, caller: Caller, rid: Rid, before: Rid | undefined): boolean {
  if (resource.resourceType !== 'QuestionnaireResponse' || SENT.includes(resource.status)) {
    return false;
  }
  return isPatient(caller) || isStoredUnsent({ type: resource.resourceType, rid, anchor: before });
}

/** Whether a row holds a patient's unsent answers. */
export function isStoredUnsent({
  type,
  rid,
  anchor,
}: {
  readonly type: string;
  readonly rid: Rid;
  readonly anchor: Rid | undefined;
}): boolean {
  return type === 'QuestionnaireResponse' && anchor === rid;
}
