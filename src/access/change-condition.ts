import { isObject, items, pack, TypedNode } from '../fhirpath/collection.ts';
import type { Env, Expr } from '../fhirpath/expr.ts';
import { r4FhirPath } from '../fhirpath/r4.ts';
import type { Vocabulary } from '../fhirpath/vocabulary.ts';
import type { ChangeToJudge } from '../model/access.ts';

/** What a condition may name beside the change, as references; undefined is the empty collection. */
export interface NamesOfHolder {
  /** `Practitioner/x` or `Patient/x`; undefined for a system. */
  readonly user?: string | undefined;
  /** `Organization/x` */
  readonly hospital?: string | undefined;
  /** The hospital and all that is part of it. */
  readonly organizations?: readonly string[] | undefined;
  /** `PlanDefinition/x` */
  readonly registry?: string | undefined;
}

/** Whether somebody may make a change. */
export type ChangeCondition = (change: ChangeToJudge, names: NamesOfHolder) => boolean;

/** How many items one judgement may look at; a response of a thousand answers takes a few. */
const BUDGET = 100_000;

/**
 * Compiles what a policy says of changes: FHIRPath that may name `%before` and `%after` (the resource as it is and as it
 * will be; empty where there is none), and, as strings, the references
 * `%user`, `%hospital`, `%organizations` (the hospital and all that is part of it) and `%registry`. A change is allowed by true alone: nothing,
 * several values or an error of the expression refuse it.
 *
 * @param type of the resources that change
 * @throws Error if it is not FHIRPath, or not FHIRPath that can be limited
 */
export function changeCondition(expression: string, type: string): ChangeCondition {
  const expr = r4FhirPath().compileFor(vocabularyOf(type), expression, type);
  return (change, names) => {
    try {
      const found = items(expr.run(undefined, new ChangeEnv(change, names)));
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
  readonly names: NamesOfHolder;

  constructor(change: ChangeToJudge, names: NamesOfHolder) {
    this.change = change;
    this.names = names;
  }
}

function inChange(env: Env): ChangeEnv {
  if (!(env instanceof ChangeEnv)) {
    throw new Error('a condition of a policy is evaluated on a change alone');
  }
  return env;
}

function vocabularyOf(type: string): Vocabulary {
  const ofType = (value: unknown): unknown => (isObject(value) && value.resourceType === type ? value : undefined);
  const externals: Readonly<Record<string, Expr>> = {
    before: { type, run: (_, env) => ofType(inChange(env).change.before) },
    after: { type, run: (_, env) => ofType(inChange(env).change.after) },
    user: { type: 'string', run: (_, env) => inChange(env).names.user },
    hospital: { type: 'string', run: (_, env) => inChange(env).names.hospital },
    organizations: { type: 'string', run: (_, env) => pack(inChange(env).names.organizations ?? []) },
    registry: { type: 'string', run: (_, env) => inChange(env).names.registry },
  };
  return {
    external: (name) => (Object.hasOwn(externals, name) ? externals[name] : undefined),
    call: () => undefined,
  };
}
