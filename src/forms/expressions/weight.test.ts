import type {
  Extension,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponseItem,
  Resource,
} from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { compileForm } from '../form.ts';
import type { FormData } from './data.ts';
import { openForm } from './form-state.ts';

const system = 'https://svar.example.org/fhir/CodeSystem/x';
const itemWeight = 'http://hl7.org/fhir/StructureDefinition/itemWeight';
const now = new Date('2026-03-02T10:00:00Z');

function weighs(valueDecimal: number, url = itemWeight): Extension[] {
  return [{ url, valueDecimal }];
}

/** The weights that an expression finds, by default of all answers. */
function weights(
  item: QuestionnaireItem[],
  answers: QuestionnaireResponseItem[],
  expression = '%resource.descendants().answer.value.weight()',
  contained: Resource[] = [],
  data: Partial<FormData> = {},
): unknown {
  const questionnaire: Questionnaire = {
    ...{ resourceType: 'Questionnaire', status: 'active', contained, item },
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/variable',
        valueExpression: { name: 'v', language: 'text/fhirpath', expression },
      },
    ],
  };
  const form = compileForm(questionnaire);
  const state = openForm(
    form,
    { resourceType: 'QuestionnaireResponse', status: 'completed', item: answers },
    { now, ...data },
  );
  const [variable] = form.expressions.variables;
  const found = variable === undefined ? [] : state.evaluate(variable, state.root);
  expect(state.issues).toEqual([]);
  return found.map(({ value }) => value);
}

function coded(linkId: string, ...codes: string[]): QuestionnaireResponseItem {
  return { linkId, answer: codes.map((code) => ({ valueCoding: { system, code } })) };
}

const yes: QuestionnaireResponseItem[] = [coded('q', 'yes')];
const inValueSet: QuestionnaireItem[] = [{ linkId: 'q', type: 'choice', answerValueSet: '#vs' }];

describe('weight() finds the weight of an option', () => {
  it.each([
    itemWeight,
    'http://hl7.org/fhir/StructureDefinition/ordinalValue',
    'http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue',
  ])('on the option, as %s', (url) => {
    const answerOption = [{ extension: weighs(3, url), valueCoding: { system, code: 'yes' } }];
    expect(weights([{ linkId: 'q', type: 'choice', answerOption }], yes)).toEqual([3]);
  });

  it("on the option's coding", () => {
    const answerOption = [{ valueCoding: { system, code: 'yes', extension: weighs(2.5) } }];
    expect(weights([{ linkId: 'q', type: 'choice', answerOption }], yes)).toEqual([2.5]);
  });

  it('on a concept of a contained value set', () => {
    const valueSet: Resource = {
      ...{ resourceType: 'ValueSet', id: 'vs', status: 'active' },
      compose: { include: [{ system, concept: [{ code: 'yes', extension: weighs(4) }] }] },
    };
    expect(weights(inValueSet, yes, undefined, [valueSet])).toEqual([4]);
  });

  it('in the expansion of a contained value set', () => {
    const valueSet: Resource = {
      ...{ resourceType: 'ValueSet', id: 'vs', status: 'active' },
      expansion: { timestamp: '2026-01-01', contains: [{ system, code: 'yes', extension: weighs(5) }] },
    };
    expect(weights(inValueSet, yes, undefined, [valueSet])).toEqual([5]);
  });

  it('in the expansion of a stored value set', () => {
    const items: QuestionnaireItem[] = [{ linkId: 'q', type: 'choice', answerValueSet: 'http://example.org/vs|1' }];
    const valueSets = (canonical: string) =>
      canonical === 'http://example.org/vs|1' ? [{ system, code: 'yes', extension: weighs(6) }] : undefined;
    expect(weights(items, yes, undefined, [], { valueSets })).toEqual([6]);
    expect(weights(items, yes)).toEqual([]);
  });

  it.each([
    ['itemWeight', undefined],
    ['score', 'http://hl7.org/fhir/concept-properties#itemWeight'],
  ])('as the property %s of a contained code system', (code, uri) => {
    const codeSystem: Resource = {
      ...{ resourceType: 'CodeSystem', id: 'cs', status: 'active', content: 'complete', url: system },
      property: [{ code, uri, type: 'decimal' }],
      concept: [{ code: 'outer', concept: [{ code: 'yes', property: [{ code, valueDecimal: 7 }] }] }],
    };
    const answerOption = [{ valueCoding: { system, code: 'yes' } }];
    expect(weights([{ linkId: 'q', type: 'choice', answerOption }], yes, undefined, [codeSystem])).toEqual([7]);
  });

  it('of a number, and of a date', () => {
    const items: QuestionnaireItem[] = [
      { linkId: 'n', type: 'choice', answerOption: [{ extension: weighs(10), valueInteger: 1 }] },
      { linkId: 'd', type: 'choice', answerOption: [{ extension: weighs(20), valueDate: '2026-01-01' }] },
    ];
    const answers = [
      { linkId: 'n', answer: [{ valueInteger: 1 }] },
      { linkId: 'd', answer: [{ valueDate: '2026-01-01' }] },
    ];
    expect(weights(items, answers)).toEqual([10, 20]);
  });
});

