import type { Bind } from '../../../model/access.ts';
import { Statement } from './statement.ts';

/**
 * A condition on one row as a part of another statement, whose parameters it shares. It knows of no other resources: as
 * nobody's statement it would see none.
 */
export class OwnPart extends Statement {
  readonly #bind: Bind;
  readonly #resource: string;
  #aliases = 0;

  /** @param resource the alias of the row in the other statement; aliases of its own begin with it */
  constructor(seed: string, resource: string, bind: Bind) {
    super({ name: 'nobody', kind: 'client', access: 'none' }, seed);
    this.#bind = bind;
    this.#resource = resource;
  }

  override value(value: unknown, type: string): string {
    return this.#bind(value, type);
  }

  override alias(): string {
    this.#aliases += 1;
    return `${this.#resource}_${this.#aliases}`;
  }
}
