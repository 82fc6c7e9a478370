import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { exportHelsenorge } from './export.ts';

const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const ehelse = 'http://ehelse.no/fhir/StructureDefinition/';

function expression(url: string, text: string, name?: string): Extension {
  return { url, valueExpression: { language: 'text/fhirpath', expression: text, ...(name && { name }) } };
}

function exported(item: QuestionnaireItem, more: Partial<Questionnaire> = {}) {
  const { questionnaire, issues } = exportHelsenorge({
    resourceType: 'Questionnaire',
    status: 'active',
    item: [item],
    ...more,
  });
  const warnings = issues.flatMap(({ severity, diagnostics }) => (severity === 'warning' ? [diagnostics] : []));
  return { item: questionnaire.item?.[0], issues, warnings };
}

/** The string of the dialect's extension that export wrote. */
function written(item: QuestionnaireItem | undefined, name: string): string | undefined {
  return item?.extension?.find(({ url }) => url === ehelse + name)?.valueString;
}

describe('expressions', () => {
  it('start on the response, and variables are put in', () => {
    const { item, warnings } = exported({
      linkId: 'mean',
      type: 'decimal',
      readOnly: true,
      extension: [
        expression(`${core}variable`, "%resource.item.where(linkId in ('a' | 'b')).answer.value", 'values'),
        expression(`${sdc}calculatedExpression`, 'iif(%values.exists(), %values.sum() / %values.count())'),
      ],
    });
    const values = "(QuestionnaireResponse.item.where(linkId in ('a' | 'b')).answer.value)";
    expect(written(item, 'sdf-calculatedExpression')).toBe(
      `iif(${values}.exists(), ${values}.sum() / ${values}.count())`,
    );
    expect(warnings).toEqual([]);
  });

  it('keep %resource within where(…), where a path would start on an element', () => {
    const text = '%resource.item.where(linkId = %resource.item.first().linkId).answer.value';
    const { item } = exported({
      linkId: 'a',
      type: 'decimal',
      extension: [expression(`${sdc}calculatedExpression`, text)],
    });
    expect(written(item, 'sdf-calculatedExpression')).toBe(
      'QuestionnaireResponse.item.where(linkId = %resource.item.first().linkId).answer.value',
    );
  });

  it.each([
    ['%context.item.answer.value', /uses %context/],
    ['item.answer.value', /starts on its own item/],
    ["1 +* 2 ('", /is no FHIRPath/],
  ])('%s is not written, and it is told', (text, why) => {
    const { item, warnings } = exported({
      linkId: 'a',
      type: 'decimal',
      extension: [expression(`${sdc}calculatedExpression`, text)],
    });
    expect(written(item, 'sdf-calculatedExpression')).toBeUndefined();
    expect(warnings[0]).toMatch(why);
  });

  it('limits of dates become sdf-minvalue; those that depend on answers can not', () => {
    const limit = (text: string): unknown => ({
      url: `${core}minValue`,
      _valueDate: { extension: [expression(`${core}cqf-expression`, text)] },
    });
    const dated = (text: string): QuestionnaireItem => ({
      linkId: 'd',
      type: 'date',
      extension: [limit(text) as Extension],
    });
    expect(written(exported(dated('today() - 2 weeks')).item, 'sdf-minvalue')).toBe('today() - 2 weeks');
    expect(exported(dated("%resource.item.where(linkId='a').answer.value")).warnings[0]).toMatch(/depends on other/);
  });

  it('first answers about the patient become sdf-fhirpath', () => {
    const { item } = exported({
      linkId: 'p',
      type: 'date',
      extension: [expression(`${sdc}initialExpression`, '%patient.birthDate')],
    });
    expect(written(item, 'sdf-fhirpath')).toBe('Patient.birthDate');
  });
});

describe('the rest', () => {
  it('weights and codes of how an item is shown are there in both ways', () => {
    const weight = { url: `${core}itemWeight`, valueDecimal: 2 };
    const { item } = exported({
      linkId: 'c',
      type: 'choice',
      extension: [
        {
          url: `${core}questionnaire-itemControl`,
          valueCodeableConcept: {
            coding: [{ system: 'http://hl7.org/fhir/questionnaire-item-control', code: 'radio-button' }],
          },
        },
      ],
      answerOption: [{ valueCoding: { system: 's', code: 'a', extension: [weight] } }],
    });
    expect(item?.answerOption?.[0]?.valueCoding?.extension).toEqual([
      weight,
      { url: `${core}ordinalValue`, valueDecimal: 2 },
    ]);
    expect(item?.extension?.[0]?.valueCodeableConcept?.coding?.map(({ system }) => system)).toEqual([
      'http://hl7.org/fhir/questionnaire-item-control',
      'http://hl7.org/fhir/ValueSet/questionnaire-item-control',
    ]);
  });

  it('help becomes a text item, which is the only kind that Refero takes for help', () => {
    const coding = [{ system: 'http://hl7.org/fhir/questionnaire-item-control', code: 'help' }];
    const { item } = exported({
      linkId: 'h',
      type: 'display',
      extension: [{ url: `${core}questionnaire-itemControl`, valueCodeableConcept: { coding } }],
    });
    expect(item?.type).toBe('text');
  });

  it('it is told what Refero does not do, and what Helsenorge wants beside', () => {
    const { warnings, issues } = exported({
      linkId: 'a',
      type: 'url',
      extension: [expression(`${sdc}enableWhenExpression`, 'true')],
    });
    expect(warnings).toEqual([
      'The question would always be shown in Refero, which has no enableWhenExpression.',
      'Refero shows no questions of type url.',
    ]);
    expect(issues.some(({ diagnostics }) => diagnostics.includes('tjenesteområde'))).toBe(true);
  });
});
