import type {
  Extension,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { FhirError } from '../../model/issue.ts';
import { compileForm } from '../form.ts';
import { type FormState, openForm } from './form-state.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const now = new Date('2026-03-02T10:00:00Z');

function fhirpath(url: string, expression: string, name?: string): Extension {
  return { url, valueExpression: { language: 'text/fhirpath', expression, ...(name && { name }) } };
}

function calculated(linkId: string, expression: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem {
  return {
    ...{ linkId, type: 'integer', readOnly: true },
    ...more,
    extension: [...(more.extension ?? []), fhirpath(`${sdc}calculatedExpression`, expression)],
  };
}

function form(item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): ReturnType<typeof compileForm> {
  return compileForm({ resourceType: 'Questionnaire', status: 'active', item, ...more });
}

function open(items: QuestionnaireItem[], answers: QuestionnaireResponseItem[]): FormState {
  const response: QuestionnaireResponse = { resourceType: 'QuestionnaireResponse', status: 'completed', item: answers };
  return openForm(form(items), response, { now });
}

function integer(linkId: string, valueInteger: number): QuestionnaireResponseItem {
  return { linkId, answer: [{ valueInteger }] };
}

/** What is calculated, by the path of where it stands. */
function results(state: FormState): [string, string, unknown][] {
  return state
    .calculated()
    .map(({ item, container, answers }) => [
      container.path,
      item.linkId,
      answers?.map((answer) => answer.valueInteger ?? answer.valueDecimal ?? answer.valueString),
    ]);
}

function refusal(items: QuestionnaireItem[]): string {
  try {
    form(items);
  } catch (problem) {
    if (problem instanceof FhirError) return `${problem.status} ${problem.message}`;
  }
  return 'accepted';
}

const a: QuestionnaireItem = { linkId: 'a', type: 'integer' };
const b: QuestionnaireItem = { linkId: 'b', type: 'integer' };
const value = (linkId: string): string => `%resource.repeat(item).where(linkId = '${linkId}').answer.value`;

describe('calculatedExpression', () => {
  it('is found for an item that the response does not have', () => {
    expect(results(open([a, calculated('twice', `${value('a')} * 2`)], [integer('a', 4)]))).toEqual([
      ['QuestionnaireResponse', 'twice', [8]],
    ]);
  });

  it('follows a chain to its end, whatever the order in the form', () => {
    const items = [
      calculated('third', `${value('second')} + 1`),
      calculated('second', `${value('first')} + 1`),
      calculated('first', `${value('a')} + 1`),
      a,
    ];
    expect(results(open(items, [integer('a', 1)])).map(([, linkId, found]) => [linkId, found])).toEqual([
      ['first', [2]],
      ['second', [3]],
      ['third', [4]],
    ]);
  });

  it('follows a chain that only a walk over all items makes', () => {
    const items = [
      a,
      calculated('one', `${value('a')} + 1`),
      calculated('all', "%resource.item.where(linkId != 'all').answer.value.sum()"),
    ];
    expect(results(open(items, [integer('a', 1)])).map(([, , found]) => found)).toEqual([[2], [3]]);
  });

  it('takes what the form calculates, not what the response says', () => {
    const items = [a, calculated('one', `${value('a')} + 1`), calculated('two', `${value('one')} + 1`)];
    const state = open(items, [integer('a', 1), integer('one', 99), integer('two', 3)]);
    expect(state.calculated().map(({ agrees, answers }) => [agrees, answers])).toEqual([
      [false, [{ valueInteger: 2 }]],
      [true, [{ valueInteger: 3 }]],
    ]);
  });

  it('leaves the last word to the person where the question is not read-only', () => {
    const items = [
      a,
      calculated('one', `${value('a')} + 1`, { readOnly: false }),
      calculated('two', `${value('one')} + 1`),
    ];
    expect(results(open(items, [integer('a', 1), integer('one', 50)])).map(([, , found]) => found)).toEqual([
      [2],
      [51],
    ]);
    expect(results(open(items, [integer('a', 1)])).map(([, , found]) => found)).toEqual([[2], [3]]);
  });

  it('stands in each occurrence of a repeating group, and sees its own', () => {
    const group: QuestionnaireItem = {
      ...{ linkId: 'g', type: 'group', repeats: true },
      extension: [
        fhirpath('http://hl7.org/fhir/StructureDefinition/variable', "item.where(linkId = 'a').answer.value", 'own'),
      ],
      item: [a, calculated('twice', '%own * 2')],
    };
    const occurrence = (n: number): QuestionnaireResponseItem => ({ linkId: 'g', item: [integer('a', n)] });
    expect(results(open([group], [occurrence(1), occurrence(5)]))).toEqual([
      ['QuestionnaireResponse.item[0]', 'twice', [2]],
      ['QuestionnaireResponse.item[1]', 'twice', [10]],
    ]);
  });

  it('is found in a group that the response leaves out', () => {
    const group: QuestionnaireItem = { linkId: 'g', type: 'group', item: [calculated('one', `${value('a')} + 1`)] };
    const items = [a, group, calculated('two', `${value('one')} + 1`)];
    expect(results(open(items, [integer('a', 1)])).map(([, linkId, found]) => [linkId, found])).toEqual([
      ['one', [2]],
      ['two', [3]],
    ]);
  });

  it('does not count answers to disabled questions', () => {
    const items: QuestionnaireItem[] = [
      a,
      { ...b, enableWhen: [{ question: 'a', operator: '>', answerInteger: 5 }] },
      calculated('sum', `(${value('a')} | ${value('b')}).sum()`),
    ];
    expect(results(open(items, [integer('a', 6), integer('b', 2)]))[0]?.[2]).toEqual([8]);
    expect(results(open(items, [integer('a', 4), integer('b', 2)]))[0]?.[2]).toEqual([4]);
  });

  it('is not calculated where it is disabled', () => {
    const enableWhen: QuestionnaireItem['enableWhen'] = [{ question: 'a', operator: '>', answerInteger: 5 }];
    const items = [a, calculated('one', '1', { enableWhen }), calculated('two', `${value('one')} + 1`)];
    expect(
      results(open(items, [integer('a', 1), integer('one', 1)])).map(([, linkId, found]) => [linkId, found]),
    ).toEqual([['two', []]]);
  });

  it('that fails is an issue with its path, and says nothing about the answer', () => {
    const items = [{ ...a, repeats: true }, calculated('one', `${value('a')} + 1`)];
    const state = open(items, [{ linkId: 'a', answer: [{ valueInteger: 1 }, { valueInteger: 2 }] }]);
    expect(results(state)).toEqual([['QuestionnaireResponse', 'one', undefined]]);
    expect(state.issues).toEqual([
      {
        severity: 'warning',
        code: 'processing',
        diagnostics: 'The expression could not be evaluated: one item expected, 2 found.',
        expression: ['Questionnaire.item[1].extension[0].value.expression'],
      },
    ]);
  });

  it('that yields what the question does not take is an issue', () => {
    const state = open([calculated('one', "'many'"), calculated('two', '1 | 2')], []);
    expect(results(state).map(([, , found]) => found)).toEqual([undefined, undefined]);
    expect(state.issues.map(({ diagnostics }) => diagnostics)).toEqual([
      'The expression could not be evaluated: a value of type String for a question of type integer.',
      'The expression could not be evaluated: 2 values for a question that takes one answer.',
    ]);
  });
});

describe('a form is refused whose calculations depend on themselves', () => {
  it('in a ring, by linkId', () => {
    expect(refusal([calculated('x', value('y')), calculated('y', `${value('x')} + 1`)])).toBe(
      "422 What is calculated or enabled depends on itself: 'x', 'y'.",
    );
    expect(refusal([calculated('x', `${value('x')} + 1`)])).toContain("depends on itself: 'x'");
  });

  it('by a variable', () => {
    const extension = [fhirpath('http://hl7.org/fhir/StructureDefinition/variable', value('y'), 'v')];
    expect(refusal([calculated('x', '%v + 1', { extension }), calculated('y', value('x'))])).toContain("'x', 'y'");
  });

  it('by enablement: of the item, of its group, and by an expression', () => {
    const needs = (question: string): Pick<QuestionnaireItem, 'enableWhen'> => ({
      enableWhen: [{ question, operator: '>', answerInteger: 0 }],
    });
    expect(refusal([{ ...a, ...needs('sum') }, calculated('sum', value('a'))])).toContain("'a', 'sum'");
    const group: QuestionnaireItem = { linkId: 'g', type: 'group', ...needs('a'), item: [a] };
    expect(refusal([group])).toContain("'g', 'a'");
    expect(
      refusal([
        { ...a, ...needs('b') },
        { ...b, ...needs('a') },
      ]),
    ).toContain("'a', 'b'");
    const shown = { ...a, extension: [fhirpath(`${sdc}enableWhenExpression`, `${value('b')} > 1`)] };
    expect(refusal([shown, { ...b, ...needs('a') }])).toContain("'a', 'b'");
  });

  it('but not one that reads all other items', () => {
    expect(refusal([a, calculated('sum', "%resource.item.where(linkId != 'sum').answer.value.sum()")])).toBe(
      'accepted',
    );
  });
});
