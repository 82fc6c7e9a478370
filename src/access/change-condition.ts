import { items, TypedNode } from '../fhirpath/collection.ts';
import type { Env, Expr } from '../fhirpath/expr.ts';
import { typedResource } from '../fhirpath/navigation.ts';
import { r4FhirPath } from '../fhirpath/r4.ts';
import { ANY } from '../fhirpath/type-model.ts';
import type { Vocabulary } from '../fhirpath/vocabulary.ts';
import type { ChangeToJudge } from '../model/access.ts';

/** Whether a person (`Practitioner/x`, `Patient/x`; undefined for a system) may make a change. */
export type ChangeCondition = (change: ChangeToJudge, user: string | undefined) => boolean;

/** How many items one judgement may look at; a response of a thousand answers takes a few. */
const BUDGET = 100_000;

/**
 * Compiles what a policy says of changes: FHIRPath that may name `%before` and `%after` (the resource as it is and as it
 * will be; empty where there is none) and `%user` (a reference, as a string). A change is allowed by true alone: nothing,
 * several values or an error of the expression refuse it.
 *
 * @throws Error if it is not FHIRPath, or not FHIRPath that can be limited
 */
export function changeCondition(expression: string): ChangeCondition {
  const expr = r4FhirPath().compileFor(vocabulary, expression, 'Resource');
  return (change, user) => {
    try {
      const found = items(expr.run(undefined, new ChangeEnv(change, user)));
      const value = found[0] instanceof TypedNode ? found[0].value : found[0];
      return found.length === 1 && value === true;
    } catch {
      return false;
    }
  };
}

class ChangeEnv implements Env {
  readonly resource = undefined;
  readonly rootResource = undefined;
  readonly context = undefined;
  readonly budget = { left: BUDGET };
  readonly change: ChangeToJudge;
  readonly user: string | undefined;

  constructor(change: ChangeToJudge, user: string | undefined) {
    this.change = change;
    this.user = user;
  }
}

function inChange(env: Env): ChangeEnv {
  if (!(env instanceof ChangeEnv)) {
    throw new Error('a condition of a policy is evaluated on a change alone');
  }
  return env;
}

const externals: Readonly<Record<string, Expr>> = {
  before: { type: ANY, run: (_, env) => typedResource(inChange(env).change.before) },
  after: { type: ANY, run: (_, env) => typedResource(inChange(env).change.after) },
  user: { type: 'string', run: (_, env) => inChange(env).user },
};

const vocabulary: Vocabulary = {
  external: (name) => (Object.hasOwn(externals, name) ? externals[name] : undefined),
  call: () => undefined,
};
