/** A fault of a rule file: where (RFC 6901 JSON pointer) and what. */
export interface RuleFault {
  readonly pointer: string;
  readonly text: string;
}

/**
 * Reads a value of unknown shape and collects every fault instead of stopping at the first. A read of something faulty
 * answers undefined or an empty list; what was read counts only if `faults` stays empty.
 */
export class JsonReader {
  readonly faults: RuleFault[];
  readonly pointer: string;
  readonly #value: unknown;

  constructor(value: unknown, pointer = '', faults: RuleFault[] = []) {
    this.#value = value;
    this.pointer = pointer;
    this.faults = faults;
  }

  get isThere(): boolean {
    return this.#value !== undefined;
  }

  fault(text: string): undefined {
    this.faults.push({ pointer: this.pointer, text });
    return undefined;
  }

  /** A member; members that were never declared are found by `only`. */
  at(name: string): JsonReader {
    const value = isObject(this.#value) && Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
    return new JsonReader(value, `${this.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, this.faults);
  }

  /** An object with no other members than these: a misspelt one is a fault, not silence. */
  only(...names: string[]): this {
    if (!isObject(this.#value)) {
      this.fault('must be an object.');
      return this;
    }
    for (const name of Object.keys(this.#value)) {
      if (!names.includes(name)) this.at(name).fault(`is not known here; known are ${names.join(', ')}.`);
    }
    return this;
  }

  text(): string {
    if (typeof this.#value === 'string' && this.#value.trim() !== '') return this.#value;
    this.fault('must be a text that is not empty.');
    return '';
  }

  number(): number {
    if (typeof this.#value === 'number' && Number.isFinite(this.#value)) return this.#value;
    this.fault('must be a number.');
    return 0;
  }

  whole(least: number, most: number): number {
    const value = this.number();
    if (!Number.isInteger(value) || value < least || value > most) {
      this.fault(`must be a whole number from ${least} to ${most}.`);
    }
    return value;
  }

  boolean(): boolean {
    if (typeof this.#value === 'boolean') return this.#value;
    this.fault('must be true or false.');
    return false;
  }

  oneOf<const T extends string>(...values: readonly [T, ...T[]]): T {
    const found = values.find((value) => value === this.#value);
    if (found === undefined) this.fault(`must be one of ${values.join(', ')}.`);
    return found ?? values[0];
  }

  list<T>(read: (element: JsonReader) => T): T[] {
    if (!Array.isArray(this.#value)) {
      this.fault('must be a list.');
      return [];
    }
    return this.#value.map((element: unknown, index) =>
      read(new JsonReader(element, `${this.pointer}/${index}`, this.faults)),
    );
  }

  record<T>(read: (member: JsonReader) => T): Record<string, T> {
    if (!isObject(this.#value)) {
      this.fault('must be an object.');
      return {};
    }
    return Object.fromEntries(Object.keys(this.#value).map((name) => [name, read(this.at(name))]));
  }

  /** What `read` gives, or the fallback where there is nothing. */
  maybe<T, U>(read: (there: JsonReader) => T, fallback: U): T | U {
    return this.isThere ? read(this) : fallback;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
