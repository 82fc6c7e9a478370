import type { Extension, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { answered, CORE, code, extracted, faults, form, marked, resources } from '../../../tests/kit/extraction.ts';
import { FhirError } from '../../model/issue.ts';
import { compileForm } from '../form.ts';
import { wantedProfiles } from './extract.ts';

describe('resources by definition', () => {
  const patient = `${CORE}Patient`;
  const made = (definition: string, ...more: Extension[]): Extension =>
    marked('definitionExtract', { extension: [{ url: 'definition', valueCanonical: definition }, ...more] });
  const value = (definition: string, part: Omit<Extension, 'url'>): Extension =>
    marked('definitionExtractValue', {
      extension: [
        { url: 'definition', valueUri: definition },
        { url: 'valueExpression' in part ? 'expression' : 'fixed-value', ...part },
      ],
    });
  const calculated = (definition: string, expression: string): Extension =>
    value(definition, { valueExpression: { language: 'text/fhirpath', expression } });
  const text = (linkId: string, path: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
    linkId,
    type: 'string',
    definition: `${patient}#${path}`,
    ...more,
  });
  const told = (linkId: string, ...values: string[]): QuestionnaireResponseItem => ({
    linkId,
    answer: values.map((valueString) => ({ valueString })),
  });

  it('update the resource whose id is extracted, and create others', () => {
    const questionnaire = form([text('id', 'Patient.id'), text('family', 'Patient.name.family')], {
      extension: [made(patient, { url: 'fullUrl', valueString: "'urn:uuid:p'" })],
    });
    expect(extracted(questionnaire, answered([told('id', '7'), told('family', 'A')])).bundle?.entry).toEqual([
      {
        fullUrl: 'urn:uuid:p',
        resource: { resourceType: 'Patient', id: '7', name: [{ family: 'A' }] },
        request: { method: 'PUT', url: 'Patient/7' },
      },
    ]);
    expect(extracted(questionnaire, answered([told('family', 'A')])).bundle?.entry?.[0]?.request).toEqual({
      method: 'POST',
      url: 'Patient',
    });
  });

  it('have conditions where the form says so', () => {
    const details = [
      { url: 'ifNoneExist', valueString: "'identifier=' + item.where(linkId = 'id').answer.value" },
      { url: 'ifModifiedSince', valueString: "'no instant'" },
    ];
    const questionnaire = form([text('id', 'Patient.identifier.value')], { extension: [made(patient, ...details)] });
    const { bundle, issues } = extracted(questionnaire, answered([told('id', '7')]));
    expect(bundle?.entry?.[0]?.request).toEqual({ method: 'POST', url: 'Patient', ifNoneExist: 'identifier=7' });
    expect(issues.map(({ expression }) => expression)).toEqual([['Questionnaire.extension[0].extension[2]']]);
  });

  it('have an element for each group that stands for one, and for each item beside it', () => {
    const questionnaire = form(
      [
        {
          linkId: 'name',
          type: 'group',
          repeats: true,
          definition: `${patient}#Patient.name`,
          extension: [value(`${patient}#Patient.name.use`, { valueCode: 'usual' })],
          item: [text('given', 'Patient.name.given', { repeats: true }), text('family', 'Patient.name.family')],
        },
        text('old', 'Patient.name.text', { extension: [value(`${patient}#Patient.name.use`, { valueCode: 'old' })] }),
        text('phones', 'Patient.telecom.value', {
          repeats: true,
          extension: [value(`${patient}#Patient.telecom.system`, { valueCode: 'phone' })],
        }),
        text('nicknames', 'Patient.name.given', {
          repeats: true,
          extension: [value(`${patient}#Patient.name.use`, { valueCode: 'nickname' })],
        }),
      ],
      { extension: [made(patient)] },
    );
    const response = answered([
      { linkId: 'name', item: [told('given', 'A', 'B'), told('family', 'C')] },
      { linkId: 'name', item: [told('family', 'D')] },
      told('old', 'E'),
      told('phones', '1', '2'),
      told('nicknames', 'F', 'G'),
    ]);
    expect(resources(extracted(questionnaire, response))).toEqual([
      {
        resourceType: 'Patient',
        name: [
          { use: 'usual', given: ['A', 'B'], family: 'C' },
          { use: 'usual', family: 'D' },
          { text: 'E', use: 'old' },
          { given: ['F', 'G'], use: 'nickname' },
        ],
        telecom: [
          { value: '1', system: 'phone' },
          { value: '2', system: 'phone' },
        ],
      },
    ]);
  });

  it('are made for each occurrence of what repeats, each with an id of its own, and refer to each other by it', () => {
    const related = `${CORE}RelatedPerson`;
    const questionnaire = form(
      [
        {
          linkId: 'relative',
          type: 'group',
          repeats: true,
          extension: [
            marked('extractAllocateId', { valueString: 'relative' }),
            made(related, { url: 'fullUrl', valueString: '%relative' }),
            calculated(`${related}#RelatedPerson.patient.reference`, '%patientId'),
          ],
          item: [{ linkId: 'name', type: 'string', definition: `${related}#RelatedPerson.name.text` }],
        },
      ],
      {
        extension: [
          marked('extractAllocateId', { valueString: 'patientId' }),
          made(patient, { url: 'fullUrl', valueString: '%patientId' }),
          value(`${patient}#Patient.active`, { valueBoolean: true }),
        ],
      },
    );
    const response = answered(['A', 'B'].map((name) => ({ linkId: 'relative', item: [told('name', name)] })));
    const { bundle, issues } = extracted(questionnaire, response);
    expect(issues).toEqual([]);
    expect(bundle?.entry?.map(({ fullUrl }) => fullUrl)).toEqual(['urn:uuid:1', 'urn:uuid:2', 'urn:uuid:3']);
    expect(resources(extracted(questionnaire, response))).toEqual([
      { resourceType: 'Patient', active: true },
      { resourceType: 'RelatedPerson', patient: { reference: 'urn:uuid:1' }, name: [{ text: 'A' }] },
      { resourceType: 'RelatedPerson', patient: { reference: 'urn:uuid:1' }, name: [{ text: 'B' }] },
    ]);
  });

  it('refer to Observations of the same response by the ids that both are told', () => {
    const report = `${CORE}DiagnosticReport`;
    const questionnaire = form(
      [
        {
          linkId: 'weight',
          type: 'decimal',
          repeats: true,
          code: [code('weight')],
          extension: [
            marked('observationExtract', { valueBoolean: true }),
            marked('extractAllocateId', { valueString: 'weightId' }),
            marked('observationExtractEntry', { extension: [{ url: 'fullUrl', valueString: '%weightId' }] }),
            calculated(`${report}#DiagnosticReport.result.reference`, '%weightId'),
          ],
        },
      ],
      { extension: [made(report), value(`${report}#DiagnosticReport.status`, { valueCode: 'final' })] },
    );
    const response = answered([{ linkId: 'weight', answer: [{ valueDecimal: 71 }, { valueDecimal: 72 }] }]);
    const { bundle } = extracted(questionnaire, response);
    const [first, ...observations] = bundle?.entry ?? [];
    expect(observations.map(({ resource }) => resource?.resourceType)).toEqual(['Observation', 'Observation']);
    expect(first?.resource).toEqual({
      resourceType: 'DiagnosticReport',
      status: 'final',
      result: observations.map(({ fullUrl }) => ({ reference: fullUrl })),
    });
  });

  it('are made by the older itemExtractionContext of a type; one of a query is told of', () => {
    const context = (part: Omit<Extension, 'url'>) => marked('itemExtractionContext', part);
    const definition = 'http://hl7.org/fhir/Patient#Patient.birthDate';
    const item: QuestionnaireItem[] = [{ linkId: 'born', type: 'date', definition }];
    const response = answered([{ linkId: 'born', answer: [{ valueDate: '1970-01-31' }] }]);
    const ofType = form(item, { extension: [context({ valueCode: 'Patient' })] });
    expect(resources(extracted(ofType, response))).toEqual([{ resourceType: 'Patient', birthDate: '1970-01-31' }]);
    const query = { language: 'application/x-fhir-query' as const, expression: 'Patient?_id={{%patient.id}}' };
    const ofQuery = extracted(form(item, { extension: [context({ valueExpression: query })] }), response);
    expect(ofQuery.bundle).toBeUndefined();
    expect(ofQuery.issues[0]).toMatchObject({ code: 'not-supported', expression: ['Questionnaire.extension[0]'] });
  });

  it('take answers as the element has them, and tell of what does not fit', () => {
    const gender = { system: 'http://hl7.org/fhir/administrative-gender', code: 'other' };
    const questionnaire = form(
      [
        { linkId: 'gender', type: 'choice', definition: `${patient}#Patient.gender` },
        { linkId: 'status', type: 'choice', definition: `${patient}#Patient.maritalStatus` },
        { linkId: 'dead', type: 'boolean', definition: `${patient}#Patient.deceased[x]` },
        { linkId: 'births', type: 'integer', definition: `${patient}#Patient.multipleBirthInteger` },
        { linkId: 'born', type: 'string', definition: `${patient}#Patient.birthDate` },
      ],
      { extension: [made(patient)] },
    );
    const response = answered([
      { linkId: 'gender', answer: [{ valueCoding: gender }] },
      { linkId: 'status', answer: [{ valueCoding: code('m') }] },
      { linkId: 'dead', answer: [{ valueBoolean: false }] },
      { linkId: 'births', answer: [{ valueInteger: 2 }] },
      told('born', 'last winter'),
    ]);
    const result = extracted(questionnaire, response);
    expect(resources(result)).toEqual([
      {
        resourceType: 'Patient',
        gender: 'other',
        maritalStatus: { coding: [code('m')] },
        deceasedBoolean: false,
        multipleBirthInteger: 2,
      },
    ]);
    expect(result.issues.map(({ code: each, expression }) => [each, expression])).toEqual([
      ['value', ['Questionnaire.item[4].definition']],
    ]);
    expect(JSON.stringify(result.issues)).not.toContain('winter');
  });

  it('have what their profile fixes', () => {
    const profile = 'http://example.org/StructureDefinition/registry-patient';
    const structure = {
      resourceType: 'StructureDefinition' as const,
      url: profile,
      name: 'RegistryPatient',
      status: 'active' as const,
      kind: 'resource' as const,
      abstract: false,
      type: 'Patient',
      differential: {
        element: [
          { id: 'Patient.identifier:nin', path: 'Patient.identifier', sliceName: 'nin', min: 0, max: '1' },
          { id: 'Patient.identifier:nin.system', path: 'Patient.identifier.system', fixedUri: 'urn:nin' },
          { id: 'Patient.identifier:other', path: 'Patient.identifier', sliceName: 'other', min: 0, max: '1' },
          { id: 'Patient.identifier:other.system', path: 'Patient.identifier.system', fixedUri: 'urn:other' },
          {
            id: 'Patient.extension:land',
            path: 'Patient.extension',
            type: [{ code: 'Extension', profile: ['urn:land'] }],
          },
          { id: 'Patient.active', path: 'Patient.active', min: 1, fixedBoolean: true },
          {
            id: 'Patient.communication.language',
            path: 'Patient.communication.language',
            patternCodeableConcept: { text: 'nb' },
          },
        ],
      },
    };
    const questionnaire = form(
      [
        { linkId: 'nin', type: 'string', definition: `${profile}#Patient.identifier:nin.value` },
        { linkId: 'land', type: 'string', definition: `${profile}#Patient.extension:land.value[x]` },
      ],
      { extension: [made(`${profile}|1.0.0`)] },
    );
    const response = answered([told('nin', '7'), told('land', 'NO')]);
    expect(wantedProfiles(compileForm(questionnaire))).toEqual([profile]);
    const known = extracted(questionnaire, response, { profiles: (url) => (url === profile ? structure : undefined) });
    expect(known.issues).toEqual([]);
    expect(resources(known)).toEqual([
      {
        resourceType: 'Patient',
        meta: { profile: [profile] },
        active: true,
        identifier: [{ value: '7', system: 'urn:nin' }],
        extension: [{ url: 'urn:land', valueString: 'NO' }],
      },
    ]);
    const unknown = extracted(questionnaire, response);
    expect(unknown.issues).toMatchObject([{ code: 'not-found', expression: ['Questionnaire.extension[0]'] }]);
  });

  it('change neither the response nor the form by what is added to a value', () => {
    const observation = `${CORE}Observation`;
    const questionnaire = form(
      [{ linkId: 'weight', type: 'quantity', definition: `${observation}#Observation.valueQuantity` }],
      {
        extension: [
          made(observation),
          value(`${observation}#Observation.code`, { valueCodeableConcept: { coding: [code('weight')] } }),
          value(`${observation}#Observation.code.text`, { valueString: 'Weight' }),
        ],
      },
    );
    const unit = value(`${observation}#Observation.valueQuantity.unit`, { valueString: 'kg' });
    const [item] = questionnaire.item ?? [];
    const withUnit = { ...questionnaire, item: item && [{ ...item, extension: [unit] }] };
    const response = answered([{ linkId: 'weight', answer: [{ valueQuantity: { value: 71 } }] }]);
    const before = JSON.stringify([withUnit, response]);
    expect(resources(extracted(withUnit, response))).toEqual([
      {
        resourceType: 'Observation',
        code: { coding: [code('weight')], text: 'Weight' },
        valueQuantity: { value: 71, unit: 'kg' },
      },
    ]);
    expect(JSON.stringify([withUnit, response])).toBe(before);
  });

  it('are not made by definitions that R4 does not have, and by values of nothing', () => {
    const wrong = [
      value(`${patient}#Patient.shoeSize`, { valueInteger: 43 }),
      value(`${CORE}Basic#Patient.active`, { valueBoolean: true }),
      marked('definitionExtractValue', { extension: [{ url: 'definition', valueUri: `${patient}#Patient.active` }] }),
      calculated(`${patient}#Patient.active`, 'this does not parse'),
    ];
    const questionnaire = form([text('a', 'Patient.eye')], { extension: [made(patient), ...wrong] });
    expect(faults(questionnaire)).toEqual([
      ['value', 'Questionnaire.extension[1]'],
      ['extension', 'Questionnaire.extension[3]'],
      ['invalid', 'Questionnaire.extension[4].extension[1]'],
      ['value', 'Questionnaire.item[0].definition'],
    ]);
    expect(() => extracted(questionnaire, answered([told('a', 'b')]))).toThrow(FhirError);
  });
});
