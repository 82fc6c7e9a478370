import { identifierCheckers } from './identifier-systems/checkers.ts';
import type { JsonObject } from './json.ts';
import type { Walk } from './walk.ts';

/** The value of an Identifier against the rules of its system, where they are known. */
export function checkIdentifier(identifier: JsonObject, walk: Walk): void {
  const { system, value } = identifier;
  if (typeof system === 'string' && typeof value === 'string') {
    const fault = identifierCheckers.get(system)?.(value);
    if (fault !== undefined) {
      walk.fault('value', fault, 'value');
    }
  }
}
