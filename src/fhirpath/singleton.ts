import { Absent, type Collection, isObject, plain, TypedNode } from './collection.ts';
import { type Env, type Expr, FhirPathError, type Run } from './expr.ts';

/** The one item of a collection; undefined if it is empty. @throws FhirPathError if there are several */
export function single(collection: Collection): unknown {
  if (!Array.isArray(collection)) {
    return collection;
  }
  if (collection.length > 1) {
    throw new FhirPathError(`one item expected, ${collection.length} found`);
  }
  return collection[0];
}

/** The one item as plain JSON; undefined also if it has no value. */
export function singleValue(collection: Collection): unknown {
  const item = single(collection);
  return item instanceof TypedNode || item instanceof Absent ? plain(item) : item;
}

/** FHIRPath's singleton evaluation as Boolean: what is there and is not false, counts as true. */
export function truth(expr: Expr): (self: unknown, env: Env) => boolean | undefined {
  const { run } = expr;
  return (self, env) => {
    const found = run(self, env);
    if (typeof found === 'boolean' || found === undefined) {
      return found;
    }
    const item = single(found);
    const value = plain(item);
    return typeof value === 'boolean' ? value : isObject(item) || value !== undefined ? true : undefined;
  };
}

/** The one string of an expression. */
export function text(expr: Expr): (self: unknown, env: Env) => string | undefined {
  const { run } = expr;
  return (self, env) => {
    const value = singleValue(run(self, env));
    return typeof value === 'string' ? value : undefined;
  };
}

/** The one number of an expression. */
export function number(expr: Expr): (self: unknown, env: Env) => number | undefined {
  const { run } = expr;
  return (self, env) => {
    const value = singleValue(run(self, env));
    return typeof value === 'number' ? value : undefined;
  };
}

export function boolean(run: Run): Expr {
  return { type: 'System.Boolean', run };
}
