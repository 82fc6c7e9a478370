import type { Extension, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { FormData } from './expressions/data.ts';
import { type FormState, openForm } from './expressions/form-state.ts';
import { compileForm } from './form.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const now = new Date('2026-03-02T10:00:00Z');

function enabledBy(expression: string): Extension[] {
  return [{ url: `${sdc}enableWhenExpression`, valueExpression: { language: 'text/fhirpath', expression } }];
}

function open(
  item: QuestionnaireItem[],
  answers: QuestionnaireResponseItem[],
  data: Partial<FormData> = {},
): FormState {
  const form = compileForm({ resourceType: 'Questionnaire', status: 'active', item });
  return openForm(
    form,
    { resourceType: 'QuestionnaireResponse', status: 'completed', item: answers },
    { now, ...data },
  );
}

/** The linkIds of the items at the top that are enabled. */
function enabled(state: FormState): string[] {
  return [...state.form.roots.values()].filter((item) => state.isEnabled(item, state.root)).map(({ linkId }) => linkId);
}

function integer(linkId: string, valueInteger: number): QuestionnaireResponseItem {
  return { linkId, answer: [{ valueInteger }] };
}

const number = (linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
  ...{ linkId, type: 'integer' },
  ...more,
});
const when = (question: string, above: number): Partial<QuestionnaireItem> => ({
  enableWhen: [{ question, operator: '>', answerInteger: above }],
});

describe('an answer to a disabled question', () => {
  it('does not enable another, however long the chain', () => {
    const items = [number('a'), number('b', when('a', 5)), number('c', when('b', 5)), number('d', when('c', 5))];
    const given = [integer('b', 9), integer('c', 9), integer('d', 9)];
    expect(enabled(open(items, [integer('a', 9), ...given]))).toEqual(['a', 'b', 'c', 'd']);
    expect(enabled(open(items, [integer('a', 1), ...given]))).toEqual(['a']);
  });

  it('counts as not given: != and exists see none', () => {
    const items = [
      number('a'),
      number('b', when('a', 5)),
      number('c', { enableWhen: [{ question: 'b', operator: '!=', answerInteger: 1 }] }),
      number('d', { enableWhen: [{ question: 'b', operator: 'exists', answerBoolean: false }] }),
    ];
    expect(enabled(open(items, [integer('a', 9), integer('b', 1)]))).toEqual(['a', 'b']);
    expect(enabled(open(items, [integer('a', 1), integer('b', 1)]))).toEqual(['a', 'c', 'd']);
  });

  it('is not seen by expressions', () => {
    const expression = "%resource.repeat(item).where(linkId = 'b').answer.exists()";
    const items = [number('a'), number('b', when('a', 5)), number('c', { extension: enabledBy(expression) })];
    expect(enabled(open(items, [integer('a', 9), integer('b', 1)]))).toEqual(['a', 'b', 'c']);
    expect(enabled(open(items, [integer('a', 1), integer('b', 1)]))).toEqual(['a']);
  });
});

describe('a disabled group', () => {
  const group: QuestionnaireItem = { linkId: 'g', type: 'group', ...when('a', 5), item: [number('b')] };

  it('disables what stands in it', () => {
    const state = open([number('a'), group], [integer('a', 1), { linkId: 'g', item: [integer('b', 1)] }]);
    const [g, b] = [state.form.items.get('g'), state.form.items.get('b')];
    if (g === undefined || b === undefined) throw new Error('no items');
    expect(state.isEnabled(b, state.root.inside(g, state.root.items[1]))).toBe(false);
    expect(state.effective.item).toEqual([integer('a', 1)]);
  });

  it('and so the answers in it do not count', () => {
    const items = [number('a'), group, number('c', when('b', 0))];
    const inGroup = { linkId: 'g', item: [integer('b', 1)] };
    expect(enabled(open(items, [integer('a', 9), inGroup]))).toEqual(['a', 'g', 'c']);
    expect(enabled(open(items, [integer('a', 1), inGroup]))).toEqual(['a']);
  });
});

it('a question in an answer is disabled with the question that it follows', () => {
  const items = [number('a'), number('q', { ...when('a', 5), item: [number('inner')] }), number('c', when('inner', 0))];
  const nested = { linkId: 'q', answer: [{ valueInteger: 1, item: [integer('inner', 1)] }] };
  expect(enabled(open(items, [integer('a', 9), nested]))).toEqual(['a', 'q', 'c']);
  expect(enabled(open(items, [integer('a', 1), nested]))).toEqual(['a']);
});

