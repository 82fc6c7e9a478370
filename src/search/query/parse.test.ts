import { expect, test } from 'vitest';
import { FhirError } from '../../model/issue.ts';
import { r4SearchParameters } from '../parameters/r4.ts';
import { searchParameterRegistry } from '../parameters/registry.ts';
import type { SearchParameters } from '../parameters.ts';
import type { Query, SearchRequest } from './nodes.ts';
import { parseSearch } from './parse.ts';
import { below } from './values/number.ts';

const parameters = searchParameterRegistry(r4SearchParameters());

function parse(url: string, lenient = false, known: SearchParameters = parameters): SearchRequest {
  const [type = '', text = ''] = url.split('?');
  const query: Query = [...new URLSearchParams(text)];
  return parseSearch(known, type === '' ? undefined : type, query, {
    lenient,
    baseUrl: 'http://svar.test/fhir',
    now: new Date('2026-03-02T08:00:00Z'),
  });
}

function refusal(url: string): string {
  try {
    parse(url);
  } catch (error) {
    if (error instanceof FhirError) {
      expect(error.status).toBe(400);
      return error.message;
    }
    throw error;
  }
  throw new Error('it was not refused');
}

const keys = (url: string): unknown => parse(url).where.map((each) => (each.kind === 'token' ? each.keys : each.kind));

test.each([
  ['Patient?identifier=1', ['Patient.identifier\n=1']],
  ['Patient?identifier=urn:n|1', ['Patient.identifier\n|urn:n|1']],
  ['Patient?identifier=|1', ['Patient.identifier\n||1']],
  ['Patient?identifier=urn:n|', ['Patient.identifier\n|urn:n|']],
  ['Patient?identifier=urn:n|1\\,2,3\\|4', ['Patient.identifier\n|urn:n|1,2', 'Patient.identifier\n=3|4']],
  ['Patient?identifier=a\\\\b', ['Patient.identifier\n=a\\b']],
  ['Patient?gender=http://hl7.org/fhir/administrative-gender|male', ['Patient.gender\n=male']],
  ['Observation?subject=Patient/1', ['Observation.subject\n@Patient/1']],
  ['Observation?subject=http://svar.test/fhir/Patient/1', ['Observation.subject\n@Patient/1']],
  ['Observation?subject=http://other.test/Patient/1', ['Observation.subject\n@http://other.test/Patient/1']],
  ['Observation?subject:Patient=1', ['Observation.subject\n@Patient/1']],
  ['Observation?patient=1', ['Observation.subject\n@Patient/1']],
  ['Observation?patient=Group/1', []],
  ['Observation?subject:identifier=urn:n|1', ['Observation.subject\n&|urn:n|1']],
  [
    'QuestionnaireResponse?questionnaire=http://q.test/a|2',
    ['QuestionnaireResponse.questionnaire\n@http://q.test/a|2'],
  ],
  ['Observation?code-value-concept=urn:c|a$b', ['Observation.code-value-concept\n$|urn:c|a\n$=b']],
] as const)('%s asks for these keys', (url, expected) => {
  expect(keys(url)).toEqual([expected]);
});

test('an untyped id is looked for in every type that the reference may have', () => {
  expect(keys('Observation?subject=1')).toEqual([
    expect.arrayContaining(['Patient', 'Group', 'Device', 'Location'].map((type) => `Observation.subject\n@${type}/1`)),
  ]);
});

test('a number stands for what its digits tell; with a comparison it is exact', () => {
  const [test] = parse('RiskAssessment?probability=100').where;
  expect(test).toMatchObject({ kind: 'range', boxes: [{ box: { loMin: 99.5, hiMax: below(100.5) } }] });
  const [exact] = parse('RiskAssessment?probability=gt100').where;
  expect(exact).toMatchObject({
    kind: 'range',
    boxes: [{ box: { hiMin: -below(-100), loMax: Number.POSITIVE_INFINITY } }],
  });
});

test('bounds of the same value become one criterion; those of values that may repeat do not', () => {
  expect(parse('Patient?birthdate=ge2020&birthdate=lt2021&name=a').where).toHaveLength(2);
  expect(parse('Patient?_lastUpdated=ge2020&_lastUpdated=lt2021').where).toEqual([
    { kind: 'updated', intervals: [{ lo: Date.UTC(2020, 0), hi: Date.UTC(2021, 0) - 1 }] },
  ]);
  expect(parse('Patient?name=a&name=b').where).toHaveLength(2);
  expect(parse('Encounter?location-period=ge2020&location-period=lt2021').where).toHaveLength(2);
});

test('a plus that arrives as a space still is a time zone', () => {
  const [test] = parse('Patient?birthdate=2026-03-02T08:00:00+01:00').where;
  expect(test).toMatchObject({ boxes: [{ box: { loMin: Date.parse('2026-03-02T07:00:00Z') } }] });
});

test('parameters with an empty value are ignored and not in the self link', () => {
  const request = parse('Patient?name=&gender=male');
  expect(request.where).toHaveLength(1);
  expect(request.used).toEqual([['gender', 'male']]);
});

test('contained resources are not searched, and who says so is not refused', () => {
  const request = parse('Patient?_contained=false&_containedType=container');
  expect([request.where, request.used]).toEqual([
    [],
    [
      ['_contained', 'false'],
      ['_containedType', 'container'],
    ],
  ]);
});

