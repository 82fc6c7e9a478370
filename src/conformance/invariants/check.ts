import type { Walk } from '../walk.ts';
import type { CompiledInvariant } from './compiled.ts';

/** Each invariant that does not hold for a value is a fault at the place where the walk is. */
export function checkInvariants(value: unknown, invariants: readonly CompiledInvariant[], walk: Walk): void {
  const surroundings = { resource: walk.resource, rootResource: walk.container.resource };
  for (const { key, human, holds } of invariants) {
    let held: boolean | undefined;
    try {
      held = holds(value, surroundings);
    } catch {
      walk.warning('processing', `The rule ${key} could not be evaluated here.`);
    }
    if (held === false) {
      walk.fault('invariant', `${human.replace(/\.?$/, '')} (${key}).`);
    }
  }
}
