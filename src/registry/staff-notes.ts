import type { Annotation, Task } from '@medplum/fhirtypes';
import { isOfRight } from './patient-right.ts';

/**
 * Whether a note of a Task is staff's word among themselves (SmerteReg manual 1.8: "Internkommentarer er kun til intern bruk"):
 * not what the patient or who helps them wrote, and not the answer to what a patient has asked for by right, which is
 * written to the patient. What names no author is staff's.
 */
export function isStaffNote(task: Task, { authorReference }: Annotation): boolean {
  return !isOfRight(task) && !/^(Patient|RelatedPerson)\//.test(authorReference?.reference ?? '');
}

/** A Task as its patient is shown it: the very same where it holds no note of staff's. */
export function withoutStaffNotes(task: Task): Task {
  const { note = [], ...rest } = task;
  const left = note.filter((one) => !isStaffNote(task, one));
  if (left.length === note.length) return task;
  return left.length === 0 ? rest : { ...rest, note: left };
}
