import { createRequire } from 'node:module';
import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileForm } from '../form.ts';
import { openForm } from './form-state.ts';

/**
 * Generated forms with generated answers: expressions over the index of linkIds, and all that scores are made of, yield
 * what the fhirpath package yields by walking the response.
 */

interface Package {
  evaluate(value: unknown, path: string, env: object, model: unknown, options?: object): unknown[];
}

const require = createRequire(import.meta.url);
const fhirpath: Package = require('fhirpath');
const r4: unknown = require('fhirpath/fhir-context/r4');

const system = 'https://svar.example.org/fhir/CodeSystem/x';
const codes = ['0', '1', '2', 'a'];

interface Shape {
  readonly type: 'group' | 'choice' | 'integer' | 'decimal';
  readonly repeats: boolean;
  readonly weights: readonly number[];
  readonly inner: readonly Shape[];
}

const shapes = fc.letrec<{ level: readonly Shape[] }>((tie) => ({
  level: fc.array(
    fc.record({
      type: fc.constantFrom('group', 'choice', 'choice', 'integer', 'decimal'),
      repeats: fc.boolean(),
      weights: fc.array(
        fc.integer({ min: 0, max: 40 }).map((n) => n / 4),
        { minLength: 4, maxLength: 4 },
      ),
      inner: fc.oneof({ maxDepth: 2, depthSize: 'small' }, fc.constant([]), tie('level')),
    }),
    { minLength: 1, maxLength: 4 },
  ),
})).level;

/** The shapes as items; linkIds are `0`, `0.1`, …: the same form always has the same ones. */
function itemsOf(level: readonly Shape[], prefix = ''): QuestionnaireItem[] {
  return level.map(({ type, repeats, weights, inner }, index) => {
    const linkId = `${prefix}${index}`;
    const item = itemsOf(inner, `${linkId}.`);
    const answerOption = codes.map((code, at) => ({
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/itemWeight', valueDecimal: weights[at] ?? 0 }],
      valueCoding: { system, code },
    }));
    return { linkId, type, repeats, ...(item.length > 0 && { item }), ...(type === 'choice' && { answerOption }) };
  });
}

/** Answers to the items: some left out, repeating ones several times. */
function answersTo(items: readonly QuestionnaireItem[], next: () => number): QuestionnaireResponseItem[] {
  return items.flatMap((item): QuestionnaireResponseItem[] => {
    const times = item.repeats ? next() % 3 : next() % 4 === 0 ? 0 : 1;
    const inner = (): { item?: QuestionnaireResponseItem[] } => {
      const found = answersTo(item.item ?? [], next);
      return found.length > 0 ? { item: found } : {};
    };
    if (item.type === 'group') {
      return Array.from({ length: times }, () => ({ linkId: item.linkId, ...inner() }));
    }
    const answer = Array.from({ length: times }, () => ({ ...valueFor(item, next()), ...inner() }));
    return answer.length > 0 ? [{ linkId: item.linkId, answer }] : [];
  });
}

function valueFor(item: QuestionnaireItem, n: number): QuestionnaireResponseItemAnswer {
  switch (item.type) {
    case 'integer':
      return { valueInteger: (n % 9) - 2 };
    case 'decimal':
      return { valueDecimal: (n % 90) / 10 };
    default:
      return { valueCoding: { system, code: codes[n % codes.length] } };
  }
}

function linkIdsOf(items: readonly QuestionnaireItem[]): string[] {
  return items.flatMap((item) => [item.linkId, ...linkIdsOf(item.item ?? [])]);
}

