import { readdirSync } from 'node:fs';
import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import fc from 'fast-check';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { describe, expect, it } from 'vitest';
import { type Answer, type Instrument, instrument, toResponse } from '../../../tests/kit/instrument.ts';
import { asFhirPath, type ScoreExpression } from './as-fhirpath.ts';

const folder = new URL('../../../questionnaires/instruments/', import.meta.url);
const names = readdirSync(folder).flatMap((file) => /^(.*)\.scores\.rules\.json$/.exec(file)?.[1] ?? []);

/** What any answers to a form may be: mostly one of its options or numbers, at times none. */
function anyAnswers({ form }: Instrument): fc.Arbitrary<Record<string, Answer>> {
  const perItem = [...form.items.values()].flatMap((item): [string, fc.Arbitrary<Answer>][] => {
    const codes = [...(item.options?.byCode.keys() ?? [])];
    if (item.expressions.calculated !== undefined) return [];
    if (codes.length > 0) {
      const code = fc.constantFrom(...codes);
      return [[item.linkId, item.repeats ? fc.uniqueArray(code, { minLength: 1, maxLength: 5 }) : code]];
    }
    return item.type === 'integer' || item.type === 'decimal' ? [[item.linkId, fc.integer({ min: 0, max: 10 })]] : [];
  });
  const left = fc.constantFrom(0, 0, 1, 3, 12);
  return left.chain((many) =>
    fc
      .tuple(fc.record(Object.fromEntries(perItem)), fc.array(fc.nat(perItem.length - 1), { maxLength: many }))
      .map(([answers, gaps]) => {
        const missing = gaps.map((gap) => perItem[gap]?.[0]);
        return Object.fromEntries(Object.entries(answers).filter(([linkId]) => !missing.includes(linkId)));
      }),
  );
}

/** By fhirpath.js, which in R4 knows weights only on the answer, by their former name. */
function evaluate(expression: ScoreExpression, response: QuestionnaireResponse): unknown {
  const env = { resource: response };
  const values = fhirpath.evaluate(response, expression.values, env, r4) as unknown[];
  const result = fhirpath.evaluate(response, expression.expression, { ...env, values }, r4) as unknown[];
  return result[0];
}

function withWeights(response: QuestionnaireResponse, { form }: Instrument): QuestionnaireResponse {
  const weighed = (items: QuestionnaireResponseItem[] | undefined): QuestionnaireResponseItem[] | undefined =>
    items?.map((entry) => ({
      ...entry,
      item: weighed(entry.item),
      answer: entry.answer?.map((answer) => {
        const weight = form.items.get(entry.linkId)?.options?.byCode.get(answer.valueCoding?.code ?? '')?.weight;
        const extension = [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: weight }];
        return weight === undefined ? answer : { valueCoding: { ...answer.valueCoding, extension } };
      }),
    }));
  return { ...response, item: weighed(response.item) };
}

describe.each(names)('%s', (name) => {
  const tool = instrument(name);
  const expressions = tool.scorer.rules.map((rule) => ({
    rule,
    expression: asFhirPath(tool.rules, rule, tool.form, tool.tables),
  }));

  it('gives the same by FHIRPath, evaluated by another engine, as by the compiled rules', () => {
    fc.assert(
      fc.property(anyAnswers(tool), (answers) => {
        const response = toResponse(tool.questionnaire, answers);
        const scores = tool.scorer.score(response);
        const weighed = withWeights(response, tool);
        expressions.forEach(({ rule, expression }, index) => {
          if (expression === undefined) return;
          const value = evaluate(expression, weighed);
          const expected = scores[index]?.value;
          if (typeof expected === 'number') expect(value, rule.code).toBeCloseTo(expected, 8);
          else expect(value, rule.code).toEqual(expected);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('is told by FHIRPath but for large tables', () => {
    const untold = expressions.filter(({ expression }) => expression === undefined).map(({ rule }) => rule.code);
    expect(
      untold.every((code) => code.includes('crosswalk')),
      untold.join(),
    ).toBe(true);
  });
});
