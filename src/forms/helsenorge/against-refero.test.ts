import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { describe, expect, it } from 'vitest';
import { openForm } from '../expressions/form-state.ts';
import { compileForm } from '../form.ts';
import { importHelsenorge } from './import.ts';

const now = new Date('2026-03-02T10:00:00Z');
const ordinalValue = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';

/** What an imported form calculates, by linkId. */
function calculated(form: Questionnaire, response: QuestionnaireResponse): Map<string, number | undefined> {
  const state = openForm(compileForm(importHelsenorge(form).questionnaire), response, { now });
  return new Map(state.calculated().map(({ item, answers }) => [item.linkId, answers?.[0]?.valueDecimal]));
}

describe('expressions yield here what they yield in Refero, which hands them to the package fhirpath', () => {
  const of = (linkId: string, name = 'value'): string =>
    `QuestionnaireResponse.descendants().where(linkId='${linkId}').answer.${name}`;
  const EXPRESSIONS = [
    `${of('a')} + ${of('b')}`,
    `${of('a')} - ${of('b', 'valueInteger')} * 2`,
    `iif(${of('b')} > 0, ${of('a')} / ${of('b')}, 0)`,
    `iif(${of('a')}.empty() or ${of('q')}.empty(), {}, ${of('a')} + ${of('q', 'value.value')})`,
    `${of('q', 'valueQuantity.value')} * 3`,
    `(${of('a')} | ${of('b')}).count()`,
    `iif(${of('k', 'valueCoding.code')} = 'x', 1, 2)`,
    `${of('k')}.where(code = 'x').count()`,
    `item.where(linkId='g').item.answer.value.ofType(integer).sum()`,
    `%resource.item.where(linkId='g').item.where(answer.exists()).count()`,
    `QuestionnaireResponse.item.where(linkId='g').item.select(answer.valueInteger).aggregate($this + $total, 0)`,
  ];
  const question = (linkId: string, type: QuestionnaireItem['type']): QuestionnaireItem => ({ linkId, type });
  const formOf = (expression: string): Questionnaire => ({
    resourceType: 'Questionnaire',
    status: 'active',
    item: [
      { linkId: 'g', type: 'group', item: [question('a', 'integer'), question('b', 'integer')] },
      question('q', 'quantity'),
      question('k', 'choice'),
      {
        linkId: 'c',
        type: 'decimal',
        readOnly: true,
        extension: [
          { url: 'http://ehelse.no/fhir/StructureDefinition/sdf-calculatedExpression', valueString: expression },
        ],
      },
    ],
  });
  const answers = fc.record(
    {
      a: fc.integer({ min: 0, max: 9 }),
      b: fc.integer({ min: 0, max: 9 }),
      q: fc.integer({ min: 0, max: 9 }),
      k: fc.constantFrom('x', 'y'),
    },
    { requiredKeys: [] },
  );

  it.each(EXPRESSIONS)('%s', (expression) => {
    const form = formOf(expression);
    fc.assert(
      fc.property(answers, ({ a, b, q, k }) => {
        const integer = (linkId: string, valueInteger: number | undefined): QuestionnaireResponseItem[] =>
          valueInteger === undefined ? [] : [{ linkId, answer: [{ valueInteger }] }];
        const response: QuestionnaireResponse = {
          resourceType: 'QuestionnaireResponse',
          status: 'completed',
          item: [
            { linkId: 'g', item: [...integer('a', a), ...integer('b', b)] },
            ...(q === undefined ? [] : [{ linkId: 'q', answer: [{ valueQuantity: { value: q } }] }]),
            ...(k === undefined ? [] : [{ linkId: 'k', answer: [{ valueCoding: { code: k } }] }]),
          ],
        };
        const theirs: unknown[] = fhirpath.evaluate(response, expression, { resource: response }, r4) as unknown[];
        const ours = calculated(form, response).get('c');
        // Refero does not round to the decimals that FHIR keeps.
        if (typeof theirs[0] === 'number') expect(ours).toBeCloseTo(theirs[0], 8);
        else expect(ours).toBe(theirs[0]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('scores by codes', () => {
  const code = (role: string) => [{ system: 'http://ehelse.no/scoringFormulas', code: role }];
  type Tree = { readonly sum: boolean; readonly answers: readonly number[]; readonly inner: readonly Tree[] };
  const answers = fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 3 });
  const treeOver = (inner: fc.Arbitrary<Tree[]>): fc.Arbitrary<Tree> =>
    fc.record({ sum: fc.boolean(), answers, inner });
  const leaf = treeOver(fc.constant([]));
  const branch = treeOver(fc.array(leaf, { maxLength: 2 }));
  const tree = treeOver(fc.array(branch, { maxLength: 2 }));

  /** Section by section, as Refero adds up: -1 is a question without an answer. */
  function sums(node: Tree, path: string, found: Map<string, number | undefined>): number | undefined {
    const parts = [
      ...node.answers.map((weight) => (weight < 0 ? undefined : weight)),
      ...node.inner.map((child, index) => sums(child, `${path}.${index}`, found)),
    ].filter((part) => part !== undefined);
    const sum = parts.length === 0 ? undefined : parts.reduce((a, b) => a + b, 0);
    if (node.sum) found.set(`${path}.sum`, sum);
    return sum;
  }

  function items(node: Tree, path: string): QuestionnaireItem[] {
    const options = [0, 1, 2, 3].map((weight) => ({
      valueCoding: { code: `${weight}`, extension: [{ url: ordinalValue, valueDecimal: weight }] },
    }));
    return [
      ...node.answers.map(
        (_, index): QuestionnaireItem => ({
          ...{ linkId: `${path}.q${index}`, type: 'choice' },
          ...{ code: code('QS'), answerOption: options },
        }),
      ),
      ...node.inner.map(
        (child, index): QuestionnaireItem => ({
          ...{ linkId: `${path}.${index}`, type: 'group' },
          item: items(child, `${path}.${index}`),
        }),
      ),
      ...(node.sum ? [{ linkId: `${path}.sum`, type: 'decimal' as const, readOnly: true, code: code('SS') }] : []),
    ];
  }

  function given(node: Tree, path: string): QuestionnaireResponseItem[] {
    return [
      ...node.answers.flatMap((weight, index) =>
        weight < 0 ? [] : [{ linkId: `${path}.q${index}`, answer: [{ valueCoding: { code: `${weight}` } }] }],
      ),
      ...node.inner.map((child, index) => ({ linkId: `${path}.${index}`, item: given(child, `${path}.${index}`) })),
    ];
  }

  it('are the sums of their sections, whatever is in what', () => {
    fc.assert(
      fc.property(tree, (root) => {
        const expected = new Map<string, number | undefined>();
        expected.set('total', sums(root, 'r', expected));
        const total: QuestionnaireItem = { linkId: 'total', type: 'decimal', readOnly: true, code: code('TS') };
        const form: Questionnaire = {
          ...{ resourceType: 'Questionnaire', status: 'active' },
          item: [...items(root, 'r'), total],
        };
        const response: QuestionnaireResponse = {
          ...{ resourceType: 'QuestionnaireResponse', status: 'completed' },
          item: given(root, 'r'),
        };
        const ours = calculated(form, response);
        for (const [linkId, sum] of expected) expect([linkId, ours.get(linkId)]).toEqual([linkId, sum]);
      }),
      { numRuns: 150 },
    );
  });
});
