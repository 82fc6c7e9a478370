import type { FormFault, ItemKey } from '../contract.ts';
import type { KnownFault } from './confirmed.ts';
import { ROOT } from './item-key.ts';

/** Which faults are to be told now: of places that were left or checked, and what a server did not take. */
export class ToldFaults {
  /** Places whose faults are told; ROOT: all of the form. */
  readonly #places = new Set<ItemKey>();
  #refused: readonly FormFault[] = [];

  isTold(key: ItemKey): boolean {
    return this.#places.has(key) || this.#places.has(ROOT);
  }

  /** @returns whether more is told now than before */
  tell(keys: readonly ItemKey[]): boolean {
    if (keys.every((key) => this.isTold(key))) return false;
    for (const key of keys) this.#places.add(key);
    return true;
  }

  /** @returns whether other faults are told now than before */
  refuse(faults: readonly FormFault[]): boolean {
    if (faults.length === 0 && this.#refused.length === 0) return false;
    this.#refused = faults;
    return true;
  }

  /** What a server said of an answer is not said of the next. */
  answered(key: ItemKey): void {
    this.#refused = this.#refused.filter((fault) => fault.key !== key);
  }

  /** @param find all faults of the form as it stands: asked only where some may have to be told */
  among(find: () => readonly KnownFault[]): readonly FormFault[] {
    const found = this.#places.size === 0 ? [] : find().filter(({ key }) => this.isTold(key));
    // where the form itself finds the same fault, it is told once
    const others = this.#refused.filter(({ key, rule }) => !found.some((one) => one.key === key && one.rule === rule));
    return [...found, ...others];
  }
}
