import type { KnownFault } from './confirmed.ts';

let finder: typeof import('./faults.ts') | undefined;

/**
 * Takes the place of faults.ts in a browser (package.json, imports): the rules of answers and their texts in three languages
 * are a third of the engine, and nothing is told before a first question is left. A session fetches them when it is opened.
 */
export async function loadFaults(): Promise<void> {
  finder ??= await import('./faults.ts');
}

/** Whether the rules of answers are here already. */
export function canFindFaults(): boolean {
  return finder !== undefined;
}

/** As faults.ts; none before they are loaded: then the server tells. */
export function faultsOf(...given: Parameters<typeof import('./faults.ts').faultsOf>): readonly KnownFault[] {
  return finder?.faultsOf(...given) ?? [];
}
