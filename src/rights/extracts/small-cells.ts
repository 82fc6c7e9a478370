/** What makes a person known who is one of few: the declared quasi-identifiers. */
export interface Cell {
  /** By which rows of one patient are told from those of another. */
  readonly patient: string;
  readonly hospital: string;
  readonly sex: string;
  readonly ageGroup: string;
}

/** Stands for any value. */
export const ANY = '*';

/** What is given more coarsely, one after the other. */
const COARSER = ['hospital', 'ageGroup', 'sex'] as const;

export interface WithoutSmallCells<R extends Cell> {
  readonly rows: readonly R[];
  /** Rows of which something is given more coarsely. */
  readonly generalised: number;
  /** Rows that are left out. */
  readonly suppressed: number;
}

/**
 * k-anonymity (Samarati and Sweeney 1998): of every combination of sex, age group and hospital there are at least k
 * patients. Rows of a smaller one lose the hospital, then the age group, then the sex; what is then still too few is left
 * out.
 */
export function withoutSmallCells<R extends Cell>(all: readonly R[], k: number): WithoutSmallCells<R> {
  let rows = all.map((row) => ({ row, coarse: false }));
  for (const element of COARSER) {
    const small = smallCells(
      rows.map(({ row }) => row),
      k,
    );
    rows = rows.map((each) =>
      small.has(keyOf(each.row)) ? { row: { ...each.row, [element]: ANY }, coarse: true } : each,
    );
  }
  const small = smallCells(
    rows.map(({ row }) => row),
    k,
  );
  const kept = rows.filter(({ row }) => !small.has(keyOf(row)));
  return {
    rows: kept.map(({ row }) => row),
    generalised: kept.filter(({ coarse }) => coarse).length,
    suppressed: rows.length - kept.length,
  };
}

function smallCells(rows: readonly Cell[], k: number): ReadonlySet<string> {
  const patients = new Map<string, Set<string>>();
  for (const row of rows) {
    const key = keyOf(row);
    const cell = patients.get(key) ?? new Set();
    patients.set(key, cell.add(row.patient));
  }
  return new Set([...patients].flatMap(([key, cell]) => (cell.size < k ? [key] : [])));
}

function keyOf({ hospital, sex, ageGroup }: Cell): string {
  return JSON.stringify([hospital, sex, ageGroup]);
}
