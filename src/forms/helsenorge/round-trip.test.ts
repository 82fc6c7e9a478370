import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileForm } from '../form.ts';
import { exportHelsenorge } from './export.ts';
import { importHelsenorge } from './import.ts';

const ehelse = 'http://ehelse.no/fhir/StructureDefinition/';
const helsenorge = 'http://helsenorge.no/fhir/StructureDefinition/';
const core = 'http://hl7.org/fhir/StructureDefinition/';
const valueSet = 'http://hl7.org/fhir/ValueSet/questionnaire-item-control';

/** Extensions by url and value, each of its own shape. */
const control = fc
  .subarray(
    ['help', 'inline', 'highlight', 'sidebar', 'step', 'slider', 'drop-down', 'data-receiver', 'year', 'table-hn1'],
    {
      minLength: 1,
    },
  )
  .map((codes): Extension => {
    const coding = codes.map((code) => ({ system: valueSet, code }));
    return { url: `${core}questionnaire-itemControl`, valueCodeableConcept: { coding } };
  });
const response = "QuestionnaireResponse.descendants().where(linkId='i1').answer.value";
const calculation = fc.constantFrom(
  response,
  `${response} / 2`,
  `iif(${response}.exists(), ${response} + item.where(linkId = 'i2').answer.value, 0)`,
  "%resource.descendants().where(linkId = 'i1').answer.value",
  'this is no FHIRPath (',
  '%representative.relationship',
);
const prefill = fc.constantFrom(
  'Patient.birthDate',
  "Patient.name.where(use = 'official').select(given.join(' ') & ' ' & family)",
  "iif(%patient.gender = 'female', 'Kvinne', 'Mann')",
  'Practitioner.name.family',
  "Patient.extension.where(url = 'http://helsenorge.no/fhir/StructureDefinition/sdf-age').value",
  'today()',
);
const limit = fc.constantFrom('today()', 'today() - 18 years', '2024-01-31', '@2024-01-31', 'nonsense(');
const string = (url: string, values: fc.Arbitrary<string>): fc.Arbitrary<Extension> =>
  values.map((valueString) => ({ url, valueString }));
const extension: fc.Arbitrary<Extension> = fc.oneof(
  control,
  string(`${ehelse}sdf-calculatedExpression`, calculation),
  string(`${core}cqf-expression`, calculation),
  string(`${ehelse}sdf-fhirpath`, prefill),
  string(`${ehelse}sdf-minvalue`, limit),
  string(`${ehelse}sdf-maxvalue`, limit),
  string(`${ehelse}validationtext`, fc.constant('Egne ord')),
  string(`${core}regex`, fc.constantFrom('[0-9]+', '(?=a)b')),
  string(`${core}entryFormat`, fc.constant('Skriv her')),
  fc.constant({ url: `${helsenorge}sdf-sublabel`, valueMarkdown: '*Under*' }),
  fc.constant({ url: `${ehelse}sdf-optionReference`, valueReference: { reference: 'Endpoint/1', display: 'Mottak' } }),
  fc.constant({ url: `${core}maxSize`, valueDecimal: 3 }),
);
const code = fc.constantFrom(
  { system: 'http://ehelse.no/Score', code: 'score', display: 'score' },
  { system: 'http://ehelse.no/scoringFormulas', code: 'QS' },
  { system: 'http://ehelse.no/scoringFormulas', code: 'SS' },
  { system: 'http://ehelse.no/scoringFormulas', code: 'TS' },
  { system: 'http://helsenorge.no/fhir/CodeSystem/RenderOptions', code: '2', display: 'KunPdf' },
  { system: 'http://helsenorge.no/fhir/CodeSystem/RenderOptions', code: '3', display: 'Vis i skjema', id: 'x' },
  { system: 'http://helsenorge.no/fhir/CodeSystem/TableColumn', code: '1' },
);
const weight = fc.integer({ min: 0, max: 9 }).map((valueDecimal) => ({ url: `${core}ordinalValue`, valueDecimal }));
const option = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.option(weight, { nil: undefined }))
  .map(([code, extension]) => ({ valueCoding: { system: 's', code, ...(extension && { extension: [extension] }) } }));

const shallow = fc.record(
  {
    linkId: fc.constant(''),
    type: fc.constantFrom(
      'text',
      'string',
      'choice',
      'date',
      'dateTime',
      'integer',
      'decimal',
      'attachment',
      'display',
    ),
    text: fc.constant('Et spørsmål'),
    required: fc.boolean(),
    repeats: fc.boolean(),
    readOnly: fc.boolean(),
    code: fc.uniqueArray(code, { minLength: 1, maxLength: 3, selector: JSON.stringify }),
    extension: fc.uniqueArray(extension, { minLength: 1, maxLength: 4, selector: ({ url }) => url }),
    answerOption: fc.uniqueArray(option, { minLength: 1, maxLength: 3, selector: JSON.stringify }),
  },
  { requiredKeys: ['linkId', 'type'] },
);
const item: fc.Arbitrary<QuestionnaireItem> = fc
  .tuple(shallow, fc.array(shallow, { maxLength: 3 }))
  .map(([outer, inner]) => ({ ...outer, ...(inner.length > 0 && { item: inner }) }) as QuestionnaireItem);
