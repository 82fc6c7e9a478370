import { readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openForm } from '../expressions/form-state.ts';
import { compileForm } from '../form.ts';
import { omeqRule } from '../score/omeq-aggregate.ts';
import { parseScoreRules } from '../score/read-score-rules.ts';
import type { OmeqAggregate } from '../score/rule.ts';
import { parseTable } from '../score/table.ts';
import { doseExpression, totalExpression } from './as-fhirpath.ts';
import { readFactorTable } from './factor-table.ts';
import { type OmeqRule, omeq } from './omeq.ts';

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const source: Questionnaire = JSON.parse(read('questionnaires/forms/smertereg/smertereg-b11.json'));
const [score] = parseScoreRules(read('questionnaires/forms/smertereg/smertereg-b11.scores.rules.json'), 'omeq').scores;
const aggregate = score?.aggregate as OmeqAggregate;
const max = score?.range?.max ?? 0;
const rule: OmeqRule = omeqRule(aggregate);
const tables = aggregate.tables.map((canonical) =>
  readFactorTable(
    canonical,
    parseTable(read(`terminology/tables/${canonical.split('/').at(-1)?.split('|')[0]}.csv`), canonical),
  ),
);
const form = compileForm(source);
const equivalentOf = ({ linkId }: { linkId: string }): string => linkId.replace('DD', 'OMEQ');

/** What the form calculates from doses, by linkId. */
function calculated(doses: ReadonlyMap<string, number>): Record<string, unknown> {
  const response: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    status: 'in-progress',
    item: [
      { linkId: 'Analgetika4b', answer: [{ valueCoding: { code: 'Opioid4b' } }] },
      {
        linkId: 'Opioider4b',
        item: [...doses].map(([linkId, valueDecimal]) => ({ linkId, answer: [{ valueDecimal }] })),
      },
    ],
  };
  const found = openForm(form, response, { now: new Date(0) }).calculated();
  return Object.fromEntries(
    found.flatMap(({ item, answers: [answer] = [] }) =>
      answer === undefined ? [] : [[item.linkId, answer.valueDecimal]],
    ),
  );
}

describe('SmerteReg’s dose form shows what the rule gives', () => {
  it('has the 27 dose fields of the registry, and the expressions that follow from rule and tables', () => {
    expect(rule.fields).toHaveLength(27);
    const expressions = new Map(
      [...form.items.values()].map((item) => [item.linkId, item.expressions.calculated?.text] as const),
    );
    for (const field of rule.fields) {
      expect([field.linkId, expressions.get(equivalentOf(field))]).toEqual([
        field.linkId,
        doseExpression(rule, tables, field),
      ]);
    }
    const total = totalExpression(rule, equivalentOf, max);
    expect(expressions.get('MoEkvivalens')).toBe(total.expression);
    const variables = form.items.get('MoEkvivalens')?.expressions.variables.map(({ name, text }) => [name, text]);
    expect(variables).toEqual(Object.entries(total.variables));
  });

  it('for a dose of each field', () => {
    expect(calculated(new Map([['DDOxKps', 20]]))).toEqual({ OMEQOxKps: 30, MoEkvivalens: 30 });
    expect(calculated(new Map([['DDFePl', 12.5]]))).toEqual({ OMEQFePl: 30, MoEkvivalens: 30 });
    expect(calculated(new Map([['DDBuvMDepIn', 96]]))).toEqual({ OMEQBuvMDepIn: 672, MoEkvivalens: 672 });
    // No table has a factor for methadone by vein: no total either.
    expect(
      calculated(
        new Map([
          ['DDOxKps', 20],
          ['DDMetIv', 5],
        ]),
      ),
    ).toEqual({ OMEQOxKps: 30 });
  });

  it('for any doses', () => {
    const dose = fc.oneof(
      fc.constantFrom(0, 16, 18, 50, 64, 75, 96, 100, 128),
      fc.integer({ min: 0, max: 4000 }).map((n) => n / 10),
    );
    const doses = fc.dictionary(fc.constantFrom(...rule.fields.map(({ linkId }) => linkId)), dose, { maxKeys: 6 });
    fc.assert(
      fc.property(doses, (given) => {
        const map = new Map(Object.entries(given));
        const { total, fields } = omeq(rule, tables, map);
        const expected = [...fields].flatMap(([linkId, found]) =>
          'absent' in found ? [] : [[equivalentOf({ linkId }), found.value] as const],
        );
        const shown = calculated(map);
        const { MoEkvivalens, ...each } = shown;
        expect(each).toEqual(Object.fromEntries(expected));
        expect(MoEkvivalens).toBe('absent' in total || total.value > max ? undefined : total.value);
      }),
      { numRuns: 300 },
    );
  });
});
