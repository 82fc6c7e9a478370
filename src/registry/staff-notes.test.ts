import type { Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { rightConcept } from './patient-right.ts';
import { withoutStaffNotes } from './staff-notes.ts';

const note = (text: string, reference?: string) => ({
  text,
  ...(reference === undefined ? {} : { authorReference: { reference } }),
});
const task: Task = { resourceType: 'Task', status: 'requested', intent: 'order' };

test('a patient is shown their own notes, and none of staff or of nobody', () => {
  const notes = [note('a', 'Practitioner/x'), note('b', 'Patient/p'), note('c'), note('d', 'RelatedPerson/r')];
  expect(withoutStaffNotes({ ...task, note: notes })).toEqual({ ...task, note: [notes[1], notes[3]] });
  expect(withoutStaffNotes({ ...task, note: [note('a', 'Practitioner/x')] })).toEqual(task);
  expect(withoutStaffNotes(task)).toBe(task);
});

test('the answer to what a patient asked for by right is for the patient to read', () => {
  const asked: Task = { ...task, code: rightConcept('erasure'), note: [note('No, because …', 'Practitioner/x')] };
  expect(withoutStaffNotes(asked)).toBe(asked);
});
