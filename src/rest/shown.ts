import type { Task } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import { parseKeepingNumbers, textKeepingNumbers } from '../model/json/number-sources.ts';
import { withSubsettedTag } from '../model/json/subsetted.ts';
import type { StoredVersion } from '../model/stored.ts';
import { withoutStaffNotes } from '../registry/staff-notes.ts';
import type { Exchange } from './exchange.ts';
import { presented } from './presentation.ts';

/** A stored version's text as this request and its caller are shown it. */
export function shown(
  { caller, context, presentation }: Exchange,
  stored: Pick<StoredVersion, 'type' | 'content'>,
): string {
  const text = forCaller(caller, stored);
  const view = presented(text, stored.type, presentation, context.viewElements);
  // a view that leaves out more says so by itself
  return text === stored.content || view !== text ? view : withSubsettedTag(view);
}

/** Whether somebody reads as the patient that they are, signed in or by a link. */
export function isPatient({ kind, agent }: Caller): boolean {
  return kind === 'client' && agent?.who.startsWith('Patient/') === true;
}

/** Staff's notes on an order are no part of what patients read by FHIR; $my-data gives them with all the rest. */
function forCaller(caller: Caller, { type, content }: Pick<StoredVersion, 'type' | 'content'>): string {
  if (type !== 'Task' || content === '' || !isPatient(caller)) {
    return content;
  }
  const task = parseKeepingNumbers(content) as Task;
  const left = withoutStaffNotes(task);
  return left === task ? content : textKeepingNumbers(left);
}