const form: fc.Arbitrary<Questionnaire> = fc
  .record(
    {
      item: fc.array(item, { minLength: 1, maxLength: 5 }),
      extension: fc.constant([
        { url: `${ehelse}sdf-endpoint`, valueReference: { reference: 'Endpoint/1' } },
        { url: `${helsenorge}sdf-presentationbuttons`, valueCoding: { system: 'p', code: 'sticky' } },
      ]),
      meta: fc.constant({ security: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7618', code: '1' }] }),
    },
    { requiredKeys: ['item'] },
  )
  .map((parts) => numbered({ resourceType: 'Questionnaire', status: 'active', ...parts } as Questionnaire));

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const ofSdc = (url: string, ...texts: string[]): fc.Arbitrary<Extension> =>
  fc.constantFrom(...texts).map((expression) => ({ url, valueExpression: { language: 'text/fhirpath', expression } }));
const limitOfSdc = (url: string): fc.Arbitrary<Extension> =>
  ofSdc(`${core}cqf-expression`, 'today()', "%resource.item.where(linkId = 'i1').answer.value").map(
    (expression) => ({ url, _valueDate: { extension: [expression] } }) as Extension,
  );
const sdcExtension: fc.Arbitrary<Extension> = fc.oneof(
  ofSdc(
    `${sdc}calculatedExpression`,
    '%resource.item.count()',
    'item.count() / 2',
    '%x + 1',
    '(%resource.item.count() / 2).round(0)',
  ),
  ofSdc(`${sdc}initialExpression`, '%patient.birthDate', 'today()', '%encounter.id'),
  ofSdc(`${sdc}enableWhenExpression`, 'true'),
  limitOfSdc(`${core}minValue`),
  limitOfSdc(`${core}maxValue`),
  fc.constantFrom('capture', 'display', 'capture-display').map((valueCode) => ({ url: `${sdc}usageMode`, valueCode })),
  fc.constantFrom('help', 'inline', 'slider', 'page', 'lower').map((code) => ({
    url: `${core}questionnaire-itemControl`,
    valueCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/questionnaire-item-control', code }] },
  })),
);
const sdcItem: fc.Arbitrary<QuestionnaireItem> = fc
  .record(
    {
      linkId: fc.constant(''),
      type: fc.constantFrom('group', 'choice', 'date', 'integer', 'decimal', 'string'),
      code: fc.constant([{ system: 'own', code: 'x' }]),
      extension: fc.uniqueArray(sdcExtension, { minLength: 1, maxLength: 4, selector: ({ url }) => url }),
      answerOption: fc.constant([
        { valueCoding: { code: 'a', extension: [{ url: `${core}itemWeight`, valueDecimal: 1 }] } },
      ]),
      item: fc.constant([{ linkId: '', type: 'display', text: 'Hjelp' }]),
    },
    { requiredKeys: ['linkId', 'type'] },
  )
  .map((parts) => parts as QuestionnaireItem);
const sdcForm = fc
  .array(sdcItem, { minLength: 1, maxLength: 4 })
  .map((item) => numbered({ resourceType: 'Questionnaire', status: 'active', item }));

function numbered(questionnaire: Questionnaire): Questionnaire {
  let count = 0;
  const number = (items: readonly QuestionnaireItem[]): QuestionnaireItem[] =>
    items.map((each) => {
      count += 1;
      return { ...each, linkId: `i${count}`, ...(each.item && { item: number(each.item) }) };
    });
  return { ...questionnaire, item: number(questionnaire.item ?? []) };
}

/** The form without what SDC says beside the dialect. */
function withoutSdc(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((each) => (isSdc(each) ? [] : [withoutSdc(each)]));
  }
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).map(([name, part]) => [name, withoutSdc(part)]);
  return Object.fromEntries(
    parts.filter(([name, part]) => name !== 'extension' || !Array.isArray(part) || part.length > 0),
  );
}

function isSdc(element: unknown): boolean {
  const text = JSON.stringify(element);
  return /^\{"(?:url|system)":"http:\/\/hl7\.org\/fhir\/(?:uv\/sdc\/|StructureDefinition\/(?:itemWeight|m(?:in|ax)Value)|questionnaire-item-control)/.test(
    text.replace(/^\{"id":"[^"]*",/, '{'),
  );
}

function ownForms(): [string, Questionnaire][] {
  const folder = path.join(import.meta.dirname, '../../../questionnaires');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name): [string, Questionnaire] => [name, JSON.parse(readFileSync(path.join(folder, name), 'utf8'))])
    .filter(([, resource]) => resource.resourceType === 'Questionnaire');
}

describe('there and back', () => {
  it('a form of the dialect comes out as it went in, SDC aside', () => {
    fc.assert(
      fc.property(form, (given) => {
        const imported = importHelsenorge(given).questionnaire;
        expect(withoutSdc(exportHelsenorge(imported).questionnaire)).toEqual(given);
      }),
      { numRuns: 150 },
    );
  });

  it('nothing changes any more from the second time on', () => {
    fc.assert(
      fc.property(form, (given) => {
        const imported = importHelsenorge(given).questionnaire;
        const exported = exportHelsenorge(imported).questionnaire;
        expect(importHelsenorge(exported).questionnaire).toEqual(imported);
      }),
      { numRuns: 150 },
    );
  });

  it('an SDC form comes back as it was', () => {
    fc.assert(
      fc.property(sdcForm, (given) => {
        expect(importHelsenorge(exportHelsenorge(given).questionnaire).questionnaire).toEqual(given);
      }),
      { numRuns: 150 },
    );
  });

  const forms = ownForms();
  it('there are forms of our own', () => expect(forms.length).toBeGreaterThan(20));
  it.each(forms)('%s comes back as it was', (_, own) => {
    const exported = exportHelsenorge(own).questionnaire;
    expect(importHelsenorge(exported).questionnaire).toEqual(own);
    expect(() => compileForm(exported)).not.toThrow();
  });
});
