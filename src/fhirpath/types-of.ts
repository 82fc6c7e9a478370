import { filterItems, TypedNode } from './collection.ts';
import { type Expr, NOTHING, nothing } from './expr.ts';
import { boolean, single } from './singleton.ts';
import { ANY, type TypeModel } from './type-model.ts';

const SYSTEM = new Set(['Boolean', 'String', 'Integer', 'Decimal', 'Date', 'DateTime', 'Time', 'Quantity']);

/** Tells of a type whether it is the named one or specialises it. */
export function typeTest(model: TypeModel, name: string): (type: string) => boolean {
  const [namespace, local] = name.includes('.') ? name.split('.') : [undefined, name];
  if (namespace !== 'FHIR' && SYSTEM.has(local ?? '') && local !== 'Quantity') {
    // R4's que-7 says `answer is Boolean` of an element of type boolean: a primitive counts as its system type.
    const primitive = `${(local ?? '').charAt(0).toLowerCase()}${(local ?? '').slice(1)}`;
    return (type) => type === `System.${local}` || (namespace === undefined && type === primitive);
  }
  return (type) => (type.startsWith('System.') ? type === name : model.isA(type, local ?? ''));
}

/** ofType() and as: the items of a type. Like R4's own expressions, `as` takes collections of several items. */
export function ofType(model: TypeModel, input: Expr, name: string): Expr {
  const test = typeTest(model, name);
  if (input.type === ANY) {
    const keep = (item: unknown): boolean => item instanceof TypedNode && test(item.type);
    return { ...input, run: (self, env) => filterItems(input.run(self, env), keep) };
  }
  return input.type === NOTHING || !test(input.type) ? nothing : input;
}

/** is: undefined for an empty input. */
export function isType(model: TypeModel, input: Expr, name: string): Expr {
  const test = typeTest(model, name);
  return boolean((self, env) => {
    const item = single(input.run(self, env));
    return item === undefined ? undefined : test(item instanceof TypedNode ? item.type : input.type);
  });
}
