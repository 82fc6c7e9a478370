import { calculate } from './arithmetic.ts';
import { items, plain, TypedNode } from './collection.ts';
import { order } from './equality.ts';
import { type Expr, FhirPathError } from './expr.ts';
import type { FunctionCompiler } from './function-compiler.ts';
import { operator, typed } from './operators.ts';
import { ANY } from './type-model.ts';

/** The item for which an argument is evaluated is given to it as `self`. */
const second: Expr = { type: ANY, run: (self) => (Array.isArray(self) ? self[1] : undefined) };
const first: Expr = { type: ANY, run: (self) => (Array.isArray(self) ? self[0] : undefined) };
const plus = operator('+', first, second);
const dividedBy = operator('/', first, second);

/** FHIRPath 2, section Aggregates: as aggregate($this + $total) does; numbers directly, all else by the operator. */
const sum: FunctionCompiler = (_, input) => {
  const { run } = typed(input);
  return {
    type: ANY,
    run: (self, env) => {
      const all = items(run(self, env));
      let total = all[0];
      for (let at = 1; at < all.length; at += 1) {
        const next = all[at];
        const a = plain(total);
        const b = plain(next);
        if (typeof a === 'number' && typeof b === 'number') {
          const decimal = isDecimal(total) || isDecimal(next);
          total = new TypedNode(decimal ? 'System.Decimal' : 'System.Integer', calculate('+', a, b));
        } else {
          // `$this + $total`: the later string comes first.
          total = plus.run([next, total], env);
        }
      }
      return total;
    },
  };
};

function isDecimal(item: unknown): boolean {
  return item instanceof TypedNode && (item.type === 'System.Decimal' || item.type === 'decimal');
}

const avg: FunctionCompiler = (compiler, input, args, scope) => {
  const total = sum(compiler, input, args, scope);
  return {
    type: ANY,
    run: (self, env) => {
      const number = items(input.run(self, env)).length;
      return number === 0
        ? undefined
        : dividedBy.run([total.run(self, env), new TypedNode('System.Integer', number)], env);
    },
  };
};

const extreme =
  (sign: 1 | -1): FunctionCompiler =>
  (_, input) => ({
    type: input.type,
    run: (self, env) => {
      let found: unknown;
      for (const item of items(input.run(self, env))) {
        if (plain(item) === undefined) {
          return undefined;
        }
        const difference = found === undefined ? sign : order(item, input.type, found, input.type);
        if (difference !== undefined && difference * sign > 0) {
          found = item;
        }
      }
      return found;
    },
  });

/** aggregate(expression, start): the expression has each item as $this, and what came before as $total. */
const aggregate: FunctionCompiler = (compiler, input, args, scope) => {
  const [ast, startAst] = args;
  if (ast === undefined) {
    throw new FhirPathError('aggregate() without an argument');
  }
  const start = startAst === undefined ? undefined : typed(compiler.compile(startAst, scope));
  const total = { type: ANY, value: undefined as unknown };
  const index = { type: 'System.Integer', value: undefined as unknown };
  const step = typed(compiler.compile(ast, { ...scope, type: input.type, total, index }));
  return {
    type: ANY,
    run: (self, env) => {
      let value = start?.run(self, env);
      items(input.run(self, env)).forEach((item, at) => {
        total.value = value;
        index.value = at;
        value = step.run(item, env);
      });
      return value;
    },
  };
};

/** The functions over a whole collection (FHIRPath 2, section Aggregates), by name. */
export const aggregateFunctions: ReadonlyMap<string, FunctionCompiler> = new Map([
  ['sum', sum],
  ['avg', avg],
  ['min', extreme(-1)],
  ['max', extreme(1)],
  ['aggregate', aggregate],
]);
