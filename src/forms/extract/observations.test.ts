import { readFileSync } from 'node:fs';
import type {
  Extension,
  Observation,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import {
  answered,
  CORE,
  code,
  extracted,
  faults,
  form,
  marked,
  resources,
  SDC,
} from '../../../tests/kit/extraction.ts';
import { validateResource } from '../../conformance/validate-resource.ts';

const yes = marked('observationExtract', { valueBoolean: true });
const no = marked('observationExtract', { valueBoolean: false });
const related = (valueCode: string): Extension => marked('observationExtract', { valueCode });
const codeOf = ({ code: { coding } }: Observation): string | undefined => coding?.map((each) => each.code).join(' ');

describe('Observations', () => {
  const question = (linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
    linkId,
    type: 'integer',
    code: [code(linkId)],
    ...more,
  });
  const given = (linkId: string, valueInteger = 1): QuestionnaireResponseItem => ({
    linkId,
    answer: [{ valueInteger }],
  });

  it('are made of items that are marked, or stand in what is marked, and have a code', () => {
    const questionnaire = form([
      question('own', { extension: [yes] }),
      question('unmarked'),
      {
        linkId: 'group',
        type: 'group',
        extension: [yes],
        item: [
          question('inside'),
          { linkId: 'codeless', type: 'integer' },
          {
            linkId: 'off',
            type: 'group',
            extension: [no],
            item: [question('not'), question('again', { extension: [yes] })],
          },
        ],
      },
    ]);
    const response = answered([
      given('own'),
      given('unmarked'),
      {
        linkId: 'group',
        item: [given('inside'), given('codeless'), { linkId: 'off', item: [given('not'), given('again')] }],
      },
    ]);
    expect(resources<Observation>(extracted(questionnaire, response)).map(codeOf)).toEqual(['own', 'inside', 'again']);
  });

  it('take only the codes that are marked, where some are', () => {
    const all = [code('a'), code('b'), code('c')];
    const questionnaire = form([
      question('some', { code: [{ ...code('a'), extension: [yes] }, code('b')] }),
      question('but', { extension: [yes], code: [code('a'), { ...code('b'), extension: [no] }] }),
      question('all', { extension: [yes], code: all }),
    ]);
    const response = answered([given('some'), given('but'), given('all')]);
    const made = resources<Observation>(extracted(questionnaire, response));
    expect(made.map(codeOf)).toEqual(['a', 'a', 'a b c']);
    expect(made[0]?.code).toEqual({ coding: [code('a')] });
  });

  it('have the categories of the nearest item, or form, that has any', () => {
    const category = (text: string) => marked('observation-extract-category', { valueCodeableConcept: { text } });
    const questionnaire = form([question('a'), question('b', { extension: [category('own'), category('other')] })], {
      extension: [yes, category('of the form')],
    });
    const made = resources<Observation>(extracted(questionnaire, answered([given('a'), given('b')])));
    expect(made.map(({ category: found }) => found?.map(({ text }) => text))).toEqual([
      ['of the form'],
      ['own', 'other'],
    ]);
  });

  it('say of the response when, by whom, on what and about whom they are', () => {
    const told: Partial<QuestionnaireResponse> = {
      basedOn: [{ reference: 'ServiceRequest/1' }],
      partOf: [{ reference: 'Procedure/1' }, { reference: 'Observation/1' }],
      subject: { reference: 'Patient/1' },
      encounter: { reference: 'Encounter/1' },
      authored: '2026-03-02T08:00:00Z',
      author: { reference: 'Practitioner/1' },
    };
    const questionnaire = form([question('a')], { extension: [yes] });
    expect(resources(extracted(questionnaire, answered([given('a', 3)], told)))).toEqual([
      {
        resourceType: 'Observation',
        basedOn: [{ reference: 'ServiceRequest/1' }],
        partOf: [{ reference: 'Procedure/1' }],
        status: 'final',
        code: { coding: [code('a')] },
        subject: { reference: 'Patient/1' },
        encounter: { reference: 'Encounter/1' },
        effectiveDateTime: '2026-03-02T08:00:00Z',
        issued: '2026-03-02T08:00:00Z',
        performer: [{ reference: 'Practitioner/1' }],
        valueInteger: 3,
        derivedFrom: [{ reference: 'QuestionnaireResponse/r' }],
      },
    ]);
  });

  it('have no issued instant of a day, and a device as the device', () => {
    const told: Partial<QuestionnaireResponse> = { authored: '2026-03-02', author: { reference: 'Device/1' } };
    const questionnaire = form([question('a')], { extension: [yes] });
    const [made] = resources<Observation>(extracted(questionnaire, answered([given('a')], told)));
    expect(made).toMatchObject({ effectiveDateTime: '2026-03-02', device: { reference: 'Device/1' } });
    expect(made).not.toHaveProperty('issued');
    expect(made).not.toHaveProperty('performer');
  });

  it('are one for each answer, with the value as R4 takes it', () => {
    const unit = { url: `${CORE}questionnaire-unit`, valueCoding: { system: 'http://unitsofmeasure.org', code: 'mg' } };
    const coding = { ...code('x'), display: 'X' };
    const questionnaire = form(
      [
        question('choice', { type: 'choice', repeats: true, answerOption: [{ valueCoding: coding }] }),
        question('decimal', { type: 'decimal' }),
        question('unit', { extension: [unit] }),
        question('day', { type: 'date' }),
        question('url', { type: 'url' }),
        question('text', { type: 'text' }),
      ],
      { extension: [yes] },
    );
    const response = answered([
      { linkId: 'choice', answer: [{ valueCoding: coding }, { valueCoding: coding }] },
      { linkId: 'decimal', answer: [{ valueDecimal: 2 }] },
      { linkId: 'unit', answer: [{ valueInteger: 5 }] },
      { linkId: 'day', answer: [{ valueDate: '2026-01-31' }] },
      { linkId: 'url', answer: [{ valueUri: 'http://example.org' }] },
      { linkId: 'text', answer: [{ valueString: 'words' }] },
    ]);
    const values = resources<Observation>(extracted(questionnaire, response)).map((each) =>
      Object.entries(each).find(([name]) => name.startsWith('value')),
    );
    expect(resources(extracted(questionnaire, response)).flatMap((each) => validateResource(each))).toEqual([]);
    expect(values).toEqual([
      ['valueCodeableConcept', { coding: [coding] }],
      ['valueCodeableConcept', { coding: [coding] }],
      ['valueQuantity', { value: 2 }],
      ['valueQuantity', { value: 5, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' }],
      ['valueDateTime', '2026-01-31'],
      ['valueString', 'http://example.org'],
      ['valueString', 'words'],
    ]);
  });

  it('are not made of values that R4 has none for, which is told', () => {
    const questionnaire = form([question('file', { type: 'attachment' })], { extension: [yes] });
    const { bundle, issues } = extracted(
      questionnaire,
      answered([{ linkId: 'file', answer: [{ valueAttachment: { url: 'http://example.org/a' } }] }]),
    );
    expect(bundle).toBeUndefined();
    expect(issues.map(({ code: each, expression }) => [each, expression])).toEqual([
      ['not-supported', ['Questionnaire.item[0]']],
      ['informational', undefined],
    ]);
  });

  it('belong to that of the item around them as the form says', () => {
    const questionnaire = form([
      {
        linkId: 'panel',
        type: 'group',
        code: [code('panel')],
        extension: [yes],
        item: [
          question('component', { extension: [related('component')] }),
          question('member', { extension: [related('member')] }),
          question('derived', { extension: [related('derived')] }),
          question('independent'),
        ],
      },
    ]);
    const response = answered([
      {
        linkId: 'panel',
        item: [given('component', 1), given('member', 2), given('derived', 3), given('independent', 4)],
      },
    ]);
    const { bundle } = extracted(questionnaire, response);
    const [panel, member, derived, independent] = bundle?.entry ?? [];
    expect(bundle?.entry).toHaveLength(4);
    expect(panel?.resource).toMatchObject({
      component: [{ code: { coding: [code('component')] }, valueInteger: 1 }],
      hasMember: [{ reference: member?.fullUrl }],
    });
    const own = { reference: 'QuestionnaireResponse/r' };
    expect((derived?.resource as Observation | undefined)?.derivedFrom).toEqual([own, { reference: panel?.fullUrl }]);
    expect((independent?.resource as Observation | undefined)?.derivedFrom).toEqual([own]);
  });

  it('are not made of a group alone, and stand on their own where there is nothing to belong to', () => {
    const alone = form([
      { linkId: 'panel', type: 'group', code: [code('panel')], extension: [yes], item: [question('a')] },
    ]);
    const inPanel = answered([{ linkId: 'panel', item: [given('a')] }]);
    expect(resources<Observation>(extracted(alone, inPanel)).map(codeOf)).toEqual(['a']);
    const orphan = form([question('a', { extension: [related('component')] })]);
    const { issues, bundle } = extracted(orphan, answered([given('a')]));
    expect(bundle?.entry).toHaveLength(1);
    expect(issues[0]).toMatchObject({ severity: 'warning', expression: ['Questionnaire.item[0]'] });
  });

  it('are not made of what is disabled, and are made of what is calculated', () => {
    const when = [{ question: 'a', operator: '=' as const, answerInteger: 9 }];
    const calculated = {
      url: `${SDC}calculatedExpression`,
      valueExpression: { language: 'text/fhirpath', expression: "%resource.item.where(linkId = 'a').answer.value + 1" },
    };
    const questionnaire = form(
      [
        question('a'),
        question('disabled', { enableWhen: when }),
        question('sum', { readOnly: true, extension: [calculated as Extension] }),
      ],
      { extension: [yes] },
    );
    const made = resources<Observation>(extracted(questionnaire, answered([given('a', 1), given('disabled', 7)])));
    expect(made.map((each) => [codeOf(each), each.valueInteger])).toEqual([
      ['a', 1],
      ['sum', 2],
    ]);
  });

  it('stand in the transaction as observationExtractEntry says', () => {
    const entry = marked('observationExtractEntry', {
      extension: [
        { url: 'fullUrl', valueString: "'urn:uuid:' + linkId" },
        { url: 'resourceId', valueString: "'made-' + answer.value.toString()" },
        { url: 'ifMatch', valueString: '\'W/"1"\'' },
      ],
    });
    const questionnaire = form([question('a', { extension: [yes, entry] })]);
    expect(extracted(questionnaire, answered([given('a', 4)])).bundle?.entry).toMatchObject([
      {
        fullUrl: 'urn:uuid:a',
        resource: { id: 'made-4' },
        request: { method: 'PUT', url: 'Observation/made-4', ifMatch: 'W/"1"' },
      },
    ]);
  });

  it('are about whom a group says that it is about', () => {
    const read = (name: string) =>
      JSON.parse(
        readFileSync(new URL(`../../../node_modules/hl7.fhir.uv.sdc/example/${name}.json`, import.meta.url), 'utf8'),
      );
    const name = 'sdc-profile-example-multi-subject';
    const response = read(`QuestionnaireResponse-questionnaireresponse-${name}`) as QuestionnaireResponse;
    const made = resources<Observation>(extracted(read(`Questionnaire-questionnaire-${name}`), response));
    expect(made.map(({ subject, valueQuantity }) => [subject?.reference, valueQuantity?.value])).toEqual([
      ['http://example.org/fhir/Patient/12345', 141],
      ['http://example.org/fhir/Patient/12345', 42.3],
      ['http://example.org/fhir/Patient/123456', 47],
      ['http://example.org/fhir/Patient/123456', 8.7],
      ['http://example.org/fhir/Patient/123456', 109],
      ['http://example.org/fhir/Patient/123456', 27.3],
    ]);
  });

  it('are not made by marks that contradict each other or that SDC does not have', () => {
    expect(faults(form([question('a', { extension: [yes, related('member')] })]))).toEqual([
      ['extension', 'Questionnaire.item[0]'],
    ]);
    expect(faults(form([question('a', { extension: [related('sibling')] })]))).toEqual([
      ['code-invalid', 'Questionnaire.item[0]'],
    ]);
  });
});
