import type { Questionnaire, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { rightConcept } from './patient-right.ts';
import { internalItems, withoutInternalItems, withoutStaffNotes } from './staffs-words.ts';

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

test('a narrative that may repeat what is left out is left out with it', () => {
  const text = { status: 'generated' as const, div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' };
  expect(withoutStaffNotes({ ...task, text, note: [note('a')] })).toEqual(task);
  const own = { ...task, text, note: [note('b', 'Patient/p')] };
  expect(withoutStaffNotes(own)).toBe(own);
});

const internal = [
  { url: 'https://svar.example.org/fhir/StructureDefinition/questionnaire-internal', valueBoolean: true },
];
const form = (item: Questionnaire['item']): Questionnaire => ({
  resourceType: 'Questionnaire',
  status: 'active',
  ...(item && { item }),
});
const response = (item: QuestionnaireResponse['item']): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  ...(item && { item }),
});

test('what any version of a form marks as internal is, wherever it stands', () => {
  const versions = [
    form([
      { linkId: 'a', type: 'string' },
      { linkId: 'g', type: 'group', item: [{ linkId: 'b', type: 'text', extension: internal }] },
    ]),
    form([
      { linkId: 'a', type: 'string', extension: internal },
      { linkId: 'c', type: 'string' },
    ]),
  ];
  expect([...internalItems(versions)].sort()).toEqual(['a', 'b']);
});

test('a patient is shown no internal answer, nor what stands inside one, and all the rest', () => {
  const said = (linkId: string, item?: QuestionnaireResponse['item']) => ({
    linkId,
    answer: [{ valueString: linkId, ...(item && { item }) }],
  });
  const all = response([
    said('x'),
    said('i', [said('z')]),
    { linkId: 'g', item: [said('y'), said('i')] },
    { linkId: 'h', item: [said('i')] },
    said('q', [said('i')]),
  ]);
  expect(withoutInternalItems({ ...all, text: { status: 'generated', div: 'i' } }, new Set(['i']))).toEqual(
    response([said('x'), { linkId: 'g', item: [said('y')] }, { linkId: 'h' }, said('q')]),
  );
  expect(withoutInternalItems(all, new Set(['elsewhere']))).toBe(all);
  expect(withoutInternalItems(all, new Set())).toBe(all);
});

test('of a form that nothing is known of no answer is shown', () => {
  expect(withoutInternalItems(response([{ linkId: 'x' }]), undefined)).toEqual(response(undefined));
});
