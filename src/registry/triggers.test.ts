import { expect, it } from 'vitest';
import { expandTrigger } from './triggers.ts';

const form = 'https://svar.example.org/fhir/Questionnaire/';
const depending = (name: string, contentType: string) => ({
  resourceType: 'Library' as const,
  status: 'active' as const,
  type: {},
  relatedArtifact: [{ type: 'depends-on' as const, resource: form + name }],
  content: [{ contentType }],
});

it('leaves a criterion without placeholder alone, and gives none for an empty list', () => {
  expect(expandTrigger('Consent', [], [], [])).toBe('Consent');
  expect(expandTrigger('QuestionnaireResponse?questionnaire={{membership-forms}}', [], [], [])).toBeUndefined();
  expect(() => expandTrigger('Task?{{unheard-of}}', [], [], [])).toThrow('unheard-of');
});

it('lists the forms that name a Library, and those that a Library with rules depends on', () => {
  const scored = {
    resourceType: 'Questionnaire' as const,
    status: 'active' as const,
    url: 'https://svar.example.org/fhir/Questionnaire/b',
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/cqf-library' }],
  };
  expect(
    expandTrigger(
      'QuestionnaireResponse?questionnaire={{scored-forms}}',
      [],
      [
        scored,
        { ...scored, url: 'https://svar.example.org/fhir/Questionnaire/a' },
        { ...scored, extension: [], url: 'https://svar.example.org/fhir/Questionnaire/c' },
        { ...scored, extension: [], url: 'https://svar.example.org/fhir/Questionnaire/d' },
        { ...scored, extension: [], url: 'https://svar.example.org/fhir/Questionnaire/e' },
      ],
      [depending('d', 'application/json'), depending('e', 'text/cql')],
    ),
  ).toBe(`QuestionnaireResponse?questionnaire=${['a', 'b', 'd'].map((name) => form + name).join()}`);
});

it('passes over plans that are no protocol, and protocols that can not be followed', () => {
  const other = { resourceType: 'PlanDefinition' as const, status: 'active' as const, action: [{ title: 'Rest' }] };
  const faulty = {
    ...other,
    action: [
      { code: [{ coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/protocol-action', code: 'form' }] }] },
    ],
  };
  expect(
    expandTrigger('QuestionnaireResponse?questionnaire={{ordered-forms}}', [other, faulty], [], []),
  ).toBeUndefined();
});
