import type { ValueSetCodes } from '../model/r4/value-set.ts';

/** Codes by code system, each once, in the order in which they were met. */
export type Codes = ReadonlyMap<string, ReadonlySet<string>>;

export function codesFrom(listed: ValueSetCodes): Codes {
  return union(listed.map(([system, codes]) => new Map([[system, new Set(codes)]])));
}

export function listOf(codes: Codes): ValueSetCodes {
  return [...codes].map(([system, listed]) => [system, [...listed]] as const);
}

export function sizeOf(codes: Codes): number {
  return [...codes.values()].reduce((sum, { size }) => sum + size, 0);
}

export function union(parts: readonly Codes[]): Codes {
  const all = new Map<string, Set<string>>();
  for (const part of parts) {
    for (const [system, codes] of part) {
      const into = all.get(system) ?? new Set();
      all.set(system, into);
      for (const code of codes) {
        into.add(code);
      }
    }
  }
  return all;
}

export function intersection(a: Codes, b: Codes): Codes {
  return filtered(a, (system, code) => b.get(system)?.has(code) === true);
}

export function difference(a: Codes, b: Codes): Codes {
  return filtered(a, (system, code) => b.get(system)?.has(code) !== true);
}

function filtered(codes: Codes, keep: (system: string, code: string) => boolean): Codes {
  return new Map([...codes].map(([system, set]) => [system, new Set([...set].filter((code) => keep(system, code)))]));
}
