import { error, FhirError } from '../../model/issue.ts';
import type { ScoreTable } from '../score/table.ts';

/** Factors from one drug by one route to oral morphine (mg a day). */
export interface Factor {
  /** Unit of the dose: `mg/d`, `ug/d` or, for a patch, `ug/h` (UCUM). */
  readonly unit: string;
  /** mg oral morphine a day for one unit of the dose. */
  readonly factor: number;
  /** The range that the source gives; the factor itself where it gives none. */
  readonly low: number;
  readonly high: number;
  /** Where the ratio depends on the resulting morphine dose (methadone): mg a day, lower bound in, upper bound out. */
  readonly band: { readonly from: number; readonly below: number } | undefined;
}

/** One source's factors, by drug and route. */
export interface FactorTable {
  /** Canonical with version, kept in every result. */
  readonly canonical: string;
  readonly factors: ReadonlyMap<string, readonly Factor[]>;
}

const columns = ['drug', 'route', 'unit', 'factor', 'low', 'high', 'morphine_from', 'morphine_below'];

/** The key of a table's row. */
export function factorKey(drug: string, route: string): string {
  return `${drug}|${route}`;
}

/**
 * Reads a factor table (terminology/tables/omeq-*.csv).
 *
 * @throws FhirError 422 naming the row that is not as it should be: unknown columns, a factor that is no positive number, a
 *   range that does not hold the factor, bands that leave a gap, overlap, or whose factors fall
 */
export function readFactorTable(canonical: string, { columns: named, rows }: ScoreTable): FactorTable {
  if (named.join() !== columns.join()) {
    throw new FhirError(422, [error('invalid', `Table ${canonical}: the columns must be ${columns.join(', ')}.`)]);
  }
  const factors = new Map<string, Factor[]>();
  rows.forEach((cells, index) => {
    const fault = (what: string): FhirError =>
      new FhirError(422, [error('invalid', `Table ${canonical}, row ${index + 1}: ${what}`)]);
    const [drug = '', route = '', unit = '', ...numbers] = cells;
    const [factor, low, high, from, below] = numbers.map((text) => (text === '' ? undefined : Number(text)));
    if (drug === '' || route === '' || unit === '') throw fault('drug, route and unit must be given.');
    if (factor === undefined || !(factor > 0)) throw fault('the factor must be a number above 0.');
    const row: Factor = {
      unit,
      factor,
      low: low ?? factor,
      high: high ?? factor,
      band: from === undefined ? undefined : { from, below: below ?? Number.POSITIVE_INFINITY },
    };
    if (!(row.low <= factor && factor <= row.high)) throw fault('the factor is outside its range.');
    const key = factorKey(drug, route);
    const known = factors.get(key) ?? [];
    const before = known.at(-1);
    if (before !== undefined && (before.unit !== unit || before.band?.below !== row.band?.from)) {
      throw fault('a second row of one drug and route must be the next band, in the same unit.');
    }
    // So that every dose has a factor which leads into its own band.
    if (before !== undefined && before.factor >= factor) throw fault('the next band must have a higher factor.');
    factors.set(key, [...known, row]);
  });
  return { canonical, factors };
}
