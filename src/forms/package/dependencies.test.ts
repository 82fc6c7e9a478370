import type { Questionnaire, Resource, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { dependenciesOf } from './dependencies.ts';

const base = 'https://svar.example.org/fhir/';
const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';

const needed = (resource: Resource): string[] =>
  dependenciesOf(resource)
    .filter(({ optional }) => !optional)
    .map(({ type, canonical }) => `${type} ${canonical}`);

test('a form needs its value sets, modules, rules, definitions and what it is derived from', () => {
  const form: Questionnaire = {
    resourceType: 'Questionnaire',
    status: 'active',
    derivedFrom: [`${base}Questionnaire/whole|2`],
    extension: [{ url: `${core}cqf-library`, valueCanonical: `${base}Library/scores` }],
    item: [
      {
        linkId: 'g',
        type: 'group',
        definition: `${base}StructureDefinition/weight#Weight.value`,
        item: [
          { linkId: 'a', type: 'choice', answerValueSet: 'urn:uuid:5f1e6a2e-8d0c-4b8e-9f51-2f2b8a1f0001' },
          { linkId: 'b', type: 'choice', answerValueSet: '#own' },
          {
            linkId: 'c',
            type: 'quantity',
            extension: [{ url: `${core}questionnaire-unitValueSet`, valueCanonical: `${base}units` }],
          },
          {
            linkId: 'd',
            type: 'display',
            extension: [{ url: `${sdc}subQuestionnaire`, valueCanonical: `${base}module|1` }],
          },
        ],
      },
    ],
  };
  expect(needed(form)).toEqual([
    `Questionnaire ${base}Questionnaire/whole|2`,
    `Library ${base}Library/scores`,
    `StructureDefinition ${base}StructureDefinition/weight`,
    'ValueSet urn:uuid:5f1e6a2e-8d0c-4b8e-9f51-2f2b8a1f0001',
    `ValueSet ${base}units`,
    `Questionnaire ${base}module|1`,
  ]);
});

test('what a contained value set needs is needed', () => {
  const own: ValueSet = {
    resourceType: 'ValueSet',
    id: 'own',
    status: 'active',
    compose: { include: [{ valueSet: [`${base}ValueSet/shared`] }] },
  };
  expect(needed({ resourceType: 'Questionnaire', status: 'active', contained: [own] })).toEqual([
    `ValueSet ${base}ValueSet/shared`,
  ]);
});

test('code systems, extensions and what FHIR defines are taken along where they are, and not missed', () => {
  const all = dependenciesOf({
    resourceType: 'Questionnaire',
    status: 'active',
    contact: [{ telecom: [{ system: 'email', value: 'x@example.org' }] }],
    extension: [{ url: `${base}StructureDefinition/own`, valueString: 'x' }],
    item: [
      {
        linkId: 'a',
        type: 'choice',
        answerOption: [{ valueCoding: { system: 'http://loinc.org', code: '1-8' } }],
      },
      { linkId: 'b', type: 'choice', answerValueSet: 'http://hl7.org/fhir/ValueSet/administrative-gender' },
    ],
  });
  expect(all).toEqual([
    { type: 'StructureDefinition', canonical: `${base}StructureDefinition/own`, optional: true },
    { type: 'CodeSystem', canonical: 'http://loinc.org', optional: true },
    { type: 'ValueSet', canonical: 'http://hl7.org/fhir/ValueSet/administrative-gender', optional: true },
  ]);
});

test('a definition in words names nothing', () => {
  const structure: StructureDefinition = {
    resourceType: 'StructureDefinition',
    url: `${base}StructureDefinition/x`,
    name: 'X',
    status: 'active',
    kind: 'complex-type',
    abstract: false,
    type: 'Extension',
    differential: { element: [{ path: 'Extension', definition: 'Number #1 of all' }] },
  };
  expect(dependenciesOf(structure)).toEqual([]);
});
