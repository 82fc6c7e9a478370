import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { type Collection, items, mapItems, plain, TypedNode } from '../../fhirpath/collection.ts';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { typedResource } from '../../fhirpath/navigation.ts';
import type { Form } from '../form.ts';
import type { Place } from '../place.ts';
import type { FormData } from './data.ts';
import { FormEnv, type Given } from './form-env.ts';
import type { Declared } from './names.ts';
import type { PathProgram, Program, QueryProgram } from './program.ts';
import { type Reach, ResponseIndex } from './response-index.ts';
import type { Weights } from './weights.ts';

/** Steps that one expression may take; a scoring rule takes some dozens. */
const STEPS_MAX = 200_000;
/** Steps that all expressions may take on one response, some seconds: groups that repeat evaluate theirs as often. */
export const STEPS_IN_ALL = 5_000_000;

/**
 * A response as expressions see it: without what is disabled, with what is calculated. It does not change, so what is found
 * out once (index, variables) holds.
 */
export class Snapshot {
  readonly form: Form;
  readonly response: QuestionnaireResponse;
  readonly data: FormData;
  readonly weights: Weights;
  /** How many steps are left to all expressions together. */
  readonly #work: { left: number };
  /** Where an occurrence is another object here than in the response as given. */
  readonly #changed: ReadonlyMap<unknown, unknown>;
  readonly #variables = new Map<Place, Map<Declared, Collection>>();
  #index: ResponseIndex | undefined;
  #today: string | undefined;

  constructor(
    form: Form,
    response: QuestionnaireResponse,
    data: FormData,
    weights: Weights,
    changed: ReadonlyMap<unknown, unknown>,
    work: { left: number },
  ) {
    this.#work = work;
    this.form = form;
    this.response = response;
    this.data = data;
    this.weights = weights;
    this.#changed = changed;
  }

  /** The day in the zone of those who answer: `2026-03-29`. */
  get today(): string {
    const { now, timeZone = 'UTC' } = this.data;
    // The Swedish way of writing dates is that of ISO 8601.
    this.#today ??= new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
    return this.#today;
  }

  /** What stands at a place. */
  nodeOf({ node }: Place): unknown {
    return this.#changed.size === 0 ? node : (this.#changed.get(node) ?? node);
  }

  /** The index of the response; undefined where a walk would also find what the index does not have. */
  index(reach: Reach): ResponseIndex | undefined {
    return reach === 'all' && this.response.contained !== undefined ? undefined : this.owners;
  }

  get owners(): ResponseIndex {
    this.#index ??= new ResponseIndex(this.form.items, this.response);
    return this.#index;
  }

  /**
   * The value of an expression at a place. Of a query, what was fetched for it.
   *
   * @throws FhirPathError and others: what an expression can fail by
   */
  run(program: Program, place: Place, given?: Given): Collection {
    const most = Math.min(STEPS_MAX, this.#work.left);
    const env = new FormEnv(this, place, given, { left: most });
    try {
      return this.#evaluate(program, env);
    } finally {
      this.#work.left -= most - env.budget.left;
    }
  }

  /** As run, each value with its type. */
  values(program: Program, place: Place, given?: Given): readonly TypedValue[] {
    const type = program.kind === 'path' ? program.expr.type : '';
    return items(this.run(program, place, given)).flatMap((item) => {
      const value = plain(item);
      return value === undefined ? [] : [{ type: item instanceof TypedNode ? item.type : type, value }];
    });
  }

  /** The value of a declared name as seen from a place in it. */
  variable(declared: Declared, from: FormEnv): Collection {
    const { name, program } = declared.expression;
    const given = name === undefined ? undefined : from.given?.get(name);
    if (given !== undefined) {
      const nodes = given.map(({ type, value }) => new TypedNode(type, value));
      return nodes.length > 1 ? nodes : nodes[0];
    }
    let place = from.place;
    while (place.item !== declared.item && place.outer !== undefined) {
      place = place.outer;
    }
    if (program === undefined) {
      throw new TypeError(`%${name ?? ''} is in a language that is not evaluated here`);
    }
    if (from.given !== undefined) {
      return this.#evaluate(program, new FormEnv(this, place, from.given, from.budget));
    }
    let known = this.#variables.get(place);
    if (known === undefined) {
      known = new Map();
      this.#variables.set(place, known);
    }
    if (!known.has(declared)) {
      known.set(declared, this.#evaluate(program, new FormEnv(this, place, undefined, from.budget)));
    }
    return known.get(declared);
  }

  /** The text of a query with its placeholders filled in; undefined while one of them has no value. */
  queryText(program: QueryProgram, place: Place): string | undefined {
    return this.#filled(program, new FormEnv(this, place, undefined, { left: STEPS_MAX }));
  }

  #filled(program: QueryProgram, env: FormEnv): string | undefined {
    let text = '';
    for (const part of program.parts) {
      const filled = typeof part === 'string' ? part : placeholder(part, env);
      if (filled === undefined) return undefined;
      text += filled;
    }
    return text;
  }

  #evaluate(program: Program, env: FormEnv): Collection {
    return program.kind === 'path' ? program.expr.run(env.context, env) : this.#fetched(program, env);
  }

  #fetched(program: QueryProgram, env: FormEnv): Collection {
    const text = this.#filled(program, env);
    return text === undefined ? undefined : mapItems(this.data.queries?.(text) ?? undefined, typedResource);
  }
}

/** Several values become a comma-separated list: FHIR search's "or". Each is escaped for its place in a URL. */
function placeholder(part: PathProgram, env: FormEnv): string | undefined {
  const values = items(part.expr.run(env.context, env)).flatMap((item) => {
    const value = plain(item);
    return value === undefined || typeof value === 'object' ? [] : [encodeURIComponent(String(value))];
  });
  return values.length === 0 ? undefined : values.join(',');
}
