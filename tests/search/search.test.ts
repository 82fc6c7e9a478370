import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SearchKit, searchKit } from './kit.ts';

let kit: SearchKit;

beforeAll(async () => {
  kit = await searchKit();
  await kit.put([
    {
      resourceType: 'Patient',
      id: 'a',
      gender: 'female',
      birthDate: '1980-05-05',
      name: [{ family: 'Ærtest', given: ['Aaa', 'Bea'] }],
      identifier: [{ system: 'urn:n', value: '1' }],
    },
    {
      resourceType: 'Patient',
      id: 'b',
      gender: 'male',
      birthDate: '1990',
      name: [{ family: 'Zorn', given: ['André'] }],
      identifier: [{ value: '1' }],
    },
    { resourceType: 'Patient', gender: 'male' },
    { resourceType: 'Group', id: 'a', type: 'person', actual: true },
    {
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      code: { coding: [{ system: 'urn:c', code: 'x' }], text: 'Body weight' },
      subject: { reference: 'Patient/a' },
      effectiveDateTime: '2026-01-01',
      valueQuantity: { value: 5.4, system: 'http://unitsofmeasure.org', code: 'mg', unit: 'mg' },
    },
    {
      resourceType: 'Observation',
      id: 'o2',
      status: 'preliminary',
      code: { coding: [{ system: 'urn:c', code: 'y' }] },
      subject: { reference: 'Patient/b' },
      effectivePeriod: { start: '2026-01-10', end: '2026-02-10' },
      derivedFrom: [{ reference: 'Observation/o1' }],
    },
    { resourceType: 'Questionnaire', id: 'q', url: 'http://q.example/hads', version: '1.0', title: 'Form H' },
    {
      resourceType: 'QuestionnaireResponse',
      id: 'r1',
      status: 'completed',
      subject: { reference: 'Patient/a' },
      authored: '2026-01-02T10:00:00Z',
      questionnaire: 'http://q.example/hads|1.0',
    },
    {
      resourceType: 'QuestionnaireResponse',
      id: 'r2',
      status: 'in-progress',
      subject: { reference: 'Patient/a' },
      questionnaire: 'http://q.example/hads|2.0',
    },
  ]);
});

afterAll(() => kit.close());

const ids = async (url: string): Promise<readonly string[]> => (await kit.search(url)).matches.map(({ id }) => id);

test.each([
  ['Patient?_id=a,b', ['a', 'b']],
  ['Patient?gender=female', ['a']],
  ['Patient?gender:not=male', ['a']],
  ['Patient?identifier=1', ['a', 'b']],
  ['Patient?identifier=|1', ['b']],
  ['Patient?identifier=urn:n|1', ['a']],
  ['Patient?identifier=urn:n|', ['a']],
  ['Patient?identifier=urn:n|&gender=female,male', ['a']],
  ['Patient?name=ÆR', ['a']],
  ['Patient?name=andre', ['b']],
  ['Patient?name:exact=Andre', []],
  ['Patient?name:exact=André', ['b']],
  ['Patient?name:contains=ndr', ['b']],
  ['Patient?name=b&name=ær', ['a']],
  ['Patient?birthdate=1980', ['a']],
  ['Patient?birthdate=lt1990', ['a']],
  ['Patient?birthdate=ge1980-05-05', ['a', 'b']],
  ['Patient?birthdate=1980-05,1990&_sort=-birthdate', ['b', 'a']],
  ['Patient?birthdate:missing=false', ['a', 'b']],
  ['Patient?_has:Observation:patient:code=x', ['a']],
  ['Patient?_has:Observation:subject:status=final,preliminary', ['a', 'b']],
  ['Patient?_has:Observation:patient:_has:Observation:derived-from:status=preliminary', ['a']],
  ['Observation?subject=a', ['o1']],
  ['Observation?subject=Patient/a&code=x', ['o1']],
  ['Observation?patient=http://localhost/fhir/R4/Patient/b', ['o2']],
  ['Observation?subject:Patient.name=zorn', ['o2']],
  ['Observation?subject.name=zorn', ['o2']],
  ['Observation?derived-from:Observation.subject:Patient.gender=female', ['o2']],
  ['Observation?date=2026-01', ['o1']],
  ['Observation?date=ap2026-01', ['o1', 'o2']],
  ['Observation?date=gt2026-02', []],
  ['Observation?date=gt2026-01', ['o2']],
  ['Observation?date=sa2026-01-05', ['o2']],
  ['Observation?date=ge2026-02-10', []],
  ['Observation?date=ge2026-02-09', ['o2']],
  ['Observation?code:text=body', ['o1']],
  ['Observation?value-quantity=5.4', ['o1']],
  ['Observation?value-quantity=0.0054|http://unitsofmeasure.org|g', ['o1']],
  ['Observation?value-quantity=gt0.0054|http://unitsofmeasure.org|g', []],
  ['Observation?value-quantity=5.4||mg', ['o1']],
  ['Observation?code-value-quantity=x$gt5', ['o1']],
  ['Observation?code-value-quantity=x$lt5', []],
  ['QuestionnaireResponse?questionnaire=http://q.example/hads', ['r1', 'r2']],
  ['QuestionnaireResponse?questionnaire=http://q.example/hads|2.0', ['r2']],
  ['QuestionnaireResponse?subject=Patient/a&_sort=-authored&_count=20', ['r1', 'r2']],
  ['Questionnaire?url:below=http://q.example/', ['q']],
  ['Questionnaire?url:above=http://q.example/hads/x', ['q']],
  // There is a Group of the same id, to which nothing refers.
  ['?_type=Group,Patient&_has:Observation:subject:code=x', ['a']],
  ['?_id=a,o1', ['a', 'a', 'o1']],
  ['?_type=Patient,Observation&_lastUpdated=ge2026&_count=2', ['a', 'b']],
  ['Patient?_lastUpdated=lt2020', []],
] as const)('%s finds what it should', async (url, expected) => {
  expect(await ids(url)).toEqual(expected);
});

test('references are included from the resource, and by those that refer to it', async () => {
  const included = async (url: string): Promise<string[]> =>
    (await kit.search(url)).includes.map(({ id }) => id).sort();
  expect(await included('Observation?_id=o2&_include=Observation:subject')).toEqual(['b']);
  expect(await included('Observation?_id=o2&_include=*')).toEqual(['b', 'o1']);
  expect(
    await included('Observation?_id=o2&_include=Observation:derived-from&_include:iterate=Observation:subject'),
  ).toEqual(['a', 'b', 'o1']);
  expect(
    await included('Patient?_id=a&_revinclude=QuestionnaireResponse:subject&_revinclude=Observation:patient'),
  ).toEqual(['o1', 'r1', 'r2']);
  expect(await included('QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire')).toEqual(['q']);
});
