import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';
import { type PredicateOptions, permitted } from '../../../access/predicate.ts';
import { reachedRids, tiesInReach } from '../../../access/reached.ts';
import type { Act, Bind } from '../../../model/access.ts';
import type { Caller } from '../../../model/caller.ts';
import { hash64 } from '../../hash64.ts';

/** The parts of one SQL statement under way: what its text is made of depends on the query's shape only, never on values. */
export class Statement {
  readonly values: unknown[] = [];
  readonly caller: Caller;
  readonly seed: string;
  readonly #prepared: boolean;
  /** Placeholders of what the caller's predicate has bound: it stands at several places of a statement. */
  readonly #ofCaller = new Map<unknown, string>();
  #seedParameter: string | undefined;
  #aliases = 0;

  /** @param prepared false for a shape that hardly comes again: prepared statements stay as long as their connection */
  constructor(caller: Caller, seed: string, prepared = true) {
    this.caller = caller;
    this.seed = seed;
    this.#prepared = prepared;
  }

  /** A placeholder for a value. @param type its PostgreSQL type */
  value(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  readonly #bind: Bind = (value, type) => {
    const known = this.#ofCaller.get(value);
    if (known?.endsWith(`::${type}`)) return known;
    const placeholder = this.value(value, type);
    if (typeof value === 'object') this.#ofCaller.set(value, placeholder);
    return placeholder;
  };

  /** The caller's predicate on rows of `resource`: see permitted(). */
  permitted(act: Act, alias: string, options?: PredicateOptions): string {
    return permitted(this.caller, act, alias, this.#bind, options);
  }

  /** Whether what the caller may see is a part only of what is stored. */
  get limited(): boolean {
    return this.caller.access !== 'all';
  }

  /** Tells what the caller may find of some types: the same text for all who may find the same. */
  audience(types: readonly string[]): string {
    const values: unknown[] = [];
    const type = types.length === 1 ? types[0] : undefined;
    const bind: Bind = (value) => `$${values.push(value)}`;
    return JSON.stringify([permitted(this.caller, 'search', 'r', bind, { type }), values]);
  }

  /** SQL for the rids of all that the caller may find, where that has bounds: see reachedRids(). */
  reached(types: readonly string[]): string | undefined {
    return reachedRids(this.caller, 'search', types, this.#bind);
  }

  /** SQL for the ties by which the caller may find resources: see tiesInReach(). */
  ties(types: readonly string[]): string | undefined {
    return tiesInReach(this.caller, 'search', types, this.#bind);
  }

  /** A placeholder for the hash of a key. */
  hash(key: string): string {
    return this.value(hash64(key, this.seed), 'int8');
  }

  /** A placeholder for the hashes of keys. */
  hashes(keys: readonly string[]): string {
    return this.value(
      keys.map((key) => hash64(key, this.seed)),
      'int8[]',
    );
  }

  /** The hash of a key that ends in the id of a resource, computed by the database. @param id SQL */
  hashWithId(keyStart: string, id: string): string {
    this.#seedParameter ??= this.value(this.seed, 'int8');
    return `hashtextextended(${this.value(keyStart, 'text')} || ${id}, ${this.#seedParameter})`;
  }

  /** A table alias that the statement does not have yet. */
  alias(): string {
    this.#aliases += 1;
    return `a${this.#aliases}`;
  }

  /** The statement, prepared under a name that stands for its text; a long text is not worth keeping. */
  config(text: string): QueryConfig {
    return !this.#prepared || text.length > 8000
      ? { text, values: this.values }
      : { name: nameOf(text), text, values: this.values };
  }
}

const names = new Map<string, string>();
const NAMES_MAX = 2000;

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    if (names.size >= NAMES_MAX) {
      names.clear();
    }
    name = `search_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    names.set(text, name);
  }
  return name;
}
