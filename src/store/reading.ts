import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';
import { type PredicateOptions, permitted } from '../access/predicate.ts';
import type { Act } from '../model/access.ts';
import type { Caller } from '../model/caller.ts';

/** One statement that reads resources for a caller: its parameters, and the predicates that are bound with them. */
export class Reading {
  readonly #values: unknown[];
  /** Placeholders of the arrays that predicates have bound: they stand at several places of a statement. */
  readonly #bound = new Map<unknown, string>();
  readonly #caller: Caller;

  /** @param values of the parameters $1, $2 … that the text names itself */
  constructor(caller: Caller, values: readonly unknown[]) {
    this.#caller = caller;
    this.#values = [...values];
  }

  /** A placeholder for a value. */
  readonly bind = (value: unknown, type: string): string => {
    const known = this.#bound.get(value);
    if (known?.endsWith(`::${type}`)) return known;
    const placeholder = `$${this.#values.push(value)}::${type}`;
    if (typeof value === 'object') this.#bound.set(value, placeholder);
    return placeholder;
  };

  /** The caller's predicate on rows: see permitted(). */
  permitted(act: Act, alias: string, options?: PredicateOptions): string {
    return permitted(this.#caller, act, alias, this.bind, options);
  }

  /**
   * The statement, prepared under a name of its own for each shape that the caller's predicate gives its text; a long one
   * is not worth keeping.
   */
  prepared(name: string, text: string): QueryConfig {
    const { access } = this.#caller;
    if (text.length > TEXT_MAX) {
      return this.unprepared(text);
    }
    return { name: `${name}_${typeof access === 'string' ? access : digest(text)}`, text, values: this.#values };
  }

  /** The statement, not prepared. */
  unprepared(text: string): QueryConfig {
    return { text, values: this.#values };
  }
}

const TEXT_MAX = 8000;
const digests = new Map<string, string>();
const DIGESTS_MAX = 2000;

function digest(text: string): string {
  let known = digests.get(text);
  if (known === undefined) {
    if (digests.size >= DIGESTS_MAX) {
      digests.clear();
    }
    known = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    digests.set(text, known);
  }
  return known;
}
