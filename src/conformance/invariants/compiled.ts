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
    .map((invariant) => compileInvariant(invariant, type, true));
}

/**
 * An invariant ready to be checked on values of a type. It is compiled when first needed: a server meets a few of R4's
 * types, and each compilation takes time.
 *
 * @param trusted whether it is R4's own
 */
export function compileInvariant(invariant: Invariant, type: string, trusted: boolean): CompiledInvariant {
  let holds = handwritten.get(invariant.expression);
  return {
    key: invariant.key,
    human: invariant.human,
    holds: (value, surroundings) => {
      holds ??= compileExpression(invariant.expression, type, trusted);
      return holds(value, surroundings);
    },
  };
}
