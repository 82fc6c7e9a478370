import type { IndexRows, RangeRow, StringRow } from '../../model/index-rows.ts';
import { clip, fold } from '../fold.ts';
import { keyOf, resourceForm, UNCOVERED, URI_TEXT_FORM } from '../keys.ts';
import type { Emit } from './emit.ts';

/** Gathers the rows of one resource, each once. */
export class Rows implements Emit {
  /** First line of the keys that follow: paramName() of the parameter at work. */
  name = '';
  /** Whether the parameter at work is R4's own: the others come and go, and references must be kept all the same. */
  lasting = true;
  readonly present: number[] = [];
  date: number | undefined;
  readonly #tokens = new Set<string>();
  readonly #ranges: RangeRow[] = [];
  readonly #strings: StringRow[] = [];
  #knownStrings: Set<string> | undefined;
  readonly #covered = new Set<string>();

  form(form: string): void {
    this.#tokens.add(keyOf(this.name, form));
  }

  alone(form: string): void {
    this.#tokens.add(keyOf(this.name, form));
  }

  reference(type: string, id: string): void {
    const form = resourceForm(type, id);
    if (this.lasting) {
      this.#covered.add(form);
    }
    this.#tokens.add(keyOf(this.name, form));
  }

  /** A reference somewhere in the resource: kept apart, unless a parameter of R4 has it. Call when all parameters are done. */
  uncovered(type: string, id: string): void {
    const form = resourceForm(type, id);
    if (!this.#covered.has(form)) {
      this.#tokens.add(keyOf(UNCOVERED, form));
    }
  }

  range(form: string, lo: number, hi: number): void {
    const key = keyOf(this.name, form);
    // Backwards over what the same parameter put: few, and a long list is not worth a set of its own.
    for (let i = this.#ranges.length - 1, looked = 0; i >= 0 && looked < 16; i--, looked++) {
      const row = this.#ranges[i];
      if (row !== undefined && row.lo === lo && row.hi === hi && row.key === key) {
        return;
      }
    }
    this.#ranges.push({ key, lo, hi });
  }

  text(form: string, text: string): void {
    const value = fold(text);
    if (value !== '') {
      this.#string({ key: keyOf(this.name, form), value, exact: text });
    }
  }

  uriText(uri: string): void {
    this.#string({ key: keyOf(this.name, URI_TEXT_FORM), value: clip(uri), exact: uri });
  }

  #string(row: StringRow): void {
    this.#knownStrings ??= new Set();
    const known = `${row.key}\n${row.exact}`;
    if (!this.#knownStrings.has(known)) {
      this.#knownStrings.add(known);
      this.#strings.push(row);
    }
  }

  /** How many rows there are. */
  get size(): number {
    return this.#tokens.size + this.#ranges.length + this.#strings.length;
  }

  done(): IndexRows {
    return {
      tokens: [...this.#tokens],
      ranges: this.#ranges,
      strings: this.#strings,
      present: this.present,
      date: this.date,
    };
  }
}
