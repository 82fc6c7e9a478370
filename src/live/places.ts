/** How many connections each may have at the same time. */
export class Places {
  readonly #max: number;
  readonly #taken = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** @returns gives the place back, once however often it is called; undefined where none is left */
  take(whose: string): (() => void) | undefined {
    const taken = this.#taken.get(whose) ?? 0;
    if (taken >= this.#max) return undefined;
    this.#taken.set(whose, taken + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (this.#taken.get(whose) ?? 1) - 1;
      // whoever has none is not remembered: addresses are many
      if (left === 0) this.#taken.delete(whose);
      else this.#taken.set(whose, left);
    };
  }
}
