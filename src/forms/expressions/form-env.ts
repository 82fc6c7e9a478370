import type { Collection } from '../../fhirpath/collection.ts';
import type { Env } from '../../fhirpath/expr.ts';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import type { Place } from '../place.ts';
import type { Declared } from './names.ts';
import type { Snapshot } from './snapshot.ts';

/** Values for names that only the caller knows, or knows better: one repetition of a population context. */
export type Given = ReadonlyMap<string, readonly TypedValue[]>;

/** What an expression of a form is evaluated in. */
export class FormEnv implements Env {
  readonly resource: unknown;
  readonly rootResource: unknown;
  readonly context: unknown;
  readonly now: Date;
  readonly snapshot: Snapshot;
  readonly place: Place;
  readonly given: Given | undefined;
  readonly budget: { left: number };

  constructor(snapshot: Snapshot, place: Place, given: Given | undefined, budget: { left: number }) {
    this.resource = snapshot.response;
    this.rootResource = snapshot.response;
    this.context = snapshot.nodeOf(place);
    this.now = snapshot.data.now;
    this.snapshot = snapshot;
    this.place = place;
    this.given = given;
    this.budget = budget;
  }

  get today(): string {
    return this.snapshot.today;
  }

  /** The value of a declared name, as seen from here. */
  valueOf(declared: Declared): Collection {
    return this.snapshot.variable(declared, this);
  }
}

/** The environment as the one that forms evaluate in; it is never another. */
export function formEnv(env: Env): FormEnv {
  if (!(env instanceof FormEnv)) {
    throw new TypeError('An expression of a form is evaluated outside of a form');
  }
  return env;
}