/** Every way in which forms pick items, and what they do with them. */
const picks = [
  ['%resource.item.where(linkId = A)'],
  ['item.where(linkId = A or linkId = B)'],
  ['%resource.repeat(item).where(linkId = A)', '%resource.repeat(item).where(A = linkId)'],
  ['%resource.repeat(item).where(linkId in (A | B | C))', "%resource.repeat(item).where(linkId in ('0' | '1' | A))"],
  ['%resource.descendants().where(linkId = A)', '%resource.descendants().where(linkId = A or linkId = C)'],
  ['%resource.repeat(item).where(linkId = A and answer.exists())', '%resource.item.where(linkId != A)'],
  ['%resource.repeat(item | answer.item)', '%resource.repeat(item)', '%resource.item.where(linkId = A).item'],
  ['%resource.item.where(linkId = A).answer.item', '%resource.repeat(item).where(linkId = A).item.where(linkId = B)'],
].flat();
const uses = [
  ['linkId', 'count()', 'exists()', 'answer.count()', 'answer.value.count()', 'answer.value.ofType(integer).sum()'],
  [
    'answer.value.weight().sum()',
    'answer.value.weight().count()',
    'answer.value.weight().max()',
    'answer.value.ordinal()',
  ],
  ['answer.value.weight().avg()', 'answer.value.ofType(decimal).avg()', 'answer.value.ofType(Coding).code'],
  ['answer.value.ofType(decimal).where($this > 2.5)', 'answer.where(value.exists()).value.ofType(integer)'],
  ['answer.value.weight().aggregate($this + $total, 0)', 'first().answer.value.weight().sum() * 2 + 1'],
  ["select(iif(answer.value.ofType(integer).exists(), 'n', 'x'))", 'answer.value.ofType(Coding).code.distinct()'],
  ['answer.value.ofType(integer).min() < 3', 'all(answer.count() < 2)', 'answer.first().value.ofType(integer) + 1'],
].flat();

const cases = fc.record({
  level: shapes,
  seeds: fc.array(fc.nat(1000), { minLength: 50, maxLength: 50 }),
  chosen: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat()), { minLength: 12, maxLength: 12 }),
});

test('what is picked by linkId, weighed and added up is what the fhirpath package finds', () => {
  let compared = 0;
  let found = 0;
  fc.assert(
    fc.property(cases, ({ level, seeds, chosen }) => {
      const item = itemsOf(level);
      const linkIds = linkIdsOf(item);
      let at = 0;
      const next = (): number => seeds[at++ % seeds.length] ?? 0;
      const answers = answersTo(item, next);
      const response: QuestionnaireResponse = {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        item: answers,
      };
      const expressions = chosen.map(([pick, use, a, b, c]) => {
        const ids: Readonly<Record<string, string>> = {
          A: pickOf(linkIds, a),
          B: pickOf(linkIds, b),
          C: pickOf(linkIds, c),
        };
        const path = pickOf(picks, pick).replace(/\b[ABC]\b/g, (name) => `'${ids[name]}'`);
        return `${path}.${pickOf(uses, use)}`;
      });
      const questionnaire: Questionnaire = {
        ...{ resourceType: 'Questionnaire', status: 'active', item },
        extension: expressions.map((expression, index) => ({
          url: 'http://hl7.org/fhir/StructureDefinition/variable',
          valueExpression: { name: `v${index}`, language: 'text/fhirpath', expression },
        })),
      };
      const state = openForm(compileForm(questionnaire), response, { now: new Date() });
      for (const variable of state.form.expressions.variables) {
        const own = state.evaluate(variable, state.root).map(({ value }) => rounded(value));
        const expected = packageValues(variable.text, response, questionnaire);
        // Where the package refuses (a second item where one is meant), so do we.
        expect(expected === undefined ? [] : own, variable.text).toEqual(expected ?? own);
        compared += 1;
        found += own.length > 0 ? 1 : 0;
      }
    }),
    { numRuns: process.env.SVAR_ALL_EXAMPLES ? 3000 : 300, seed: 7 },
  );
  expect(compared).toBeGreaterThan(700);
  // The comparison is not one of nothing with nothing.
  expect(found / compared).toBeGreaterThan(0.4);
});

function pickOf<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(8)) : value;
}

function packageValues(
  expression: string,
  response: QuestionnaireResponse,
  questionnaire: Questionnaire,
): unknown[] | undefined {
  try {
    return fhirpath.evaluate(response, expression, { resource: response, questionnaire }, r4).map(rounded);
  } catch {
    return undefined;
  }
}
