import type { Compiler } from './compiler.ts';
import { type Expr, type Scope, UnsupportedExpression } from './expr.ts';
import type { Ast } from './syntax.ts';

/** Compiles a call of a function on `input`; `scope` is that of the call, for arguments that are not criteria. */
export type FunctionCompiler = (compiler: Compiler, input: Expr, args: readonly Ast[], scope: Scope) => Expr;

/** An argument of a call. @throws UnsupportedExpression if it is missing */
export function argument(args: readonly Ast[], index: number): Ast {
  const found = args[index];
  if (found === undefined) {
    throw new UnsupportedExpression('a function without its argument');
  }
  return found;
}

/** The scope of an argument that is evaluated with each item of `input` as its focus. */
export function within(scope: Scope, input: Expr): Scope {
  return { ...scope, type: input.type };
}