describe('enableWhenExpression', () => {
  const items = (expression: string): QuestionnaireItem[] => [
    number('a', { repeats: true }),
    number('b', { extension: enabledBy(expression) }),
  ];

  it.each([
    ["%resource.item.where(linkId = 'a').answer.value > 3", true],
    ["%resource.item.where(linkId = 'a').answer.value > 7", false],
    // Empty is false; what is there and no Boolean is true (SDC, FHIRPath's singleton evaluation).
    ["%resource.item.where(linkId = 'x').answer.value > 7", false],
    ["%resource.item.where(linkId = 'a').answer.value", true],
  ])('%s', (expression, expected) => {
    expect(enabled(open(items(expression), [integer('a', 5)])).includes('b')).toBe(expected);
  });

  it('that fails keeps nobody from answering, and is told', () => {
    const two = { linkId: 'a', answer: [{ valueInteger: 1 }, { valueInteger: 2 }] };
    const state = open(items("%resource.item.where(linkId = 'a').answer.value > 3"), [two]);
    expect(enabled(state)).toEqual(['a', 'b']);
    expect(state.issues).toHaveLength(1);
  });

  it('is decided for each occurrence of a repeating group', () => {
    const group: QuestionnaireItem = {
      ...{ linkId: 'g', type: 'group', repeats: true },
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/variable',
          valueExpression: {
            name: 'a',
            language: 'text/fhirpath',
            expression: "item.where(linkId = 'a').answer.value",
          },
        },
      ],
      item: [number('a'), number('b', { extension: enabledBy('%a > 3') })],
    };
    const occurrence = (n: number): QuestionnaireResponseItem => ({
      linkId: 'g',
      item: [integer('a', n), integer('b', 1)],
    });
    const state = open([group], [occurrence(5), occurrence(2)]);
    expect(state.effective.item).toEqual([occurrence(5), { linkId: 'g', item: [integer('a', 2)] }]);
  });

  it('and enableWhen may not stand together', () => {
    expect(() => open([number('a'), number('b', { ...when('a', 1), extension: enabledBy('true') })], [])).toThrow(
      'one only',
    );
  });
});

it('a calculated answer enables as the form calculates it', () => {
  const sum: QuestionnaireItem = {
    ...number('sum', { readOnly: true }),
    extension: [
      {
        url: `${sdc}calculatedExpression`,
        valueExpression: {
          language: 'text/fhirpath',
          expression: "%resource.item.where(linkId = 'a' or linkId = 'b').answer.value.sum()",
        },
      },
    ],
  };
  const items = [number('a'), number('b'), sum, number('c', when('sum', 10))];
  expect(enabled(open(items, [integer('a', 6), integer('b', 6)]))).toContain('c');
  expect(enabled(open(items, [integer('a', 1), integer('b', 6), integer('sum', 50)]))).not.toContain('c');
});

it('a long chain of expressions is followed to its end', () => {
  const after = (n: number): string => `%resource.item.where(linkId = 'q${n}').answer.exists()`;
  const chain = Array.from({ length: 80 }, (_, n) =>
    number(`q${n}`, n === 0 ? when('start', 0) : { extension: enabledBy(after(n - 1)) }),
  );
  const given = chain.map(({ linkId }) => integer(linkId, 1));
  expect(enabled(open([number('start'), ...chain], [integer('start', 1), ...given]))).toHaveLength(81);
  const none = open([number('start'), ...chain], [integer('start', 0), ...given]);
  expect([enabled(none), none.issues]).toEqual([['start'], []]);
});

it.each(['forwards', 'backwards'])(
  'a chain of enableWhen is followed %s, one too long for the stack is refused',
  (way) => {
    const chain = (length: number): QuestionnaireItem[] => {
      const items = Array.from({ length }, (_, n) => number(`q${n}`, n === 0 ? {} : when(`q${n - 1}`, 0)));
      return way === 'forwards' ? items : items.reverse();
    };
    const items = chain(399);
    const state = open(
      items,
      items.map(({ linkId }) => integer(linkId, 1)),
    );
    const last = state.form.items.get('q398');
    expect(last && state.isEnabled(last, state.root)).toBe(true);
    expect(() => open(chain(5000), [])).toThrow('depends on too many others in a row');
  },
);

it('an item that is disabled by its expression is not calculated', () => {
  const both: QuestionnaireItem = {
    ...number('sum', { readOnly: true }),
    extension: [
      ...enabledBy("%resource.item.where(linkId = 'a').answer.value > 3"),
      { url: `${sdc}calculatedExpression`, valueExpression: { language: 'text/fhirpath', expression: '1' } },
    ],
  };
  const calculated = (a: number) => open([number('a'), both], [integer('a', a), integer('sum', 1)]).calculated().length;
  expect([calculated(5), calculated(1)]).toEqual([1, 0]);
});

it('what does not settle is told, not tried for ever', () => {
  const flips = "%resource.repeat(item).where(linkId != 'x').answer.exists().not()";
  const state = open([number('a', { extension: enabledBy(flips) })], [integer('a', 1)]);
  expect(enabled(state)).toHaveLength(state.isEnabled(state.form.items.get('a') as never, state.root) ? 1 : 0);
  expect(state.issues.map(({ diagnostics }) => diagnostics)).toEqual([
    'The expression could not be evaluated: what is calculated and what is enabled do not settle.',
  ]);
});
