import type { SearchParameter } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { r4FhirPath } from '../../fhirpath/r4.ts';
import { searchParameterProblems } from './check.ts';
import { r4SearchParameters } from './r4.ts';
import { searchParameterRegistry } from './registry.ts';

const parameters = searchParameterRegistry(r4SearchParameters());

function problems(changed: object): string[] {
  const parameter: SearchParameter = {
    resourceType: 'SearchParameter',
    url: 'https://svar.example.org/fhir/SearchParameter/Task-deadline',
    name: 'deadline',
    description: 'The deadline of an order',
    status: 'active',
    code: 'deadline',
    base: ['Task'],
    type: 'date',
    expression: 'Task.restriction.period',
    ...changed,
  };
  return searchParameterProblems(parameter, parameters, r4FhirPath()).map((issue) => issue.expression?.[0] ?? '');
}

test('a parameter that can be searched by has no problems', () => {
  expect(problems({})).toEqual([]);
  expect(problems({ expression: undefined })).toEqual([]);
});

const faults: [string, object, string][] = [
  ['an expression that is not FHIRPath', { expression: 'Task.restriction.(' }, 'SearchParameter.expression'],
  ['an expression about another type', { expression: 'Patient.name' }, 'SearchParameter.expression'],
  ['a code that the type has already', { code: 'status' }, 'SearchParameter.code'],
  ['the type special', { type: 'special' }, 'SearchParameter.type'],
  ['an abstract base', { base: ['Resource'] }, 'SearchParameter.base[0]'],
  ['a composite without components', { type: 'composite' }, 'SearchParameter.component'],
  [
    'a component that nobody knows',
    {
      type: 'composite',
      component: [
        { definition: 'http://hl7.org/fhir/SearchParameter/Task-status', expression: 'status' },
        { definition: 'http://example.org/none', expression: 'code' },
      ],
    },
    'SearchParameter.component[1].definition',
  ],
];

test.each(faults)('%s is refused', (_, changed, at) => {
  expect(problems(changed)).toEqual([at]);
});
