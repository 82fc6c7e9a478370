import { filterItems, items, mapItems, pack, refuseTooMany } from './collection.ts';
import type { Compiler } from './compiler.ts';
import { DistinctItems } from './distinct.ts';
import { type Env, type Expr, NOTHING, nothing, type Scope, spend, UnsupportedExpression } from './expr.ts';
import { argument, type FunctionCompiler, within } from './function-compiler.ts';
import { nodes } from './nodes.ts';
import { boolean, truth } from './singleton.ts';
import type { Ast } from './syntax.ts';

/** An argument that is evaluated for each item of `input`: with its own $index, and counted against the budget. */
function perItem(
  compiler: Compiler,
  input: Expr,
  args: readonly Ast[],
  scope: Scope,
): { readonly expr: Expr; readonly walk: (env: Env) => (() => void) | undefined } {
  const ast = argument(args, 0);
  let asked = false;
  for (const { node } of nodes(ast)) {
    asked ||= node.kind === 'index';
  }
  const index = { type: 'System.Integer', value: undefined as unknown };
  const expr = compiler.compile(ast, asked ? { ...within(scope, input), index } : within(scope, input));
  return {
    expr,
    walk: (env) => {
      if (!asked && env.budget === undefined) return undefined;
      let at = 0;
      return () => {
        index.value = at;
        at += 1;
        spend(env, 1);
      };
    },
  };
}

const where: FunctionCompiler = (compiler, input, args, scope) => {
  if (input.type === NOTHING) {
    return nothing;
  }
  const { expr, walk } = perItem(compiler, input, args, scope);
  const criterion = truth(expr);
  return {
    type: input.type,
    ...(input.unresolved ? { unresolved: true as const } : {}),
    run: (self, env) => {
      const step = walk(env);
      return filterItems(input.run(self, env), (item) => {
        step?.();
        return criterion(item, env) === true;
      });
    },
  };
};

const select: FunctionCompiler = (compiler, input, args, scope) => {
  if (input.type === NOTHING) {
    return nothing;
  }
  const { expr: projection, walk } = perItem(compiler, input, args, scope);
  return {
    type: projection.type,
    run: (self, env) => {
      const step = walk(env);
      return mapItems(input.run(self, env), (item) => {
        step?.();
        return projection.run(item, env);
      });
    },
  };
};

/** Without what equals an item that was found before (FHIRPath N1, section repeat): also another object with the same content. */
const repeat: FunctionCompiler = (compiler, input, args, scope) => {
  const first = select(compiler, input, args, scope);
  const { walk } = perItem(compiler, input, args, scope);
  const more = first.type === NOTHING ? nothing : compiler.compile(argument(args, 0), within(scope, first));
  if (more.type !== NOTHING && more.type !== first.type) {
    throw new UnsupportedExpression('repeat() over several types');
  }
  return {
    type: first.type,
    run: (self, env) => {
      const known = new DistinctItems(first.type);
      const found = items(first.run(self, env)).filter((item) => known.add(item));
      const step = walk(env);
      for (const item of found) {
        step?.();
        for (const next of items(more.run(item, env))) {
          // Over what is in the JSON this ends, over what is computed (`repeat($this + 1)`) it need not.
          if (known.add(next)) {
            found.push(next);
            refuseTooMany(found.length);
          }
        }
      }
      return pack(found);
    },
  };
};

const exists: FunctionCompiler = (compiler, input, args, scope) => {
  const { run } = args.length > 0 ? where(compiler, input, args, scope) : input;
  return boolean((self, env) => run(self, env) !== undefined);
};

const all: FunctionCompiler = (compiler, input, args, scope) => {
  if (input.type === NOTHING) {
    return boolean(() => true);
  }
  const { expr, walk } = perItem(compiler, input, args, scope);
  const criterion = truth(expr);
  return boolean((self, env) => {
    const step = walk(env);
    return items(input.run(self, env)).every((item) => {
      step?.();
      return criterion(item, env) === true;
    });
  });
};

/** The functions whose argument is evaluated for each item, by name. */
export const criterionFunctions: ReadonlyMap<string, FunctionCompiler> = new Map([
  ['where', where],
  ['select', select],
  ['repeat', repeat],
  ['exists', exists],
  ['all', all],
]);
