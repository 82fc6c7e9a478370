import type { Invariant, StructureElement } from '../../model/r4/structure.ts';
import { structures } from '../../model/r4/structures.ts';
import type { JsonObject } from '../json.ts';
import { checkedElsewhere, excluded } from './excluded.ts';
import { compileExpression } from './expression.ts';
import { handwritten } from './handwritten.ts';

/** What %resource and %rootResource stand for. */
export interface Surroundings {
  readonly resource: JsonObject;
  /** The resource that `resource` is contained in; itself, if in none. */
  readonly rootResource: JsonObject;
}

/**
 * Whether an invariant holds for a value. Undefined: the expression gives nothing for it, as a comparison of dates of
 * different precision does; that is no fault.
 */
export type Holds = (value: unknown, surroundings: Surroundings) => boolean | undefined;

export interface CompiledInvariant {
  readonly key: string;
  readonly human: string;
  readonly holds: Holds;
}

/** The invariants that are checked on every object of a type, inherited ones included. */
export function invariantsOfType(name: string): readonly CompiledInvariant[] {
  const structure = structures().get(name);
  if (structure === undefined) {
    return [];
  }
  const inherited = structure.base === undefined ? [] : invariantsOfType(structure.base);
  return [...inherited, ...compiled(structure.invariants, name)];
}

/** The invariants that are checked on an element beside those of its type. */
export function invariantsOfElement(element: StructureElement, type: string): readonly CompiledInvariant[] {
  return compiled(element.invariants, type);
}

function compiled(invariants: readonly Invariant[] | undefined, type: string): CompiledInvariant[] {
  return (invariants ?? [])
    .filter(({ key }) => !checkedElsewhere.has(key) && !excluded.has(key))
    .map(({ key, human, expression }) => ({
      key,
      human,
      holds: handwritten.get(expression) ?? lazily(expression, type),
    }));
}

/** Compiled when first needed: a server meets a few of R4's types, and each compilation takes time. */
function lazily(expression: string, type: string): Holds {
  let holds: Holds | undefined;
  return (value, surroundings) => {
    holds ??= compileExpression(expression, type, true);
    return holds(value, surroundings);
  };
}
