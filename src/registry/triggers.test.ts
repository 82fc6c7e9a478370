import { expect, it } from 'vitest';
import { expandTrigger } from './triggers.ts';

it('leaves a criterion without placeholder alone, and gives none for an empty list', () => {
  expect(expandTrigger('Consent', [], [], [])).toBe('Consent');
  expect(expandTrigger('QuestionnaireResponse?questionnaire={{course-forms}}', [], [], [])).toBeUndefined();
  expect(() => expandTrigger('Task?{{unheard-of}}', [], [], [])).toThrow('unheard-of');
});

it('lists the forms that are scored by the rules of a Library', () => {
  const url = 'https://svar.example.org/fhir/Questionnaire/';
  const form = (name: string) => ({
    resourceType: 'Questionnaire' as const,
    status: 'active' as const,
    url: url + name,
  });
  const library = {
    resourceType: 'Library' as const,
    status: 'active' as const,
    type: {},
    relatedArtifact: ['b', 'a'].map((name) => ({ type: 'depends-on' as const, resource: url + name })),
    content: [{ contentType: 'application/json' }],
  };
  const criterion = 'QuestionnaireResponse?questionnaire={{scored-forms}}';
  expect(expandTrigger(criterion, [], ['c', 'b', 'a'].map(form), [library])).toBe(
    `QuestionnaireResponse?questionnaire=${url}a,${url}b`,
  );
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
