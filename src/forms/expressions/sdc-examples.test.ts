import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Extension, Questionnaire, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { compileForm } from '../form.ts';
import { openForm } from './form-state.ts';

/** Calculations of SDC's own example forms, beside what the fhirpath package makes of the same expressions. */

interface Package {
  evaluate(value: unknown, path: string, env: object, model: unknown): unknown[];
}

const require = createRequire(import.meta.url);
const fhirpath: Package = require('fhirpath');
const r4: unknown = require('fhirpath/fhir-context/r4');
const folder = new URL('../../../node_modules/hl7.fhir.uv.sdc/example/', import.meta.url).pathname;

function read(file: string): Questionnaire {
  return JSON.parse(readFileSync(`${folder}Questionnaire-${file}.json`, 'utf8'));
}

function respond(item: QuestionnaireResponseItem[]): QuestionnaireResponse {
  return { resourceType: 'QuestionnaireResponse', status: 'completed', item };
}

function calculated(questionnaire: Questionnaire, response: QuestionnaireResponse): Record<string, unknown> {
  const state = openForm(compileForm(questionnaire), response, { now: new Date('2026-03-02T10:00:00Z') });
  const found = state.calculated().map(({ item, answers }) => [item.linkId, answers]);
  expect(state.issues).toEqual([]);
  return Object.fromEntries(found);
}

/** The last of some expressions, with the values of those before by their names. */
function byPackage(
  extensions: readonly Extension[],
  response: QuestionnaireResponse,
  questionnaire: Questionnaire,
): unknown[] {
  const values: Record<string, unknown> = { resource: response, questionnaire };
  let last: unknown[] = [];
  for (const { valueExpression } of extensions) {
    if (valueExpression?.expression === undefined) continue;
    last = fhirpath.evaluate(response, valueExpression.expression, values, r4);
    if (valueExpression.name !== undefined) values[valueExpression.name] = last;
  }
  return last;
}

test.each([
  ['LA2-8', 60, 'Y', 140, 210, 45, 'N'],
  ['LA2-8', 75, 'N', 120, 190, 60, 'Y'],
  ['LA3-6', 45, 'N', 115, 180, 65, 'N'],
  ['LA3-6', 79, 'Y', 160, 250, 40, 'Y'],
])(
  'Framingham: %s, %i years, smokes %s, %i mmHg, %i and %i mg/dL, treated %s',
  (sex, age, smokes, pressure, total, hdl, treated) => {
    const questionnaire = read('questionnaire-sdc-profile-example-framingham-hchd-lhc');
    const coding = (linkId: string, code: string): QuestionnaireResponseItem => {
      const options = questionnaire.item?.find((each) => each.linkId === linkId)?.answerOption ?? [];
      return {
        linkId,
        answer: [{ valueCoding: options.find((each) => each.valueCoding?.code === code)?.valueCoding }],
      };
    };
    const decimal = (linkId: string, valueDecimal: number): QuestionnaireResponseItem => ({
      linkId,
      answer: [{ valueDecimal }],
    });
    const response = respond([
      ...[decimal('/age', age), coding('/46098-0', sex), coding('/smokes', smokes), decimal('/8480-6', pressure)],
      ...[decimal('/2093-3', total), decimal('/2085-9', hdl), coding('/antihypertensive', treated)],
    ]);
    const extensions = questionnaire.extension?.filter(({ url }) => url?.endsWith('/variable')) ?? [];
    const [risk] = byPackage(extensions, response, questionnaire);
    expect(Number(risk)).toBeGreaterThan(0.0001);
    expect(calculated(questionnaire, response)).toEqual({
      riskDecimal: [{ valueDecimal: expect.closeTo(Number(risk), 8) }],
      riskPercentage: [{ valueString: `${Math.round(Number(risk) * 10_000) / 100}%` }],
    });
    // With an answer missing there is no risk, and no failure.
    const incomplete = respond(response.item?.slice(1) ?? []);
    expect(calculated(questionnaire, incomplete)).toEqual({ riskDecimal: [], riskPercentage: [] });
  },
);

test('hunger: the coding of the calculated option', () => {
  const questionnaire = read('SDOHCC-QuestionnaireHungerVitalSign');
  const often = { system: 'http://loinc.org', code: 'LA28397-0' };
  const never = { system: 'http://loinc.org', code: 'LA28398-8' };
  const risk = (first: object, second: object): unknown => {
    const response = respond([
      { linkId: '/88122-7', answer: [{ valueCoding: first }] },
      { linkId: '/88123-5', answer: [{ valueCoding: second }] },
    ]);
    const [answers] = Object.values(calculated(questionnaire, response));
    return answers;
  };
  expect(risk(often, never)).toMatchObject([{ valueCoding: { code: 'LA19952-3' } }]);
  expect(risk(never, never)).toMatchObject([{ valueCoding: { code: 'LA19983-8' } }]);
});

test('weights of a contained value set are added up by aggregate()', () => {
  const questionnaire = read('questionnaire-sdc-profile-example-item-weight');
  const [group] = questionnaire.item ?? [];
  const [valueSet] = questionnaire.contained ?? [];
  const concepts = valueSet?.resourceType === 'ValueSet' ? (valueSet.compose?.include[0]?.concept ?? []) : [];
  // The example has the codes without their weights, which it means to be 0, 1, 2 and 3.
  concepts.forEach((concept, index) => {
    concept.extension = [{ url: 'http://hl7.org/fhir/StructureDefinition/itemWeight', valueDecimal: index }];
  });
  const questions = (group?.item ?? []).filter((item) => item.type === 'choice');
  const system = valueSet?.resourceType === 'ValueSet' ? valueSet.compose?.include[0]?.system : undefined;
  const item = questions.map(({ linkId }, index) => ({
    linkId,
    answer: [{ valueCoding: { system, code: concepts[index % concepts.length]?.code } }],
  }));
  const expected = questions.reduce((sum, _, index) => sum + (index % concepts.length), 0);
  expect(expected).toBeGreaterThan(3);
  const [answers] = Object.values(calculated(questionnaire, respond([{ linkId: group?.linkId ?? '', item }])));
  expect(answers).toMatchObject([{ valueInteger: expected }]);
});
