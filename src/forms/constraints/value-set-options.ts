import type { Coding } from '@medplum/fhirtypes';
import type { FormData } from '../expressions/data.ts';
import type { FormOptions } from '../form.ts';
import { optionsOfCodings } from '../options.ts';

/** What was made of an expansion: the same array is asked for with every response. */
const made = new WeakMap<readonly Coding[], FormOptions>();

/** The options of value sets that the form does not list itself. */
export class ValueSetOptions {
  readonly #data: FormData;

  constructor(data: FormData) {
    this.#data = data;
  }

  /** `unknown` where the value set is not to be had; undefined where the caller has none at all and so checks none. */
  of(canonical: string): FormOptions | 'unknown' | undefined {
    if (this.#data.valueSets === undefined) {
      return undefined;
    }
    const codings = this.#data.valueSets(canonical);
    if (codings === undefined) {
      return 'unknown';
    }
    let options = made.get(codings);
    if (options === undefined) {
      options = optionsOfCodings(codings);
      made.set(codings, options);
    }
    return options;
  }
}
