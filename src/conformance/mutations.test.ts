import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { validateResource } from './validate-resource.ts';

const folder = fileURLToPath(new URL('../../node_modules/hl7.fhir.r4.examples/', import.meta.url));

/** Numbers that look random and are the same in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const damages: readonly ((parent: Record<string, unknown>, name: string) => void)[] = [
  (parent, name) => Reflect.deleteProperty(parent, name),
  (parent, name) => Object.assign(parent, { [name]: null }),
  (parent, name) => Object.assign(parent, { [name]: [] }),
  (parent, name) => Object.assign(parent, { [name]: {} }),
  (parent, name) => Object.assign(parent, { [name]: [parent[name]] }),
  (parent, name) => Object.assign(parent, { [name]: [null, parent[name]] }),
  (parent, name) => Object.assign(parent, { [name]: 'SECRET' }),
  (parent, name) => Object.assign(parent, { [name]: -1.5 }),
  (parent, name) => Object.assign(parent, { [name]: '' }),
  (parent, name) => Object.assign(parent, { [`${name}x`]: parent[name] }),
  (parent, name) => Object.assign(parent, { [`_${name}`]: { id: 'a' } }),
  (parent, name) => Object.assign(parent, { [`_${name}`]: [null] }),
];

/** Every object in a value, itself included. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) {
    return value.flatMap(objectsIn);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return [Object.assign(value), ...Object.values(value).flatMap(objectsIn)];
}

describe('damaged examples', () => {
  test('are told in words: the JSON schema never refuses what the walk lets through', () => {
    const random = numbers(20260302);
    const names = readdirSync(folder).filter(
      (file) => /^[A-Z].*-.*\.json$/.test(file) && statSync(folder + file).size < 20_000,
    );
    const unexplained: string[] = [];
    let refused = 0;
    for (let round = 0; round < 4000; round++) {
      const file = names[random(names.length)] ?? '';
      const resource: unknown = JSON.parse(readFileSync(folder + file, 'utf8'));
      const objects = objectsIn(resource);
      const target = objects[random(objects.length)] ?? {};
      const members = Object.keys(target);
      const member = members[random(members.length)] ?? '';
      const kind = random(damages.length);
      damages[kind]?.(target, member);
      const issues = validateResource(resource);
      refused += issues.length > 0 ? 1 : 0;
      if (JSON.stringify(issues).includes('JSON schema') || JSON.stringify(issues).includes('SECRET')) {
        unexplained.push(`${file} ${member} ${kind} ${JSON.stringify(issues)}`);
      }
    }
    expect(unexplained).toEqual([]);
    expect(refused).toBeGreaterThan(2000);
  }, 60_000);
});
