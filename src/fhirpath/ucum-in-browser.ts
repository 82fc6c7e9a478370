import type { BaseUnits } from './ucum-library.ts';

let library: typeof import('./ucum-library.ts') | undefined;

/**
 * Takes the place of ucum-library.ts in a browser (package.json, imports): the units of the world are 250 kB, and are fetched
 * for the few forms that ask for quantities.
 */
export async function loadUnits(): Promise<void> {
  library ??= await import('./ucum-library.ts');
}

/** As ucum-library.ts; undefined before `loadUnits`: then only quantities in the same unit can be compared. */
export function toBaseUnits(code: string, value: number): BaseUnits | undefined {
  return library?.toBaseUnits(code, value);
}
