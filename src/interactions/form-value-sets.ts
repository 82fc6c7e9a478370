import type { Coding, Extension, ValueSet } from '@medplum/fhirtypes';
import type { Form } from '../forms/form.ts';
import { containedValueSet } from '../forms/options.ts';
import type { Clock } from '../model/clock.ts';
import { FhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { sizeOf } from '../terminology/codes.ts';
import { Expansion } from '../terminology/expansion.ts';
import type { TerminologyFinder } from '../terminology/finder.ts';

type Codings = readonly Coding[] | undefined;

interface Entry {
  readonly codings: Codings;
  readonly at: number;
}

/** What an expansion tells is looked up again after this time, as definitions are (Canonicals). */
const FRESH_MS = 2000;
const ENTRIES_MAX = 500;
/** The most codes of a value set that answers are checked by: they are kept in memory. */
const CODES_MAX = 20_000;

/** The codings of value sets that forms name and do not list themselves: what FormData.valueSets gives. */
export class FormValueSets {
  readonly #terminology: (db: Queryable) => TerminologyFinder;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  /** @param clock real time, by which what is remembered ages */
  constructor(terminology: (db: Queryable) => TerminologyFinder, clock: Clock) {
    this.#terminology = terminology;
    this.#clock = clock;
  }

  /** Fetches value sets that a form names; those that are not known or can not be listed are undefined. */
  async of(db: Queryable, form: Form, canonicals: Iterable<string>): Promise<ReadonlyMap<string, Codings>> {
    const found = new Map<string, Codings>();
    for (const canonical of canonicals) {
      found.set(canonical, await this.#codings(db, form, canonical));
    }
    return found;
  }

  async #codings(db: Queryable, form: Form, canonical: string): Promise<Codings> {
    const contained = containedValueSet(form.source, canonical);
    const key = contained === undefined ? canonical : `${form.url ?? ''}|${form.version ?? ''}${canonical}`;
    const now = this.#clock.now().getTime();
    const known = this.#entries.get(key);
    if (known !== undefined && now - known.at < FRESH_MS) {
      return known.codings;
    }
    const codings = await codingsIn(this.#terminology(db), contained ?? canonical);
    if (this.#entries.size >= ENTRIES_MAX) {
      this.#entries.clear();
    }
    // The same list stays the same object: what was made of it is found by it.
    const same = known?.codings !== undefined && JSON.stringify(known.codings) === JSON.stringify(codings);
    this.#entries.set(key, { codings: same ? known.codings : codings, at: now });
    return same ? known.codings : codings;
  }
}

/**
 * The codings of a value set, each with the extensions (weights) that it or the code system gives it; undefined where it
 * is not known, can't be listed or is too large.
 */
export async function codingsIn(
  finder: TerminologyFinder,
  asked: ValueSet | string,
): Promise<readonly Coding[] | undefined> {
  try {
    const expansion = new Expansion(typeof asked === 'string' ? asked : (asked.url ?? 'in the form'), finder);
    const codes = await (typeof asked === 'string' ? expansion.codes(asked) : expansion.codesOf(asked));
    if (sizeOf(codes) > CODES_MAX) {
      return undefined;
    }
    const definition = typeof asked === 'string' ? await finder.valueSet(asked) : asked;
    const own = extensionsIn(definition);
    const codings: Coding[] = [];
    for (const [system, listed] of codes) {
      const concepts = (await expansion.usedSystem(system))?.hierarchy.concepts;
      for (const code of listed) {
        const extension = own.get(`${system}|${code}`) ?? concepts?.get(code)?.extension;
        codings.push({ system, code, ...(extension === undefined ? {} : { extension }) });
      }
    }
    return codings;
  } catch (failure) {
    if (failure instanceof FhirError) {
      return undefined;
    }
    throw failure;
  }
}

function extensionsIn(valueSet: ValueSet | undefined): ReadonlyMap<string, Extension[]> {
  const found = new Map<string, Extension[]>();
  for (const { system, concept } of valueSet?.compose?.include ?? []) {
    for (const { code, extension } of concept ?? []) {
      if (extension !== undefined) found.set(`${system ?? ''}|${code}`, extension);
    }
  }
  return found;
}
