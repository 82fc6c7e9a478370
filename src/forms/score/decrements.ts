import { error, FhirError } from '../../model/issue.ts';
import { cellNumber, columnIndex, type ScoreTable } from './table.ts';

/** The dimensions of EQ-5D in the order in which a state names them. */
const dimensions = ['MO', 'SC', 'UA', 'PD', 'AD'] as const;

/**
 * The index of an EQ-5D state as the sum of a value set's terms: `full` (11111), one for each dimension at its level
 * (MO2; level 1 may be left out as 0), and Nk once if any dimension is at level k or worse. Undefined for what is no
 * state of the table's version (3 or 5 levels).
 *
 * @throws FhirError 422 for a table with an unknown or a missing term: a term left out would be a perfect level.
 */
export function decrementIndex(table: ScoreTable, name: string): (state: string) => number | undefined {
  const term = columnIndex(table, 'term', 0, name);
  const value = columnIndex(table, 'value', 1, name);
  const terms = new Map<string, number>();
  for (const row of table.rows) {
    const code = row[term] ?? '';
    if (!/^(full|N[2-5]|(MO|SC|UA|PD|AD)[1-5])$/.test(code) || terms.has(code)) {
      throw new FhirError(422, [error('invalid', `Table ${name}: the term '${code}' is unknown, or there twice.`)]);
    }
    terms.set(code, cellNumber(row, value, name));
  }
  const levels = terms.has('MO5') ? 5 : 3;
  const steps = dimensions.map((dimension) =>
    Array.from({ length: levels }, (_, index) => termOf(terms, `${dimension}${index + 1}`, index === 0, name)),
  );
  const full = termOf(terms, 'full', false, name);
  const worst = Array.from({ length: levels }, (_, index) => terms.get(`N${index + 1}`) ?? 0);
  // worstSum[k] is what a state whose worst level is k + 1 pays once.
  const worstSum = worst.map((_, index) => worst.slice(0, index + 1).reduce((sum, part) => sum + part, 0));
  const state = new RegExp(`^[1-${levels}]{5}$`);
  return (text) => {
    if (!state.test(text)) return undefined;
    let index = full;
    let highest = 0;
    for (let place = 0; place < dimensions.length; place += 1) {
      const level = text.charCodeAt(place) - 0x31;
      index += steps[place]?.[level] ?? 0;
      highest = Math.max(highest, level);
    }
    return index + (worstSum[highest] ?? 0);
  };
}

function termOf(terms: ReadonlyMap<string, number>, code: string, optional: boolean, name: string): number {
  const value = terms.get(code);
  if (value === undefined && !optional) {
    throw new FhirError(422, [error('invalid', `Table ${name} has no term ${code}.`)]);
  }
  return value ?? 0;
}