test('parameters that shape the answer are passed over', () => {
  expect(parse('Patient?_format=json&_elements=name&_summary=true&_pretty=true')).toMatchObject({
    where: [],
    count: 20,
  });
});

test('an unknown parameter is refused by name, with what is near it', () => {
  expect(refusal('Patient?brithdate=2020')).toBe('Patient has no search parameter "brithdate". Near it: birthdate.');
});

test('a lenient client is told what was ignored, and the self link leaves it out', () => {
  const request = parse('Patient?foo=1&name:above=x&gender=male', true);
  expect(request.used).toEqual([['gender', 'male']]);
  expect(request.notices.map(({ diagnostics }) => diagnostics)).toEqual([
    'Ignored: Patient has no search parameter "foo".',
    'Ignored: The search parameter name (string) of Patient does not have the modifier :above.',
  ]);
});

test('lenient or not, a value that cannot be read is refused, and not repeated', () => {
  expect(() => parse('Patient?birthdate=secret', true)).toThrow(/birthdate cannot be read: expected a date/);
  expect(() => parse('Patient?birthdate=secret', true)).not.toThrow(/secret/);
});

test('a parameter whose rows are still being made is refused, not answered with nothing', () => {
  const indexing: SearchParameters = {
    hasWords: () => true,
    get: (type, code) => {
      const param = parameters.get(type, code);
      return param && { ...param, complete: false };
    },
    list: parameters.list,
  };
  for (const url of [
    'Patient?name=a',
    'Patient?_has:Observation:patient:code=x',
    'Observation?subject:Patient.name=a',
    'Patient?_sort=name',
    'Patient?_include=Patient:organization',
    'Patient?_filter=name eq a',
    'Observation?_filter=subject.name eq a',
    'Location?near=60|5',
    'Patient?age=1',
  ]) {
    expect(() => parse(url, true, indexing)).toThrow(/being indexed/);
  }
});

test.each([
  ['Patient?_count=-1', /_count cannot be read/],
  ['Patient?_count=NaN', /_count cannot be read/],
  ['Patient?_offset=10001', /_offset may be at most 10000/],
  ['Patient?_total=all', /_total cannot be read/],
  ['Observation?_sort=code-value-quantity', /cannot be sorted by code-value-quantity: it is a composite/],
  ['Location?_sort=near', /cannot be sorted by near: it is a special/],
  ['Patient?_sort=foo', /no search parameter "foo"/],
  ['Patient?_sort=age', /cannot be sorted by age: sort by birthdate/],
  ['Patient?_sort=_text', /no search parameter "_text"/],
  ['Patient?_query=a', /no named queries/],
  ['Patient?_contained=true', /_contained may be false only/],
  ['Patient?_contained=both', /_contained may be false only/],
  ['Patient?_contained=x', /_contained cannot be read/],
  ['Patient?_containedType=contained', /_containedType may be container only/],
  ['Patient?age=old', /expected a number/],
  ['Patient?age:exact=1', /does not have the modifier :exact/],
  ['Patient?name.given=a', /not a reference/],
  ['Patient?_has:Foo:patient:code=a', /not of the form _has/],
  ['Patient?_has:Observation:code:code=a', /does not refer to Patient/],
  ['Patient?_include=Patient:name', /not a reference/],
  ['Patient?_include=Foo:bar', /must be of the form/],
  ['Patient?_revinclude=*', /needs a type/],
  ['?name=a', /knows no parameter "name"/],
  ['?_type=Foo', /no resource type "Foo"/],
  ['?_type=Patient,Organization&birthdate=2020', /Organization has no search parameter "birthdate"/],
  ['Patient?gender:missing=maybe', /expected true or false/],
  ['Observation?value-quantity=x', /expected a number/],
  ['Observation?code-value-quantity=x', /joined by \$/],
  ['Patient?link.link.link.link.link.link.name=a', /at most 4 links|not a reference|no search parameter/],
  [
    'Patient?general-practitioner:Patient.general-practitioner:Patient.general-practitioner:Patient.general-practitioner:Patient.general-practitioner:Patient.name=a',
    /at most 4 links/,
  ],
])('%s is refused', (url, message) => {
  expect(refusal(url)).toMatch(message);
});

test('every fault is told at once', () => {
  expect(refusal('Patient?foo=1&bar=2')).toMatch(/"foo".*"bar"/);
});

test('a _count above the maximum is limited, and the client is told', () => {
  const request = parse('Patient?_count=10000');
  expect(request.count).toBe(1000);
  expect(request.notices).toMatchObject([{ diagnostics: '_count was limited to 1000.' }]);
  expect(refusal('Patient?_count=1000000')).toMatch('_count may be at most 1000');
});

test('a list of 10,000 values is refused within milliseconds', () => {
  const url = `Patient?identifier=${Array.from({ length: 10_000 }, (_, i) => i).join(',')}`;
  const start = performance.now();
  expect(refusal(url)).toMatch(/has 10000 values; at most 1000/);
  expect(performance.now() - start).toBeLessThan(200);
});

test('a search over several types asks for the keys of each', () => {
  expect(keys('?_type=Patient,Observation&identifier=1')).toEqual([
    ['Patient.identifier\n=1', 'Observation.identifier\n=1'],
  ]);
});
