import { describe, expect, test } from 'vitest';
import { patientOf } from './patient-of.ts';
import { referencesOf } from './references-of.ts';

const response = {
  resourceType: 'QuestionnaireResponse',
  questionnaire: 'http://example.org/Questionnaire/a|2',
  subject: { reference: 'Patient/1/_history/4' },
  source: { reference: 'http://localhost/fhir/RelatedPerson/2' },
  author: { reference: '#dev' },
  encounter: { reference: 'urn:uuid:5b1d1d46-2f0c-4f3c-9d0c-1b2e3f4a5b6c' },
  basedOn: [{ identifier: { value: '7' }, type: 'ServiceRequest' }, { reference: 'ServiceRequest?identifier=7' }],
  contained: [
    { resourceType: 'Device', id: 'dev', owner: { reference: 'https://far.example.org/fhir/Organization/3' } },
  ],
  item: [
    { linkId: 'a' },
    {
      linkId: 'b',
      answer: [
        { valueString: 'x' },
        { valueReference: { reference: 'Group/g' } },
        { valueReference: { display: 'x' } },
      ],
    },
  ],
};

test('every reference is told with its place and what it leads to', () => {
  expect(referencesOf(response, 'http://localhost/fhir')).toEqual([
    {
      kind: 'canonical',
      url: 'http://example.org/Questionnaire/a',
      version: '2',
      path: 'QuestionnaireResponse.questionnaire',
    },
    { kind: 'relative', type: 'Patient', id: '1', version: '4', path: 'QuestionnaireResponse.subject' },
    { kind: 'relative', type: 'RelatedPerson', id: '2', path: 'QuestionnaireResponse.source' },
    { kind: 'contained', id: 'dev', path: 'QuestionnaireResponse.author' },
    { kind: 'urn', url: 'urn:uuid:5b1d1d46-2f0c-4f3c-9d0c-1b2e3f4a5b6c', path: 'QuestionnaireResponse.encounter' },
    { kind: 'logical', type: 'ServiceRequest', path: 'QuestionnaireResponse.basedOn[0]' },
    {
      kind: 'conditional',
      type: 'ServiceRequest',
      url: 'ServiceRequest?identifier=7',
      path: 'QuestionnaireResponse.basedOn[1]',
    },
    {
      kind: 'absolute',
      url: 'https://far.example.org/fhir/Organization/3',
      type: 'Organization',
      id: '3',
      path: 'QuestionnaireResponse.contained[0].owner',
    },
    { kind: 'relative', type: 'Group', id: 'g', path: 'QuestionnaireResponse.item[1].answer[1].value' },
  ]);
});

test('nesting that no resource has ends the search, not the process', () => {
  let item: object = { linkId: 'deepest', answer: [{ valueReference: { reference: 'Group/g' } }] };
  for (let depth = 0; depth < 5000; depth++) {
    item = { linkId: 'x', item: [item] };
  }
  expect(referencesOf({ resourceType: 'QuestionnaireResponse', item: [item] })).toEqual([]);
});

describe('the patient of a resource', () => {
  test.each([
    ['the patient itself', { resourceType: 'Patient', id: 'p' }, 'p'],
    ['the subject', { resourceType: 'Observation', subject: { reference: 'Patient/p' } }, 'p'],
    [
      'the patient before others',
      { resourceType: 'Observation', performer: [{ reference: 'Patient/q' }], subject: { reference: 'Patient/p' } },
      'p',
    ],
    [
      'who took part, where no patient is the subject',
      { resourceType: 'Observation', performer: [{ reference: 'Patient/q' }], subject: { reference: 'Group/g' } },
      'q',
    ],
    ['for whom a task is', { resourceType: 'Task', for: { reference: 'Patient/p' } }, 'p'],
    [
      'the individual of a research subject',
      { resourceType: 'ResearchSubject', individual: { reference: 'Patient/p' } },
      'p',
    ],
    [
      'nobody, on another server',
      { resourceType: 'Observation', subject: { reference: 'http://far.example.org/Patient/p' } },
      undefined,
    ],
    ['nobody, for a definition', { resourceType: 'Questionnaire', id: 'q' }, undefined],
  ])('%s', (_, resource, id) => {
    expect(patientOf(resource)).toBe(id);
  });
});
