import type { Questionnaire } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { shippedForms } from '../../../../tests/kit/shipped-forms.ts';
import { needsLibrary } from '../../../fhirpath/native-pattern.ts';
import { patternsOf } from './patterns-of.ts';

test('finds the regular expressions of items and of expressions', () => {
  const form: Questionnaire = {
    resourceType: 'Questionnaire',
    status: 'active',
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/variable',
        valueExpression: {
          language: 'text/fhirpath',
          expression: String.raw`%a.matches('^\\d+$') or %b.replaceMatches('x', 'y')`,
        },
      },
    ],
    item: [
      {
        ...{ linkId: '1', type: 'group' },
        item: [
          {
            ...{ linkId: '1.1', type: 'string' },
            extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/regex', valueString: String.raw`[\p{L}]+` }],
          },
        ],
      },
    ],
  };
  expect(patternsOf(form)).toEqual([String.raw`^\d+$`, 'x', String.raw`[\p{L}]+`]);
});

test('no form that is shipped makes a browser fetch a library for them', () => {
  const sources = [...shippedForms.values()].flatMap(patternsOf);
  expect(sources.filter(needsLibrary)).toEqual([]);
});
