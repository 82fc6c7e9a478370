import type { Compiler } from './compiler.ts';
import { type Expr, NOTHING, type Scope } from './expr.ts';
import { functionNamed } from './functions.ts';
import type { Ast } from './syntax.ts';
import { ANY } from './type-model.ts';
import { ofType, typeTest } from './types-of.ts';

/**
 * The expression as several, each of which yields one type: a choice element gives one for each of its types, a union one
 * for each operand. Together they yield what the expression does, but not in its order, and what a union finds twice comes
 * twice. That is what an index needs, and nothing has to carry its type along.
 */
export function branches(compiler: Compiler, ast: Ast, scope: Scope): readonly Expr[] {
  return split(compiler, ast, scope).filter((each) => each.type !== NOTHING);
}

function split(compiler: Compiler, ast: Ast, scope: Scope): readonly Expr[] {
  switch (ast.kind) {
    case 'binary':
      return ast.operator === '|'
        ? [...split(compiler, ast.left, scope), ...split(compiler, ast.right, scope)]
        : [compiler.compile(ast, scope)];
    case 'member':
      return inputs(compiler, ast.input, scope).flatMap((input) => members(compiler, input, ast, scope));
    case 'type':
      return ast.operator === 'as'
        ? split(compiler, ast.operand, scope).flatMap((each) => only(compiler, each, ast.type))
        : [compiler.compile(ast, scope)];
    case 'call':
      return call(compiler, ast, scope);
    default:
      return [compiler.compile(ast, scope)];
  }
}

function inputs(compiler: Compiler, input: Ast | undefined, scope: Scope): readonly Expr[] {
  return input === undefined ? [{ type: scope.type, run: (self) => self }] : split(compiler, input, scope);
}

function members(compiler: Compiler, input: Expr, ast: Ast & { kind: 'member' }, scope: Scope): readonly Expr[] {
  const element = input.type === ANY ? undefined : compiler.model.elements(input.type).get(ast.name);
  if (element?.choice) {
    return element.types.map((type, index) => compiler.elementOf(input, element.properties[index] ?? '', type));
  }
  return [ast.input === undefined ? compiler.compile(ast, scope) : compiler.member(input, ast.name)];
}

function only(compiler: Compiler, expr: Expr, type: string): readonly Expr[] {
  if (expr.type === ANY) {
    return [ofType(compiler.model, expr, type)];
  }
  return typeTest(compiler.model, type)(expr.type) ? [expr] : [];
}

function call(compiler: Compiler, ast: Ast & { kind: 'call' }, scope: Scope): readonly Expr[] {
  const [argument] = ast.args;
  if ((ast.name === 'as' || ast.name === 'ofType') && argument?.kind === 'member' && argument.input === undefined) {
    return inputs(compiler, ast.input, scope).flatMap((each) => only(compiler, each, argument.name));
  }
  const compileCall = ast.name === 'where' || ast.name === 'extension' ? functionNamed(ast.name) : undefined;
  return compileCall === undefined
    ? [compiler.compile(ast, scope)]
    : inputs(compiler, ast.input, scope).map((each) => compileCall(compiler, each, ast.args, scope));
}
