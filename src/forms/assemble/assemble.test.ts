import { createRequire } from 'node:module';
import type { Extension, Questionnaire, QuestionnaireItem, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { FhirError } from '../../model/issue.ts';
import { recordsOf, withRecord } from '../text/record.ts';
import { assemble, modulesOf, type Parts } from './assemble.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const base = 'https://svar.example.org/fhir/Questionnaire/';
const expectation = (valueCode: string): Extension => ({ url: `${sdc}assemble-expectation`, valueCode });
const needs = (valueString: string): Extension => ({ url: `${sdc}assembleContext`, valueString });
const variable = (name: string, expression: string): Extension => ({
  url: 'http://hl7.org/fhir/StructureDefinition/variable',
  valueExpression: { name, language: 'text/fhirpath', expression },
});
const place = (linkId: string, name: string): QuestionnaireItem => ({
  linkId,
  type: 'display',
  extension: [{ url: `${sdc}subQuestionnaire`, valueCanonical: `${base}${name}` }],
});
const form = (name: string, item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire => ({
  resourceType: 'Questionnaire',
  url: base + name,
  version: '1.0.0',
  status: 'active',
  extension: [expectation('assemble-child')],
  ...more,
  item,
});
const parts = (...forms: Questionnaire[]): Parts => ({
  questionnaire: (canonical) => forms.find((each) => each.url === canonical.split('|')[0]),
  structure: () => undefined,
});
const root = (item: QuestionnaireItem[], extension: Extension[] = []) =>
  form('root', item, { extension: [expectation('assemble-root'), ...extension] });

const linkIds = (items: readonly QuestionnaireItem[] = []): unknown[] =>
  items.map((item) => (item.item === undefined ? item.linkId : [item.linkId, ...linkIds(item.item)]));
const faults = (work: () => unknown): string[] => {
  try {
    work();
  } catch (refusal) {
    if (refusal instanceof FhirError) return refusal.issues.map((issue) => `${issue.expression}: ${issue.diagnostics}`);
  }
  return [];
};

describe('a modular form is put together', () => {
  const pain = form('pain', [
    { linkId: 'now', type: 'integer' },
    {
      linkId: 'where',
      type: 'string',
      enableWhen: [{ question: 'now', operator: '>', answerInteger: 0 }],
    },
  ]);

  it('each module in the place that names it, under the prefix in force there', () => {
    const group = (linkId: string): QuestionnaireItem => ({
      linkId,
      type: 'group',
      extension: [variable('linkIdPrefix', `'${linkId}.'`)],
      item: [place(`${linkId}-here`, 'pain')],
    });
    const { questionnaire, issues } = assemble(root([group('before'), group('after')]), parts(pain));
    expect(linkIds(questionnaire.item)).toEqual([
      ['before', 'before.now', 'before.where'],
      ['after', 'after.now', 'after.where'],
    ]);
    expect(questionnaire.item?.[1]?.item?.[1]?.enableWhen?.[0]?.question).toBe('after.now');
    expect(questionnaire.extension).toEqual([{ url: `${sdc}assembledFrom`, valueCanonical: `${base}pain|1.0.0` }]);
    expect(issues).toEqual([]);
  });

  it('hands what a module says to the item around it, or to the form', () => {
    const launch: Extension = {
      url: `${sdc}launchContext`,
      extension: [{ url: 'name', valueCoding: { code: 'patient' } }],
    };
    const module = form('m', [{ linkId: 'x', type: 'integer' }], {
      extension: [expectation('assemble-child'), launch, needs('who'), variable('twice', '%who + %who')],
    });
    const { questionnaire } = assemble(
      root([{ linkId: 'g', type: 'group', item: [place('p', 'm')] }], [variable('who', "'a'")]),
      parts(module),
    );
    expect(questionnaire.extension).toEqual([
      variable('who', "'a'"),
      { url: `${sdc}assembledFrom`, valueCanonical: `${base}m|1.0.0` },
      launch,
    ]);
    expect(questionnaire.item?.[0]?.extension).toEqual([variable('twice', '%who + %who')]);
  });

  it('keeps value sets of one name apart, and shares equal ones', () => {
    const valueSet = (url: string): ValueSet => ({ resourceType: 'ValueSet', id: 'vs', status: 'active', url });
    const module = (name: string, url: string) =>
      form(name, [{ linkId: name, type: 'choice', answerValueSet: '#vs' }], { contained: [valueSet(url)] });
    const { questionnaire } = assemble(
      root([place('1', 'a'), place('2', 'b'), place('3', 'c')]),
      parts(module('a', 'http://one'), module('b', 'http://two'), module('c', 'http://one')),
    );
    expect(questionnaire.contained?.map((each) => each.id)).toEqual(['vs', 'vs-2']);
    expect(questionnaire.item?.map((item) => item.answerValueSet)).toEqual(['#vs', '#vs-2', '#vs']);
  });

  it('has placeholders where one of its modules has', () => {
    const worded = (name: string, ...kinds: [language: string, kind: 'own' | 'placeholder'][]) =>
      kinds.reduce((module, [language, kind]) => withRecord(module, { language, kind }), form(name, []));
    const { questionnaire } = assemble(
      withRecord(root([place('1', 'a'), place('2', 'b')]), { language: 'nb', kind: 'own' }),
      parts(worded('a', ['nb', 'own'], ['sv', 'placeholder']), worded('b', ['nb', 'placeholder'], ['sv', 'own'])),
    );
    expect(recordsOf(questionnaire).map(({ language, kind }) => [language, kind])).toEqual([
      ['nb', 'placeholder'],
      ['sv', 'placeholder'],
    ]);
  });

  it.each<[string, QuestionnaireItem, Questionnaire[], string]>([
    ['a module that is not to be had', place('1', 'nowhere'), [], 'is not known'],
    ['a form that is no module', place('1', 'm'), [form('m', [], { extension: [] })], 'may be part of another'],
    [
      'a condition on the item that is replaced',
      { ...place('1', 'm'), enableWhen: [{ question: 'x', operator: 'exists', answerBoolean: true }] },
      [form('m', [])],
      'belongs to a group around it',
    ],
    [
      'a context that is not there',
      place('1', 'm'),
      [form('m', [], { extension: [expectation('assemble-child'), needs('who')] })],
      'relies on %who',
    ],
    ['a module that holds itself', place('1', 'm'), [form('m', [place('2', 'm')])], 'would hold itself'],
    [
      'two variables of one name',
      {
        linkId: 'g',
        type: 'group',
        extension: [variable('v', '1')],
        item: [place('1', 'm')],
      },
      [form('m', [], { extension: [expectation('assemble-child'), variable('v', '2')] })],
      '%v would stand here with two meanings',
    ],
  ])('refuses %s', (_, item, modules, told) => {
    expect(faults(() => assemble(root([item]), parts(...modules))).join()).toContain(told);
  });

  it('refuses a form that is a module only', () => {
    expect(faults(() => assemble(pain, parts()))).toHaveLength(1);
  });
});

describe('the modular example of SDC', () => {
  const require = createRequire(import.meta.url);
  const example = <T>(name: string): T => require(`hl7.fhir.uv.sdc/${name}.json`);
  const library = example<StructureDefinition>('StructureDefinition-SdcQuestionLibrary');
  const modules = ['name', 'contact'].map((name) =>
    example<Questionnaire>(`example/Questionnaire-sdc-modular-${name}`),
  );
  const sdcRoot = example<Questionnaire>('example/Questionnaire-sdc-modular-root');
  // The guide's two places have one prefix, which would give one linkId twice; its own result shows another for the second.
  const fixed: Questionnaire = JSON.parse(
    JSON.stringify(sdcRoot).replace(/patientname(?![\s\S]*patientname)/, 'patientcontact'),
  );
  const { questionnaire, issues } = assemble(fixed, {
    ...parts(...modules),
    structure: (canonical) => (canonical === library.url ? library : undefined),
  });

  it('becomes the form that the guide shows', () => {
    expect(modulesOf(fixed)).toHaveLength(2);
    expect(linkIds(questionnaire.item)).toEqual([
      ['1', 'patientname.1', 'patientname.2', 'patientname.3'],
      '2',
      '3',
      ['4', '4.1', '4.street', '4.city', '4.state', '4.postalCode'],
      [
        '5',
        ['patientcontact.1', 'patientcontact.name.1', 'patientcontact.name.2', 'patientcontact.name.3'],
        'patientcontact.2',
      ],
    ]);
  });

  it('has texts, limits and value sets from the definitions', () => {
    const all = (items: readonly QuestionnaireItem[] = []): QuestionnaireItem[] =>
      items.flatMap((each) => [each, ...all(each.item)]);
    const item = (linkId: string) => all(questionnaire.item).find((each) => each.linkId === linkId);
    expect(item('patientname.2')).toMatchObject({ text: 'First', maxLength: 100, required: true });
    expect(item('2')).toMatchObject({ text: "What is this person's date of birth?", required: true });
    expect(item('2')?.extension).toMatchObject([
      { url: 'http://hl7.org/fhir/StructureDefinition/minValue', valueDate: '1900-01-01' },
      { url: 'http://hl7.org/fhir/StructureDefinition/maxValue', _valueDate: { extension: [{}] } },
    ]);
    expect(item('4.state')).toMatchObject({
      type: 'choice',
      answerValueSet: 'http://hl7.org/fhir/uv/sdc/ValueSet/sdc-question-library-states',
    });
    expect(item('4.postalCode')?.extension).toMatchObject([{ valueString: '9999' }, { valueString: '[\\d]{4}' }]);
    expect(issues.map((issue) => issue.diagnostics)).toEqual([
      expect.stringContaining('non-existent-library#Stuff.phone'),
    ]);
  });
});
