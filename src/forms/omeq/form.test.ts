import { readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
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
const ticked = (linkId: string, code: string): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueCoding: { code } }],
});

/** Form, what stands behind its variables’ names, the group of doses, and what opens it. */
const forms: readonly [string, string, string, readonly QuestionnaireResponseItem[]][] = [
  ['smertereg-b11', '', 'Opioider4b', [ticked('Analgetika4b', 'Opioid4b')]],
  ['smertereg-b22', '22', 'Opioider22', [ticked('MedBeh22', '1'), ticked('MedBeh22Type', 'Op22')]],
];

describe.each(forms)('the dose table of %s shows what the rule gives', (name, suffix, group, gate) => {
  const source: Questionnaire = JSON.parse(read(`questionnaires/forms/smertereg/${name}.json`));
  const rules = parseScoreRules(read(`questionnaires/forms/smertereg/${name}.scores.rules.json`), name);
  const [score] = rules.scores;
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
  const total = `MoEkvivalens${suffix}`;

  /** The form with doses, opened. */
  function opened(doses: ReadonlyMap<string, number>) {
    const item = [...doses].map(([linkId, valueDecimal]) => ({ linkId, answer: [{ valueDecimal }] }));
    const response: QuestionnaireResponse = {
      resourceType: 'QuestionnaireResponse',
      status: 'in-progress',
      item: [...gate, { linkId: group, item }],
    };
    return openForm(form, response, { now: new Date(0) });
  }

  /** What the form calculates from doses, by linkId. */
  function calculated(doses: ReadonlyMap<string, number>): Record<string, unknown> {
    return Object.fromEntries(
      opened(doses)
        .calculated()
        .flatMap(({ item, answers: [answer] = [] }) =>
          answer?.valueDecimal === undefined ? [] : [[item.linkId, answer.valueDecimal]],
        ),
    );
  }

  const doses = (given: Readonly<Record<string, number>>) =>
    new Map(Object.entries(given).map(([linkId, dose]) => [linkId + suffix, dose]));
  const equivalents = (given: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(given).map(([linkId, value]) => [linkId + suffix, value]));

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
    const wanted = totalExpression(rule, equivalentOf, max);
    expect(expressions.get(total)).toBe(wanted.expression);
    const variables = form.items.get(total)?.expressions.variables.map(({ name, text }) => [name, text]);
    expect(variables).toEqual(Object.entries(wanted.variables));
  });

  it('for a dose of each field', () => {
    expect(calculated(doses({ DDOxKps: 20 }))).toEqual(equivalents({ OMEQOxKps: 30, MoEkvivalens: 30 }));
    expect(calculated(doses({ DDFePl: 12.5 }))).toEqual(equivalents({ OMEQFePl: 30, MoEkvivalens: 30 }));
    expect(calculated(doses({ DDBuvMDepIn: 96 }))).toEqual(equivalents({ OMEQBuvMDepIn: 672, MoEkvivalens: 672 }));
    // No table has a factor for methadone by vein: no total either.
    expect(calculated(doses({ DDOxKps: 20, DDMetIv: 5 }))).toEqual(equivalents({ OMEQOxKps: 30 }));
  });

  it.each([
    ['BuvWDepIn', 24, 0],
    ['BuvMDepIn', 160, 128],
    ['MetIv', 10, 0],
  ])('%s: a dose without equivalent is explained where it is entered', (drug, without, known) => {
    const isTold = (dose: number): boolean => {
      const state = opened(doses({ [`DD${drug}`]: dose }));
      const note = form.items.get(`OMEQ${drug}${suffix}-mangler`);
      const place = note?.parent && state.root.inside(note.parent, state.root.items.at(-1));
      return note !== undefined && place !== undefined && state.isEnabled(note, place);
    };
    expect([isTold(without), isTold(known)]).toEqual([true, false]);
  });

  it('for any doses', () => {
    const dose = fc.oneof(
      fc.constantFrom(0, 16, 18, 50, 64, 75, 96, 100, 128),
      fc.integer({ min: 0, max: 4000 }).map((n) => n / 10),
    );
    const any = fc.dictionary(fc.constantFrom(...rule.fields.map(({ linkId }) => linkId)), dose, { maxKeys: 6 });
    fc.assert(
      fc.property(any, (given) => {
        const map = new Map(Object.entries(given));
        const { total: sum, fields } = omeq(rule, tables, map);
        const expected = [...fields].flatMap(([linkId, found]) =>
          'absent' in found ? [] : [[equivalentOf({ linkId }), found.value] as const],
        );
        const { [total]: shown, ...each } = calculated(map);
        expect(each).toEqual(Object.fromEntries(expected));
        expect(shown).toBe('absent' in sum || sum.value > max ? undefined : sum.value);
      }),
      { numRuns: 300 },
    );
  });
});
