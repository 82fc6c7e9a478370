/** Reads an object of a configuration field by field; what nobody asks for is a fault. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #where: string;
  readonly #asked = new Set<string>();

  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error(`${where} must be an object`);
    this.#object = value as Readonly<Record<string, unknown>>;
    this.#where = where;
  }

  /** The value is not repeated. */
  fault(name: string, text: string): Error {
    return new Error(`${this.#where}.${name} ${text}`);
  }

  text(name: string, pattern = /^.{1,500}$/s): string {
    const value = this.#get(name);
    if (typeof value !== 'string' || !pattern.test(value)) throw this.fault(name, `must be a text like ${pattern}`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.#get(name) === undefined ? undefined : this.text(name);
  }

  /** A whole number within limits, both included. */
  integer(name: string, min: number, max: number): number {
    const value = this.#get(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw this.fault(name, `must be a whole number from ${min} to ${max}`);
    }
    return value;
  }

  yes(name: string, initial: boolean): boolean {
    const value = this.#get(name) ?? initial;
    if (typeof value !== 'boolean') throw this.fault(name, 'must be true or false');
    return value;
  }

  list(name: string, initial?: readonly string[]): readonly string[] {
    return textList(this.#get(name) ?? initial) ?? this.#refuse(name, 'must be a list of texts');
  }

  texts(name: string): Readonly<Record<string, string>> {
    const entries = this.#entries(name);
    if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
      throw this.fault(name, 'must be an object of texts');
    }
    return Object.fromEntries(entries);
  }

  lists(name: string): Readonly<Record<string, readonly string[]>> {
    const read = this.#entries(name).map(([key, value]): [string, readonly string[]] => {
      const texts = textList(value);
      // an empty list would let nobody in, and is surely a mistake
      if (texts === undefined || texts.length === 0) throw this.fault(name, 'must be an object of lists of texts');
      return [key, texts];
    });
    return Object.fromEntries(read);
  }

  each(name: string, initial?: readonly unknown[]): Fields[] {
    const value = this.#get(name) ?? initial;
    if (!Array.isArray(value)) throw this.fault(name, 'must be a list');
    return value.map((one: unknown, index) => new Fields(one, `${this.#where}.${name}[${index}]`));
  }

  /** An object of its own; undefined where there is none. */
  part(name: string): Fields | undefined {
    const value = this.#get(name);
    return value === undefined ? undefined : new Fields(value, `${this.#where}.${name}`);
  }

  /** @throws Error always: for what must be given */
  missing(name: string): never {
    throw this.fault(name, 'must be given');
  }

  objects(name: string): readonly Readonly<Record<string, unknown>>[] | undefined {
    return this.#get(name) === undefined ? undefined : this.each(name).map((fields) => fields.#object);
  }

  nothingElse(): void {
    const unknown = Object.keys(this.#object).find((name) => !this.#asked.has(name));
    if (unknown !== undefined) throw this.fault(unknown, 'is not known');
  }

  #get(name: string): unknown {
    this.#asked.add(name);
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  #entries(name: string): [string, unknown][] {
    const value = this.#get(name);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.fault(name, 'must be an object');
    return Object.entries(value);
  }

  #refuse(name: string, text: string): never {
    throw this.fault(name, text);
  }
}

function textList(value: unknown): readonly string[] | undefined {
  const texts = Array.isArray(value) ? value : undefined;
  return texts?.every((one): one is string => typeof one === 'string' && one !== '') ? texts : undefined;
}
