import type { Collection } from './collection.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What an expression may ask for besides its focus. Plain JSON values. */
export interface Env {
  /** %resource: the resource that holds the focus; a contained one, if the focus is in it. */
  readonly resource: unknown;
  /** %rootResource: the container of %resource, or the same. */
  readonly rootResource: unknown;
  /** %context: what the expression was started on. */
  readonly context: unknown;
  /** What now() tells; without it, the system's clock. */
  readonly now?: Date;
  /** What today() tells, where the day is not UTC's. */
  readonly today?: string;
  /** How many items may still be looked at one by one; counted down. For expressions that nobody has reviewed. */
  readonly budget?: { left: number };
}

/** A compiled expression: from its focus ($this) to a collection. */
export type Run = (self: unknown, env: Env) => Collection;

export interface Expr {
  /** Type of every item; ANY if they are TypedNodes; NOTHING if there never is one. */
  readonly type: string;
  readonly run: Run;
  /** Of a primitive: the objects that hold its id and extensions (`_birthDate`). */
  readonly elements?: Run;
  /** Items of resolve(): they have a type and nothing else. */
  readonly unresolved?: true;
}

/** A value that changes from item to item while a function walks over them. */
export interface Cell {
  readonly type: string;
  value: unknown;
}

/** What the expression is about when it is compiled. */
export interface Scope {
  /** Type of $this. */
  readonly type: string;
  /** Type of what the whole expression is started on. */
  readonly contextType: string;
  /** The expression is part of R4 itself: its regular expressions are known to be harmless. */
  readonly trusted: boolean;
  /** Names and functions of the host. */
  readonly vocabulary?: Vocabulary;
  /** $total, inside the argument of aggregate(). */
  readonly total?: Cell;
  /** $index, inside an argument that is evaluated for each item. */
  readonly index?: Cell;
}

/** Type of an expression that always yields the empty collection. */
export const NOTHING = '';

export const nothing: Expr = { type: NOTHING, run: () => undefined };

/** This engine does not know the construct: the fhirpath package has to. */
export class UnsupportedExpression extends Error {
  constructor(construct: string) {
    super(`${construct} is not compiled here`);
    this.name = 'UnsupportedExpression';
  }
}

/** The expression demands one item and meets several, or the like. */
export class FhirPathError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'FhirPathError';
  }
}

/**
 * Counts items that were looked at.
 * @throws FhirPathError if they are more than the expression may look at
 */
export function spend({ budget }: Env, steps: number): void {
  if (budget === undefined) {
    return;
  }
  budget.left -= steps;
  if (budget.left < 0) {
    throw new FhirPathError('the expression takes more work than is permitted');
  }
}
