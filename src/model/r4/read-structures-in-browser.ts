import { typesText } from './r4-types.generated.js';
import type { Structure } from './structure.ts';

const KINDS: Readonly<Record<string, Structure['kind']>> = {
  p: 'primitive',
  c: 'complex',
  b: 'backbone',
  r: 'resource',
};

/**
 * Takes the place of read-structures.ts in a browser (package.json, imports): the types and their elements, as FHIRPath needs
 * them, in a quarter of the size. How often an element occurs, its codes and its invariants are not told: nothing is
 * validated against R4 there but forms.
 */
export function readStructures(): readonly Structure[] {
  const all: { name: string; kind: Structure['kind']; base?: string; elements: Structure['elements'][number][] }[] = [];
  for (const line of typesText.split('\n')) {
    const [name = '', ...rest] = line.trim().split(' ');
    if (line.startsWith(' ')) {
      const choice = name.endsWith('*');
      const types = rest.map((type) => ({ type }));
      all.at(-1)?.elements.push({ name: choice ? name.slice(0, -1) : name, min: 0, types, ...(choice && { choice }) });
    } else {
      const [kind = '', base] = rest;
      all.push({ name, kind: KINDS[kind] ?? 'complex', ...(base !== undefined && { base }), elements: [] });
    }
  }
  return all;
}
