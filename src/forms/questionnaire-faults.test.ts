import { createRequire } from 'node:module';
import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { isLoincCode } from './loinc.ts';
import { questionnaireFaults } from './questionnaire-faults.ts';

const faults = (item: QuestionnaireItem[], more: Partial<Questionnaire> = {}) =>
  questionnaireFaults({
    resourceType: 'Questionnaire',
    url: 'https://svar.example.org/fhir/Questionnaire/x',
    status: 'active',
    item,
    ...more,
  }).map((issue) => `${issue.code} ${issue.expression?.join(' ')}: ${issue.diagnostics}`);
const number: QuestionnaireItem = { linkId: 'n', type: 'integer' };
const calculated = (linkId: string, expression: string): QuestionnaireItem => ({
  linkId,
  type: 'integer',
  readOnly: true,
  extension: [
    {
      url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
      valueExpression: { language: 'text/fhirpath', expression },
    },
  ],
});
const answerOf = (linkId: string) => `%resource.item.where(linkId='${linkId}').answer.value`;

describe('a form that could not be answered rightly is refused', () => {
  it.each<[string, QuestionnaireItem[], string]>([
    ['a linkId that is used twice', [number, { linkId: 'g', type: 'group', item: [number] }], 'used twice'],
    [
      'a condition on an item that is not there',
      [{ ...number, enableWhen: [{ question: 'nope', operator: 'exists', answerBoolean: true }] }],
      "depends on 'nope'",
    ],
    ['calculations that depend on each other', [calculated('a', answerOf('b')), calculated('b', answerOf('a'))], 'a'],
    ['an expression that does not parse', [calculated('a', 'item.where(')], 'item[0]'],
    [
      'a LOINC code with a wrong check digit',
      [{ ...number, code: [{ system: 'http://loinc.org', code: '71951-1' }] }],
      'item[0].code[0].code',
    ],
    [
      'options in a contained value set that is not there',
      [{ linkId: 'c', type: 'choice', answerValueSet: '#nowhere' }],
      'not-found Questionnaire.item[0].answerValueSet',
    ],
    [
      'an option with a wrong check digit',
      [
        {
          linkId: 'c',
          type: 'choice',
          answerOption: [{ valueCoding: { system: 'http://loinc.org', code: 'LA6568-4' } }],
        },
      ],
      'answerOption[0].value.code',
    ],
  ])('%s', (_, item, told) => {
    expect(faults(item).join('\n')).toContain(told);
  });

  it('and a right one is not', () => {
    expect(
      faults([number, calculated('a', answerOf('n'))], { code: [{ system: 'http://loinc.org', code: '62337-1' }] }),
    ).toEqual([]);
  });
});

it.each(['62337-1', '71967-4', 'LA6568-5', 'LL358-3', 'LP7839-6'])('LOINC code %s is right', (code) => {
  expect(isLoincCode(code)).toBe(true);
});

it.each(['62337-2', '71951-1', 'LA6568-4', '62337', 'x-1', ''])('LOINC code %s is wrong', (code) => {
  expect(isLoincCode(code)).toBe(false);
});

it('SDC’s forms with LOINC codes have right ones', () => {
  const require = createRequire(import.meta.url);
  const form: Questionnaire = require('hl7.fhir.uv.sdc/example/Questionnaire-questionnaire-sdc-profile-example-loinc.json');
  const codes = [...JSON.stringify(form).matchAll(/"system":"http:\/\/loinc.org","code":"([^"]+)"/g)].map(
    ([, code = '']) => code,
  );
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !isLoincCode(code))).toEqual([]);
});
