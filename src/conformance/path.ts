/**
 * The place in a resource where a walk is. Entering and leaving cost next to nothing; the FHIRPath expression
 * (`Patient.name[0].family`) is only put together when a fault is told.
 */
export class Path {
  readonly #names: string[];
  readonly #indexes: number[] = [-1];
  #depth = 0;

  constructor(root: string) {
    this.#names = [root];
  }

  /** How many elements lie above this one. */
  get depth(): number {
    return this.#depth;
  }

  /** The name of the element at a depth. */
  nameAt(depth: number): string {
    return this.#names[depth] ?? '';
  }

  /** @param index the place in a list, -1 where the element is not one */
  enter(name: string, index: number): void {
    this.#depth += 1;
    this.#names[this.#depth] = name;
    this.#indexes[this.#depth] = index;
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** The expression of this place, or of a member below it. */
  expression(member?: string): string {
    let text = this.#names[0] ?? '';
    for (let at = 1; at <= this.#depth; at++) {
      const index = this.#indexes[at] ?? -1;
      text += `.${this.#names[at]}${index < 0 ? '' : `[${index}]`}`;
    }
    return member === undefined ? text : `${text}.${member}`;
  }
}