describe('weight()', () => {
  const option = (code: string, weight?: number) => ({
    ...(weight === undefined ? {} : { extension: weighs(weight) }),
    valueCoding: { system, code },
  });
  const items: QuestionnaireItem[] = [
    { linkId: 'p', type: 'choice', answerOption: [option('yes', 1), option('no', 0)] },
    {
      linkId: 'q',
      type: 'choice',
      repeats: true,
      answerOption: [option('yes', 0), option('no', 9), option('unknown')],
    },
  ];

  it.each([
    '%resource.item.answer.value.weight()',
    '%resource.item.answer.weight()',
    '%resource.item.answer.value.ordinal()',
    "%resource.item.where(linkId = 'p' or linkId = 'q').answer.value.weight()",
    "%resource.repeat(item).where(linkId in ('p' | 'q')).answer.value.weight()",
    '%resource.item.answer.select(value.weight())',
    '%resource.item.answer.value.ofType(Coding).weight()',
    'item.answer.where(value.exists()).value.weight()',
  ])('gives the same code the weight of its own question: %s', (expression) => {
    expect(weights(items, [coded('p', 'yes'), coded('q', 'no', 'yes')], expression)).toEqual([1, 9, 0]);
  });

  it('holds where one object is the answer to two questions', () => {
    const answer = [{ valueCoding: { system, code: 'yes' } }];
    expect(
      weights(items, [
        { linkId: 'p', answer },
        { linkId: 'q', answer },
      ]),
    ).toEqual([1, 0]);
  });

  it('yields nothing for an option without weight, and for a number that is no option', () => {
    expect(weights(items, [coded('q', 'unknown')])).toEqual([]);
    expect(weights([{ linkId: 'n', type: 'integer' }], [{ linkId: 'n', answer: [{ valueInteger: 3 }] }])).toEqual([]);
  });

  it("takes the form's weight before one that the answer brings along", () => {
    const brought = (code: string) => ({ valueCoding: { system, code, extension: weighs(99) } });
    expect(weights(items, [{ linkId: 'p', answer: [brought('yes')] }])).toEqual([1]);
    expect(weights(items, [{ linkId: 'q', answer: [brought('unknown')] }])).toEqual([99]);
  });

  it('of answers inside answers', () => {
    const [p, q] = items;
    if (p === undefined || q === undefined) throw new Error('no items');
    const nested = [{ ...p, item: [q] }];
    const answers = [{ linkId: 'p', answer: [{ valueCoding: { system, code: 'yes' }, item: [coded('q', 'no')] }] }];
    expect(weights(nested, answers, "%resource.descendants().where(linkId = 'q').answer.value.weight()")).toEqual([9]);
    expect(weights(nested, answers, "%resource.repeat(item).where(linkId = 'q').answer.value.weight()")).toEqual([]);
  });

  it.each([
    ['sum()', 10],
    ['max()', 9],
    ['min()', 0],
    ['avg().round(2)', 3.33],
    ['count()', 3],
    ['aggregate($this + $total, 0)', 10],
  ])('and %s', (aggregate, expected) => {
    const expression = `%resource.item.answer.value.weight().${aggregate}`;
    expect(weights(items, [coded('p', 'yes'), coded('q', 'no', 'yes')], expression)).toEqual([expected]);
  });
});
