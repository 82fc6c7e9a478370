import type { FormItem } from '../form.ts';
import type { FormExpression } from './expression.ts';

/** A name that expressions can use, with what it stands for and where that is evaluated. */
export interface Declared {
  readonly expression: FormExpression;
  /** The item that declares it; undefined for the form itself. */
  readonly item: FormItem | undefined;
}

/**
 * The names that are known at one place of a form: those declared there so far, then those of what it stands in. An
 * inner name hides an outer one (SDC, "Using expressions", variables).
 */
export class Names {
  readonly #outer: Names | undefined;
  readonly #own = new Map<string, Declared>();

  constructor(outer?: Names) {
    this.#outer = outer;
  }

  find(name: string): Declared | undefined {
    return this.#own.get(name) ?? this.#outer?.find(name);
  }

  /** False if the name is declared here already, as something else. */
  declare(name: string, declared: Declared): boolean {
    const before = this.#own.get(name)?.expression;
    const { expression } = declared;
    if (before !== undefined) {
      return before.text === expression.text && before.language === expression.language;
    }
    this.#own.set(name, declared);
    return true;
  }
}
