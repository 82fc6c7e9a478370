import type { Questionnaire, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instrument } from '../../../tests/kit/instrument.ts';
import { FhirError } from '../../model/issue.ts';
import { compileForm } from '../form.ts';
import { readScoreRules } from './read-score-rules.ts';
import { compileScorer, type ScorerOptions } from './scorer.ts';
import { parseTable } from './table.ts';

const system = 'https://svar.example.org/fhir/CodeSystem/level';
const url = 'https://svar.example.org/fhir/Questionnaire/q';
const weightUrl = 'http://hl7.org/fhir/StructureDefinition/itemWeight';

/** A choice of 0 to 5 weighing so much, and 9 without weight. */
function choice(linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem {
  const options = [0, 1, 2, 3, 4, 5].map((value) => ({
    valueCoding: { system, code: String(value), extension: [{ url: weightUrl, valueDecimal: value }] },
  }));
  return { linkId, type: 'choice', answerOption: [...options, { valueCoding: { system, code: '9' } }], ...more };
}

const form = (...item: QuestionnaireItem[]): Questionnaire => ({
  resourceType: 'Questionnaire',
  url,
  status: 'active',
  item,
});
const items = ['a', 'b', 'c', 'd'];
const four = form(...items.map((linkId) => choice(linkId)));

/** Scores by rules that are given in short. */
function scorer(
  questionnaire: Questionnaire,
  scores: object[],
  answers: object = { from: 'weight' },
  options: Partial<ScorerOptions> = {},
) {
  const wording = { nb: 'x', sv: 'x', en: 'x' };
  const { rules, faults } = readScoreRules({
    instrument: 'q',
    answers,
    sources: { s: { citation: 's' } },
    scores: scores.map((score) => ({ display: wording, version: '1.0.0', sources: ['s'], ...score })),
  });
  expect(faults).toEqual([]);
  const compiled = compileScorer(rules, compileForm(questionnaire), { tables: new Map(), ...options });
  return (item: QuestionnaireResponseItem[]) =>
    compiled.score({ resourceType: 'QuestionnaireResponse', status: 'completed', item });
}

const coded = (linkId: string, ...codes: (string | number)[]): QuestionnaireResponseItem => ({
  linkId,
  answer: codes.map((code) => ({ valueCoding: { system, code: String(code) } })),
});
/** One answer a character, '-' for none. */
const answers = (codes: string) =>
  [...codes].flatMap((code, index) => (code === '-' ? [] : [coded(items[index] ?? '', code)]));

describe('HADS', () => {
  const hads = instrument('hads');
  const depression = (codes: string) => {
    const given = [...codes].flatMap((code, index) =>
      code === '-' ? [] : [[`HADSSpm${2 * index + 2}`, code] as const],
    );
    return hads.score(Object.fromEntries(given)).get('hads-depression');
  };

  it.each([
    ['0000000', 0, 'hads-non-case'],
    ['3333333', 21, 'hads-probable-case'],
    ['1111111', 7, 'hads-non-case'],
    ['2111111', 8, 'hads-possible-case'],
    ['3322000', 10, 'hads-possible-case'],
    ['3332000', 11, 'hads-probable-case'],
    ['333333-', 21, 'hads-probable-case'],
    ['1020---', 5.25, 'hads-non-case'],
    ['9999111', undefined, undefined],
    ['1119999', undefined, undefined],
    ['1111999', 7, 'hads-non-case'],
  ])('%s gives %d', (codes, value, band) => {
    expect(depression(codes)?.value).toBe(value);
    expect(depression(codes)?.band?.code).toBe(band);
  });

  it('with three answered has no score, and says why', () => {
    expect(depression('102----')).toMatchObject({
      answered: 3,
      absent: { reason: 'too-few-answered', answered: 3, of: 7, minimum: 4 },
    });
    expect(depression('102----')).not.toHaveProperty('value');
  });

  it('agrees with addition and the half rule for any answers', () => {
    const answer = fc.constantFrom('0', '1', '2', '3', '9', '-');
    fc.assert(
      fc.property(fc.array(answer, { minLength: 7, maxLength: 7 }), (codes) => {
        const given = codes.filter((code) => code < '9' && code !== '-').map(Number);
        const sum = given.reduce((total, value) => total + value, 0);
        const expected = given.length < 4 ? undefined : (sum * 7) / given.length;
        const value = depression(codes.join(''))?.value;
        if (expected === undefined) expect(value).toBeUndefined();
        else expect(value).toBeCloseTo(expected, 9);
      }),
    );
  });
});

describe('an aggregate', () => {
  const short = { items, missing: { minimum: 2 } };
  it.each([
    ['sum', {}, '1235', 11],
    ['sum', {}, '12--', 3],
    ['sum', { missing: { minimum: 2, prorate: true } }, '12--', 6],
    ['mean', {}, '1235', 2.75],
    ['mean', {}, '12-9', 1.5],
    ['mean', { decimals: 1 }, '1220', 1.3],
    ['mean', { decimals: 1 }, '1225', 2.5],
    ['mean', { decimals: 1 }, '1222', 1.8],
    ['min', {}, '42-5', 2],
    ['max', {}, '42-5', 5],
  ])('%s %j of %s is %d', (kind, more, codes, value) => {
    expect(scorer(four, [{ code: 's', ...short, aggregate: { kind }, ...more }])(answers(codes))[0]?.value).toBe(value);
  });

  it('percent is of the possible of the answered', () => {
    const percent = (lowest: number) =>
      scorer(four, [{ code: 's', ...short, aggregate: { kind: 'percent', lowest, highest: 5 } }]);
    expect(percent(0)(answers('1235'))[0]?.value).toBe(55);
    expect(percent(0)(answers('05--'))[0]?.value).toBe(50);
    expect(percent(1)(answers('1533'))[0]?.value).toBe(50);
  });

  it('linear is constant and factors, and needs every part', () => {
    const factors = { a: 0.5, b: -1, c: 0.1, d: 0.2 };
    const linear = scorer(four, [{ code: 's', items, aggregate: { kind: 'linear', constant: 10, factors } }]);
    expect(linear(answers('1234'))[0]?.value).toBe(9.6);
    expect(linear(answers('123-'))[0]?.absent?.reason).toBe('too-few-answered');
  });

  it('count is of answers that are at least so much, of an item that repeats each of them', () => {
    const count = scorer(four, [{ code: 's', ...short, aggregate: { kind: 'count', atLeast: 2 } }]);
    expect(count(answers('1235'))[0]?.value).toBe(3);
    expect(count(answers('00--'))[0]?.value).toBe(0);
    const regions = scorer(form(choice('a', { repeats: true })), [
      { code: 's', items: ['a'], aggregate: { kind: 'count', atLeast: 1 } },
    ]);
    expect(regions([coded('a', 1, 2, 3)])[0]?.value).toBe(3);
    expect(regions([])[0]?.absent?.reason).toBe('too-few-answered');
  });

  it('state is the digits one after the other; what is no digit is in no state', () => {
    const state = scorer(four, [{ code: 's', items, aggregate: { kind: 'state' } }]);
    expect(state(answers('1234'))[0]?.value).toBe('1234');
    const tens = { from: 'weight', recode: [{ values: { 1: 10, 2: 2, 3: 3, 4: 4 } }] };
    expect(scorer(four, [{ code: 's', items, aggregate: { kind: 'state' } }], tens)(answers('1234'))[0]).toMatchObject({
      absent: { reason: 'out-of-range' },
    });
  });

  it('of scores takes those before it, an absent one as missing', () => {
    const total = scorer(four, [
      { code: 'ab', items: ['a', 'b'], aggregate: { kind: 'sum' } },
      { code: 'cd', items: ['c', 'd'], aggregate: { kind: 'sum' } },
      { code: 'total', scores: ['ab', 'cd'], aggregate: { kind: 'sum' } },
      { code: 'any', scores: ['ab', 'cd'], aggregate: { kind: 'count', atLeast: 4 }, missing: { minimum: 1 } },
    ]);
    expect(total(answers('1234')).map(({ value }) => value)).toEqual([3, 7, 10, 1]);
    expect(total(answers('123-')).map(({ value }) => value)).toEqual([3, undefined, undefined, 0]);
  });
});

describe("an answer's value", () => {
  const sum = (reading: object) => scorer(four, [{ code: 's', items, aggregate: { kind: 'sum' } }], reading);
  it('is reversed within its own limits, for the items that are told', () => {
    expect(sum({ from: 'weight', reverse: [{ items: ['b'], low: 0, high: 5 }] })(answers('0100'))[0]?.value).toBe(4);
  });
  it('is recoded before it is reversed; what is not named is a fault', () => {
    const recode = [{ items: ['a'], values: { 1: 100, 2: 50 } }];
    const reading = { from: 'code', recode, reverse: [{ items: ['a'], low: 0, high: 100 }] };
    expect(sum(reading)(answers('2000'))[0]?.value).toBe(50);
    expect(sum(reading)(answers('3000'))[0]).toMatchObject({ absent: { reason: 'unreadable-answer', parts: ['a'] } });
  });
  it("is missing where it says don't know: by its code, its number, or by having no weight", () => {
    const mean = (reading: object, questionnaire = four) =>
      scorer(questionnaire, [{ code: 's', items, aggregate: { kind: 'mean' }, missing: { minimum: 1 } }], reading);
    expect(mean({ from: 'weight' })(answers('1399'))[0]).toMatchObject({ value: 2, answered: 2 });
    expect(mean({ from: 'code', missing: ['9'] })(answers('1399'))[0]).toMatchObject({ value: 2, answered: 2 });
    const numbers = form(...items.map((linkId): QuestionnaireItem => ({ linkId, type: 'integer' })));
    const nine = items.map((linkId, index) => ({ linkId, answer: [{ valueInteger: index === 0 ? 4 : 9 }] }));
    expect(mean({ from: 'number', missing: ['9'] }, numbers)(nine)[0]).toMatchObject({ value: 4, answered: 1 });
  });
  it('outside its limits is a fault', () => {
    const limited = sum({ from: 'weight', max: 4 });
    expect(limited(answers('4444'))[0]?.value).toBe(16);
    expect(limited(answers('4445'))[0]).toMatchObject({ absent: { reason: 'unreadable-answer', parts: ['d'] } });
  });
  it('is none where the code is of another system, or of no option', () => {
    const other = { linkId: 'a', answer: [{ valueCoding: { system: 'https://other.example.org', code: '1' } }] };
    const bare = { linkId: 'a', answer: [{ valueCoding: { code: '1' } }] };
    const rest = answers('-000');
    expect(sum({ from: 'weight' })([other, ...rest])[0]?.absent?.reason).toBe('unreadable-answer');
    expect(sum({ from: 'weight' })([bare, ...rest])[0]?.value).toBe(1);
    expect(sum({ from: 'weight' })([coded('a', 7), ...rest])[0]?.absent?.reason).toBe('unreadable-answer');
  });
  it('is none where there are several', () => {
    const twice = sum({ from: 'weight' });
    expect(twice([coded('a', 1, 2), ...answers('-000')])[0]).toMatchObject({
      absent: { reason: 'several-answers', parts: ['a'] },
    });
    expect(twice([...answers('1000'), coded('a', 1)])[0]?.absent?.reason).toBe('several-answers');
  });
  it('is its weight wherever the form has it: on a number, in a code system of the form, in a stored value set', () => {
    const weight = (value: number) => [{ url: weightUrl, valueDecimal: value }];
    const valueSet = 'https://svar.example.org/fhir/ValueSet/levels';
    const questionnaire: Questionnaire = {
      ...form(
        { linkId: 'a', type: 'integer', answerOption: [{ valueInteger: 1, extension: weight(10) }] },
        { linkId: 'b', type: 'choice', answerOption: [{ valueCoding: { system: 'urn:b', code: 'x' } }] },
        { linkId: 'c', type: 'choice', answerValueSet: valueSet },
      ),
      contained: [
        {
          ...{ resourceType: 'CodeSystem', id: 'b', status: 'active', content: 'complete', url: 'urn:b' },
          concept: [{ code: 'x', extension: weight(20) }],
        },
      ],
    };
    const given: QuestionnaireResponseItem[] = [
      { linkId: 'a', answer: [{ valueInteger: 1 }] },
      { linkId: 'b', answer: [{ valueCoding: { system: 'urn:b', code: 'x' } }] },
      { linkId: 'c', answer: [{ valueCoding: { system: 'urn:c', code: 'y' } }] },
    ];
    const rule = { code: 's', items: ['a', 'b', 'c'], aggregate: { kind: 'sum' } };
    const listed = [{ system: 'urn:c', code: 'y', extension: weight(30) }];
    const valueSets = (canonical: string) => (canonical === valueSet ? listed : undefined);
    expect(scorer(questionnaire, [rule], { from: 'weight' }, { valueSets })(given)[0]?.value).toBe(60);
    expect(scorer(questionnaire, [rule])(given)[0]?.absent).toMatchObject({
      reason: 'unreadable-answer',
      parts: ['c'],
    });
  });
  it('in an answer of its own kind is read too: decimal, quantity, boolean', () => {
    const kinds = form(
      { linkId: 'a', type: 'decimal' },
      { linkId: 'b', type: 'quantity' },
      { linkId: 'c', type: 'boolean' },
      { linkId: 'd', type: 'integer' },
    );
    const read = scorer(kinds, [{ code: 's', items, aggregate: { kind: 'sum' } }], { from: 'number' });
    const given = [
      { linkId: 'a', answer: [{ valueDecimal: 0.1 }] },
      { linkId: 'b', answer: [{ valueQuantity: { value: 0.2 } }] },
      { linkId: 'c', answer: [{ valueBoolean: true }] },
      { linkId: 'd', answer: [{ valueInteger: 2 }] },
    ];
    expect(read(given)[0]?.value).toBe(3.3);
    const under = { linkId: 'b', answer: [{ valueQuantity: { value: 1, comparator: '<' as const } }] };
    expect(read(given.with(1, under))[0]?.absent?.reason).toBe('unreadable-answer');
  });
});

describe('answers to disabled items do not count', () => {
  const gated = form(
    { linkId: 'gate', type: 'boolean' },
    choice('a', { enableWhen: [{ question: 'gate', operator: '=', answerBoolean: true }] }),
    {
      linkId: 'group',
      type: 'group',
      enableWhen: [{ question: 'gate', operator: '=', answerBoolean: true }],
      item: [choice('b')],
    },
    choice('c', { item: [choice('d')] }),
  );
  const mean = scorer(gated, [{ code: 's', items, aggregate: { kind: 'sum' }, missing: { minimum: 1 } }]);
  const given = (gate: boolean): QuestionnaireResponseItem[] => [
    { linkId: 'gate', answer: [{ valueBoolean: gate }] },
    coded('a', 1),
    { linkId: 'group', item: [coded('b', 2)] },
    { linkId: 'c', answer: [{ valueCoding: { system, code: '3' }, item: [coded('d', 4)] }] },
  ];
  it('by enableWhen, of an item or of a group around it', () => {
    expect(mean(given(true))[0]).toMatchObject({ value: 10, answered: 4 });
    expect(mean(given(false))[0]).toMatchObject({ value: 7, answered: 2 });
  });
  it('by enableWhenExpression, with all below', () => {
    const url = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression';
    const expression = "%resource.item.where(linkId = 'gate').answer.value";
    const extension = [{ url, valueExpression: { language: 'text/fhirpath' as const, expression } }];
    const byExpression = form(...(gated.item ?? []).slice(0, 3), choice('c', { extension, item: [choice('d')] }));
    const sum = scorer(byExpression, [{ code: 's', items, aggregate: { kind: 'sum' }, missing: { minimum: 1 } }]);
    expect(sum(given(true))[0]).toMatchObject({ value: 10, answered: 4 });
    expect(sum(given(false))[0]?.absent?.reason).toBe('too-few-answered');
  });
});

it('a calculated answer counts as the form calculates it, whatever the response says', () => {
  const url = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression';
  const expression = "%resource.item.where(linkId = 'a').answer.value.weight() * 2";
  const extension = [{ url, valueExpression: { language: 'text/fhirpath' as const, expression } }];
  const doubled = form(choice('a'), { linkId: 'b', type: 'decimal', readOnly: true, extension });
  const value = scorer(doubled, [{ code: 's', items: ['b'], aggregate: { kind: 'value' } }], { from: 'number' });
  expect(value([coded('a', 3), { linkId: 'b', answer: [{ valueDecimal: 100 }] }])[0]?.value).toBe(6);
});

describe('a result', () => {
  it('outside its range is no score', () => {
    const rule = { code: 's', items, aggregate: { kind: 'sum' }, range: { min: 1, max: 10 } };
    expect(scorer(four, [rule])(answers('1234'))[0]?.value).toBe(10);
    expect(scorer(four, [rule])(answers('1235'))[0]).toMatchObject({ absent: { reason: 'out-of-range' } });
    expect(scorer(four, [rule])(answers('0000'))[0]?.value).toBeUndefined();
  });
  it('begins a band above an edge, or from it on', () => {
    const wording = { nb: 'x', sv: 'x', en: 'x' };
    const bands = [
      { code: 'from-5', display: wording, from: 5 },
      { code: 'above-8', display: wording, above: 8 },
    ];
    const banded = scorer(four, [{ code: 's', items, aggregate: { kind: 'sum' }, bands }]);
    const band = (codes: string) => banded(answers(codes))[0]?.band?.code;
    expect(['1111', '5000', '5300', '5310'].map(band)).toEqual([undefined, 'from-5', 'from-5', 'above-8']);
  });
  it('that a table does not have is no score', () => {
    const tables = new Map([['https://x|1', parseTable('raw,t,se\n4,22.9,3.9\n5,26.9,2.7', 'x')]]);
    const table = { kind: 'lookup', table: 'https://x|1', error: 'se' };
    const t = scorer(four, [{ code: 's', items, aggregate: { kind: 'sum' }, table }], { from: 'weight' }, { tables });
    expect(t(answers('1111'))[0]).toMatchObject({ value: 22.9, error: 3.9, raw: 4 });
    expect(t(answers('1113'))[0]).toMatchObject({ raw: 6, absent: { reason: 'not-in-table', table: 'https://x|1' } });
  });
});

describe('rules are refused', () => {
  it('over an item that is not in the form, or without their table', () => {
    const sum = { code: 's', items: ['a', 'z'], aggregate: { kind: 'sum' } };
    expect(() => scorer(four, [sum])).toThrow(/'z', which is not in the form/);
    const table = { kind: 'lookup', table: 'https://x|1' };
    expect(() => scorer(four, [{ ...sum, items, table }])).toThrow(/https:\/\/x\|1, which is not loaded/);
  });
  it.each([
    ['a\n1', /row 1 has|no column 2/],
    ['a,b\n1,2,3', /row 1 has 3 fields; 2 columns/],
    ['a,a\n1,2', /name of its own/],
    ['a,b', /no rows/],
    ['a,b\n1,x', /'x' in the row of 1 is no number/],
    ['a,b\n1,2\n1,3', /two rows for 1/],
  ])('with a faulty table: %j', (csv, message) => {
    const sum = { code: 's', items, aggregate: { kind: 'sum' }, table: { kind: 'lookup', table: 'https://x|1' } };
    const make = () =>
      scorer(four, [sum], { from: 'weight' }, { tables: new Map([['https://x|1', parseTable(csv, 'https://x|1')]]) });
    expect(make).toThrow(message);
    expect(make).toThrow(FhirError);
  });
  it('a quoted field is one field', () => {
    expect(parseTable('\uFEFFa,b\r\n"1,5 ""x""",2\r\n', 'x').rows).toEqual([['1,5 "x"', '2']]);
  });
});
