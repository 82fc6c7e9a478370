import { expect, it } from 'vitest';
import { expandTrigger } from './triggers.ts';

it('leaves a criterion without placeholder alone, and gives none for an empty list', () => {
  expect(expandTrigger('Consent', [], [])).toBe('Consent');
  expect(expandTrigger('QuestionnaireResponse?questionnaire={{membership-forms}}', [], [])).toBeUndefined();
  expect(() => expandTrigger('Task?{{unheard-of}}', [], [])).toThrow('unheard-of');
});

it('lists the forms that declare a score', () => {
  const scored = {
    resourceType: 'Questionnaire' as const,
    status: 'active' as const,
    url: 'https://svar.example.org/fhir/Questionnaire/b',
    extension: [{ url: 'https://svar.example.org/fhir/StructureDefinition/questionnaire-score' }],
  };
  expect(
    expandTrigger(
      'QuestionnaireResponse?questionnaire={{scored-forms}}',
      [],
      [
        scored,
        { ...scored, url: 'https://svar.example.org/fhir/Questionnaire/a' },
        { ...scored, extension: [], url: 'https://svar.example.org/fhir/Questionnaire/c' },
      ],
    ),
  ).toBe(
    'QuestionnaireResponse?questionnaire=https://svar.example.org/fhir/Questionnaire/a,https://svar.example.org/fhir/Questionnaire/b',
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
  expect(expandTrigger('QuestionnaireResponse?questionnaire={{ordered-forms}}', [other, faulty], [])).toBeUndefined();
});
