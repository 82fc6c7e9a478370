import type { Extension, QuestionnaireItem, QuestionnaireResponse } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { compileForm } from '../form.ts';
import { automaticAnswers, withAutomaticAnswers } from './automatic-answers.ts';

const calculated = (expression: string): Extension => ({
  url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
  valueExpression: { language: 'text/fhirpath', expression },
});
const NONE = "iif(%resource.item.where(linkId = 'drugs').answer.value = false, false, {})";
const automatic: QuestionnaireItem = {
  linkId: 'treated',
  type: 'boolean',
  required: true,
  extension: [calculated(NONE)],
};
const form = compileForm({
  resourceType: 'Questionnaire',
  status: 'active',
  item: [
    { linkId: 'drugs', type: 'boolean', required: true },
    automatic,
    { ...automatic, linkId: 'optional', required: false },
    { ...automatic, linkId: 'read-only', readOnly: true },
    { linkId: 'group', type: 'group', item: [{ ...automatic, linkId: 'inner' }] },
    { linkId: 'last', type: 'decimal' },
  ],
});

const filled = (response: Partial<QuestionnaireResponse>) => {
  const given: QuestionnaireResponse = { resourceType: 'QuestionnaireResponse', status: 'completed', ...response };
  const answers = automaticAnswers(form, given, { now: new Date(0) });
  return answers && withAutomaticAnswers(form, given, answers).item;
};
const no = { linkId: 'drugs', answer: [{ valueBoolean: false }] };
const last = { linkId: 'last', answer: [{ valueDecimal: 1 }] };

it('a required question that the form can answer by itself is answered, in its place, also in a group', () => {
  expect(filled({ item: [no, last] })).toEqual([
    no,
    { linkId: 'treated', answer: [{ valueBoolean: false }] },
    { linkId: 'group', item: [{ linkId: 'inner', answer: [{ valueBoolean: false }] }] },
    last,
  ]);
});

it('a person’s answer stands', () => {
  const yes = { linkId: 'treated', answer: [{ valueBoolean: true }] };
  const inner = { linkId: 'group', item: [{ linkId: 'inner', answer: [{ valueBoolean: true }] }] };
  expect(filled({ item: [no, yes, inner] })).toBeUndefined();
});

it('nothing is filled in where nothing follows, nor in what is unfinished', () => {
  expect(filled({ item: [{ linkId: 'drugs', answer: [{ valueBoolean: true }] }] })).toBeUndefined();
  expect(filled({ status: 'in-progress', item: [no] })).toBeUndefined();
});
