import { error, FhirError } from '../../model/issue.ts';

/** A table of facts: the columns of a CSV by name. */
export interface ScoreTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads a table: comma-separated, the first line names the columns. A field may stand in quotes (RFC 4180).
 *
 * @throws FhirError 422 that names the line: a row with more or fewer fields, no rows, a column without or twice by name.
 */
export function parseTable(csv: string, name: string): ScoreTable {
  const [columns = [], ...rows] = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => (line === '' ? undefined : fields(line)))
    .filter((row) => row !== undefined);
  const refuse = (text: string): never => {
    throw new FhirError(422, [error('invalid', `Table ${name}: ${text}`)]);
  };
  if (columns.includes('') || new Set(columns).size < columns.length) refuse('every column needs a name of its own.');
  if (rows.length === 0) refuse('has no rows.');
  rows.forEach((row, index) => {
    if (row.length !== columns.length) {
      refuse(`row ${index + 1} has ${row.length} fields; ${columns.length} columns are named.`);
    }
  });
  return { columns, rows };
}

function fields(line: string): string[] {
  const found: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    found.push((quoted?.replaceAll('""', '"') ?? plain ?? '').trim());
  }
  return found;
}

/** The index of a column; without a name the one at `fallback`. @throws FhirError 422 where there is none. */
export function columnIndex(table: ScoreTable, column: string | undefined, fallback: number, name: string): number {
  const index = column === undefined ? fallback : table.columns.indexOf(column);
  if (index < 0 || index >= table.columns.length) {
    throw new FhirError(422, [error('invalid', `Table ${name} has no column ${column ?? fallback + 1}.`)]);
  }
  return index;
}

/** A cell as a number. @throws FhirError 422 */
export function cellNumber(row: readonly string[], column: number, name: string): number {
  const text = row[column] ?? '';
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) {
    throw new FhirError(422, [error('invalid', `Table ${name}: '${text}' in the row of ${row[0]} is no number.`)]);
  }
  return value;
}
