import { readFactorTable } from '../omeq/factor-table.ts';
import { type OmeqRule, omeq } from '../omeq/omeq.ts';
import type { Combine } from './aggregate.ts';
import type { OmeqAggregate } from './rule.ts';
import type { ScoreTable } from './table.ts';

/** The calculation that an aggregate declares. */
export function omeqRule({ doses, equivalents, bandRule }: OmeqAggregate): OmeqRule {
  return { fields: Object.entries(doses).map(([linkId, field]) => ({ linkId, ...field })), equivalents, bandRule };
}

/** @throws FhirError 422 for a faulty table */
export function compileOmeq(
  aggregate: OmeqAggregate,
  items: readonly string[],
  tables: ReadonlyMap<string, ScoreTable>,
): Combine {
  const rule = omeqRule(aggregate);
  const factors = aggregate.tables.flatMap((canonical) => {
    const table = tables.get(canonical);
    return table === undefined ? [] : [readFactorTable(canonical, table)];
  });
  return (values) => {
    const doses = new Map<string, number>();
    items.forEach((linkId, index) => {
      const dose = values[index] ?? Number.NaN;
      if (!Number.isNaN(dose)) doses.set(linkId, dose);
    });
    const { total } = omeq(rule, factors, doses);
    if ('absent' in total) return { reason: 'no-equivalent', part: total.linkId ?? '' };
    const { value, low, high, tables } = total;
    return { value, low, high, tables };
  };
}
