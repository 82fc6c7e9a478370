import { compileOmeq } from './omeq-aggregate.ts';
import type { ScoreRule } from './rule.ts';
import type { Absent } from './score.ts';
import type { ScoreTable } from './table.ts';

/** A value that comes with the range in which its sources let it lie, and with those of the rule's tables that gave it. */
export interface Ranged {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Canonicals with version. */
  readonly tables: readonly string[];
}

/** The parts' values (finite, or NaN for missing) as one; called only if enough of them are answered. */
export type Combine = (values: Float64Array, answered: number) => number | string | Ranged | Absent;

/** Compiles how a rule's parts become one value. `tables` are those of OMEQ. */
export function compileAggregate(
  { aggregate, missing, items, scores }: ScoreRule,
  tables: ReadonlyMap<string, ScoreTable>,
): Combine {
  const parts = items ?? scores ?? [];
  switch (aggregate.kind) {
    case 'sum':
      return missing.prorate
        ? (values, answered) =>
            answered === values.length ? sumOf(values) : (sumOf(values) * values.length) / answered
        : sumOf;
    case 'mean':
      return (values, answered) => sumOf(values) / answered;
    case 'percent': {
      const { lowest, highest } = aggregate;
      return (values, answered) => (100 * (sumOf(values) - lowest * answered)) / ((highest - lowest) * answered);
    }
    // What counts was decided where each part's value was made: it is the number of answers that count.
    case 'count':
      return sumOf;
    case 'linear': {
      const factors = parts.map((part) => aggregate.factors[part] ?? 0);
      return (values) =>
        factors.reduce((sum, factor, index) => sum + factor * (values[index] ?? 0), aggregate.constant);
    }
    case 'min':
      return (values) => values.reduce((least, value) => (value < least ? value : least), Number.POSITIVE_INFINITY);
    case 'max':
      return (values) => values.reduce((most, value) => (value > most ? value : most), Number.NEGATIVE_INFINITY);
    case 'value':
      return (values) => values[0] ?? Number.NaN;
    case 'state':
      return (values) => values.join('');
    case 'omeq':
      return compileOmeq(aggregate, parts, tables);
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isNaN(value)) sum += value;
  }
  return sum;
}
