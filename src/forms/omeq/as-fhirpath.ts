import { type Factor, type FactorTable, factorKey } from './factor-table.ts';
import { type DoseField, depotsOf, type OmeqRule } from './omeq.ts';

/**
 * The OMEQ of one dose field as FHIRPath, for other renderers to show the same. A dose that has no equivalent yields
 * nothing; no dose at all (0) has one everywhere.
 */
export function doseExpression(rule: OmeqRule, tables: readonly FactorTable[], field: DoseField): string {
  const dose = `%resource.descendants().where(linkId='${field.linkId}').answer.value`;
  const factors = factorsOf(tables, field.drug, field.route, field.unit);
  const byTable = rule.bandRule === 'lowest' ? lowest(factors) : highest(factors);
  const chain = depotsOf(rule, field).reduceRight((rest, { dose: depot, as }) => {
    const factor = factorsOf(tables, field.drug, as.route, as.unit)[0];
    return factor === undefined ? rest : `iif($this = ${depot}, ${rounded(`${as.dose} * ${factor.factor}`)}, ${rest})`;
  }, byTable || 'iif($this = 0, 0.0, {})');
  return `${dose}.select(${chain})`;
}

/** The total as FHIRPath, with the variables that it uses. */
export interface TotalExpression {
  readonly variables: Readonly<Record<'doses' | 'equivalents', string>>;
  readonly expression: string;
}

/**
 * The sum of the fields' equivalents (`linkIdOf`); nothing while a dose is given that has none, and none above `max`
 * (mg a day).
 */
export function totalExpression(rule: OmeqRule, linkIdOf: (field: DoseField) => string, max: number): TotalExpression {
  const values = (linkIds: readonly string[]): string =>
    `%resource.descendants().where(${linkIds.map((linkId) => `linkId='${linkId}'`).join(' or ')}).answer.value`;
  const isWhole = '%doses.count() > 0 and %doses.count() = %equivalents.count()';
  return {
    variables: {
      doses: values(rule.fields.map(({ linkId }) => linkId)),
      equivalents: values(rule.fields.map(linkIdOf)),
    },
    expression: `iif(${isWhole} and %equivalents.sum() <= ${max}, %equivalents.sum().round(1), {})`,
  };
}

function factorsOf(tables: readonly FactorTable[], drug: string, route: string, unit: string): readonly Factor[] {
  for (const table of tables) {
    const factors = table.factors.get(factorKey(drug, route))?.filter((factor) => factor.unit === unit) ?? [];
    if (factors.length > 0) return factors;
  }
  return [];
}

function lowest(factors: readonly Factor[]): string {
  return factors.reduceRight((rest, { factor, band }, index) => {
    const result = rounded(`$this * ${factor}`);
    return index === factors.length - 1 || band === undefined
      ? result
      : `iif($this * ${factor} < ${band.below}, ${result}, ${rest})`;
  }, '');
}

function highest(factors: readonly Factor[]): string {
  return factors.reduce((rest, { factor, band }, index) => {
    const result = rounded(`$this * ${factor}`);
    return index === 0 || band === undefined ? result : `iif($this * ${factor} >= ${band.from}, ${result}, ${rest})`;
  }, '');
}

function rounded(expression: string): string {
  return `(${expression}).round(1)`;
}
