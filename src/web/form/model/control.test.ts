import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { shippedForm, shippedForms } from '../../../../tests/kit/shipped-forms.ts';
import { compileForm, type Form } from '../../../forms/form.ts';
import { controls } from './control.ts';
import { ItemFacts } from './item-facts.ts';

const CONTROL = 'http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl';
const drawnAs = (code: string) => ({ url: CONTROL, valueCodeableConcept: { coding: [{ code }] } });
const options = (...displays: string[]) =>
  displays.map((display, index) => ({ valueCoding: { system: 'http://example.org/s', code: String(index), display } }));

const controlsOf = (form: Form): Map<string, string> => {
  const facts = new ItemFacts(form, 'nb', () => undefined);
  return new Map([...form.items.values()].map((item) => [item.linkId, facts.control(item)]));
};
const controlOf = (item: Omit<QuestionnaireItem, 'linkId'>): string | undefined =>
  controlsOf(compileForm({ resourceType: 'Questionnaire', status: 'active', item: [{ linkId: 'q', ...item }] })).get(
    'q',
  );

it.each([...shippedForms.values()])('every item of $name has a control that views know', (questionnaire) => {
  for (const control of controlsOf(compileForm(questionnaire)).values()) expect(controls).toContain(control);
});

describe('the shipped forms are met as', () => {
  it.each([
    ['Nrs', 'NrsWorst', 'scale'],
    ['Nrs', 'NrsWorstLow', 'lower'],
    ['Eq5d5l', 'EqVas', 'vas'],
    ['Eq5d5l', 'EqMobility', 'radio'],
    ['BodyMap', 'BodyMapRegions', 'body-map'],
    ['BpiSf', 'BpiRegions', 'body-map'],
    ['BpiSf', 'BpiRelief', 'scale'],
    ['BpiSf', 'BpiTreatments', 'multi-line'],
    ['Promis29V21', 'PromisAnxiety', 'table'],
    ['Promis29V21', 'EDANX01', 'likert-row'],
    ['SmerteregPasreg', 'PRSpm3Mangler', 'tick'],
    ['SmerteregPasreg', 'PRSpm3', 'number'],
    ['SmerteregB12', 'StSmRo12', 'scale'],
    ['SmerteregB11', 'Analgetika4a', 'check-box'],
    ['SmerteregB11', 'MoEkvivalens', 'calculated'],
    ['SmerteregB11', 'ICD10Kode', 'autocomplete'],
    ['SmerteregB11', 'Smertediagnoser', 'group'],
  ])('%s %s as %s', (name, linkId, control) => {
    expect(controlsOf(compileForm(shippedForm(name))).get(linkId)).toBe(control);
  });
});

describe('a control', () => {
  it('is the one that the form names, where it suits', () => {
    const answerOption = options('A', 'B');
    expect(controlOf({ type: 'choice', answerOption, extension: [drawnAs('drop-down')] })).toBe('drop-down');
    expect(controlOf({ type: 'choice', answerOption, extension: [drawnAs('autocomplete')] })).toBe('autocomplete');
    expect(controlOf({ type: 'choice', answerOption, repeats: true })).toBe('check-box');
    expect(controlOf({ type: 'boolean', extension: [drawnAs('slider')] })).toBe('boolean');
  });

  it('is of the type of the question', () => {
    const types = [
      'date',
      'dateTime',
      'time',
      'string',
      'text',
      'decimal',
      'quantity',
      'url',
      'attachment',
      'reference',
    ] as const;
    expect(types.map((type) => controlOf({ type }))).toEqual([
      ...['date', 'date-time', 'time', 'text', 'multi-line', 'number', 'quantity', 'url', 'attachment', 'reference'],
    ]);
  });

  it('is a row of numbers for options that are numbers, and a list for many', () => {
    const numbers = Array.from({ length: 11 }, (_, index) => String(index));
    expect(controlOf({ type: 'choice', answerOption: options(...numbers) })).toBe('scale');
    expect(controlOf({ type: 'choice', answerOption: options(...numbers, 'Vet ikke') })).toBe('scale');
    const words = Array.from({ length: 20 }, (_, index) => `Word ${index}`);
    expect(controlOf({ type: 'choice', answerOption: options(...words) })).toBe('drop-down');
    expect(
      controlOf({ type: 'choice', answerOption: options(...words, ...words.map((each) => `${each}!`), 'x') }),
    ).toBe('autocomplete');
  });

  it('is a table only where all questions have the same answers in the same words', () => {
    const group = (second: string[]): string | undefined =>
      controlOf({
        type: 'group',
        item: [
          { linkId: 'a', type: 'choice', answerOption: options('Never', 'Often') },
          { linkId: 'b', type: 'choice', answerOption: options(...second) },
        ],
      });
    expect(group(['Never', 'Often'])).toBe('table');
    expect(group(['Never', 'Always'])).toBe('group');
  });
});
