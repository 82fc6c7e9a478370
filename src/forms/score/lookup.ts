import { error, FhirError } from '../../model/issue.ts';
import { decrementIndex } from './decrements.ts';
import type { TableUse } from './rule.ts';
import { cellNumber, columnIndex, type ScoreTable } from './table.ts';

/** What a table makes of an aggregate: the value and its standard error; undefined where the table has nothing. */
export type Lookup = (key: number | string) => { readonly value: number; readonly error?: number } | undefined;

/** Compiles the use of a table. @throws FhirError 422 where the table does not have what the rule wants of it. */
export function compileLookup(use: TableUse, table: ScoreTable): Lookup {
  if (use.kind === 'decrements') {
    const index = decrementIndex(table, use.table);
    return (key) => {
      const value = index(String(key));
      return value === undefined ? undefined : { value };
    };
  }
  const key = columnIndex(table, use.key, 0, use.table);
  const value = columnIndex(table, use.value, 1, use.table);
  const standardError = use.error === undefined ? undefined : columnIndex(table, use.error, 0, use.table);
  const rows = new Map<string, { value: number; error?: number }>();
  for (const row of table.rows) {
    const name = row[key] ?? '';
    if (rows.has(name)) throw new FhirError(422, [error('invalid', `Table ${use.table} has two rows for ${name}.`)]);
    rows.set(name, {
      value: cellNumber(row, value, use.table),
      ...(standardError === undefined ? {} : { error: cellNumber(row, standardError, use.table) }),
    });
  }
  return (wanted) => rows.get(String(wanted));
}
