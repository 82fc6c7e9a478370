import { compileWithPackage } from '#fhirpath-package';
import type { Structure } from '../model/r4/structure.ts';
import { branches } from './branches.ts';
import { type Collection, items, plain, TypedNode } from './collection.ts';
import { Compiler } from './compiler.ts';
import { mayBeEndless } from './endless.ts';
import { type Env, type Expr, type Scope, UnsupportedExpression } from './expr.ts';
import { typedResource } from './navigation.ts';
import { nodes } from './nodes.ts';
import type { PackageRun, TypedValue } from './package-run.ts';
import { parse } from './parse.ts';
import { single, truth } from './singleton.ts';
import type { Ast } from './syntax.ts';
import { ANY, TypeModel } from './type-model.ts';
import type { Vocabulary } from './vocabulary.ts';

export type { Env, Expr } from './expr.ts';
export type { TypedValue } from './package-run.ts';
export { FhirPathSyntaxError } from './syntax.ts';
export type { Vocabulary } from './vocabulary.ts';

export interface CompileOptions {
  /** The expression is R4's own: its regular expressions may run natively. Others run in linear time, as re2's. */
  readonly trusted?: boolean;
}

/** An expression, ready to be evaluated on plain JSON of its root type. */
export interface Compiled {
  /** Who evaluates: the closures of this engine, or the fhirpath package. */
  readonly engine: 'own' | 'package';
  evaluate(value: unknown, env?: Env): readonly unknown[];
  /** The values with their types. */
  evaluateTyped(value: unknown, env?: Env): readonly TypedValue[];
  /** As a condition: undefined where the expression yields nothing. */
  test(value: unknown, env?: Env): boolean | undefined;
}

/** Part of an expression all of whose values have one type. */
export interface Branch {
  readonly type: string;
  /** One value as it is, several as an array, undefined for none. A primitive without a value may come as an Absent. */
  run(value: unknown, env: Env): Collection;
}

/** Expressions come from stored definitions too: more than R4 has by far, and still few megabytes. */
const COMPILED_MAX = 10_000;

/** Compiles FHIRPath for the types of R4; what is compiled once is kept. */
export class FhirPath {
  readonly #model: TypeModel;
  readonly #compiler: Compiler;
  readonly #compiled = new Map<string, Compiled>();

  constructor(structures: readonly Structure[]) {
    this.#model = new TypeModel(structures);
    this.#compiler = new Compiler(this.#model);
  }

  /**
   * @param rootType what the expression will be started on: `Patient`, `Patient.contact`, `Period`, `string`; `Resource`
   *   where that is told by each value itself
   * @throws FhirPathSyntaxError, or the fhirpath package's error, if it is not FHIRPath; UnsupportedExpression if it comes
   *   from outside and has a regular expression, or a repeat() that computes, beside something that only the package knows
   */
  compile(expression: string, rootType: string, options: CompileOptions = {}): Compiled {
    const key = `${rootType}\n${options.trusted === true}\n${expression}`;
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      compiled = this.#compile(parse(expression), expression, this.#scope(rootType, options));
      if (this.#compiled.size >= COMPILED_MAX) {
        this.#compiled.clear();
      }
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  /**
   * The expression as parts of one type each, in no order and with what a union finds twice: for indexing. Values of type
   * `*` are TypedNodes.
   */
  branches(expression: string, rootType: string, options: CompileOptions = {}): readonly Branch[] {
    const scope = this.#scope(rootType, options);
    const ast = parse(expression);
    try {
      return branches(this.#compiler, ast, scope);
    } catch (problem) {
      if (!(problem instanceof UnsupportedExpression)) {
        throw problem;
      }
      const run = packageRun(ast, expression, scope, problem);
      return [
        {
          type: ANY,
          run: (value, env) => run(value, env).map((each) => new TypedNode(each.type, each.value)),
        },
      ];
    }
  }

  /**
   * An expression of a host that adds names and functions of its own. Only closures evaluate it, so that the work which
   * it may take can be limited (Env.budget). Not kept: the host keeps what it compiles.
   *
   * @throws FhirPathSyntaxError; UnsupportedExpression for what only the package knows
   */
  compileFor(vocabulary: Vocabulary, expression: string, rootType: string): Expr {
    return this.#compiler.compile(parse(expression), { ...this.#scope(rootType, {}), vocabulary });
  }

  #scope(rootType: string, options: CompileOptions): Scope {
    const type = rootType === 'Resource' || rootType === 'DomainResource' ? ANY : rootType;
    return { type, contextType: type, trusted: options.trusted === true };
  }

  #compile(ast: Ast, expression: string, scope: Scope): Compiled {
    try {
      return own(this.#compiler.compile(ast, scope), scope);
    } catch (problem) {
      if (!(problem instanceof UnsupportedExpression)) {
        throw problem;
      }
      return withPackage(ast, expression, scope, problem);
    }
  }
}

function environment(value: unknown): Env {
  return { resource: value, rootResource: value, context: value };
}

function own(expr: Expr, scope: Scope): Compiled {
  const start = scope.type === ANY ? typedResource : (value: unknown): unknown => value;
  const holds = truth(expr);
  const evaluateTyped = (value: unknown, env: Env = environment(value)): readonly TypedValue[] =>
    items(expr.run(start(value), env)).flatMap((item) => {
      const found = plain(item);
      return found === undefined ? [] : [{ type: item instanceof TypedNode ? item.type : expr.type, value: found }];
    });
  return {
    engine: 'own',
    evaluateTyped,
    evaluate: (value, env) => evaluateTyped(value, env).map((each) => each.value),
    test: (value, env = environment(value)) => holds(start(value), env),
  };
}

function withPackage(ast: Ast, expression: string, scope: Scope, because: UnsupportedExpression): Compiled {
  const run = packageRun(ast, expression, scope, because);
  const evaluateTyped = (value: unknown, env: Env = environment(value)): readonly TypedValue[] => run(value, env);
  const evaluate = (value: unknown, env?: Env): readonly unknown[] =>
    evaluateTyped(value, env).map((each) => each.value);
  return {
    engine: 'package',
    evaluateTyped,
    evaluate,
    test: (value, env) => {
      const item = single(evaluate(value, env));
      return item === undefined ? undefined : typeof item === 'boolean' ? item : true;
    },
  };
}

/** The package runs regular expressions natively, which an expression from outside could abuse. */
const REGULAR_EXPRESSIONS = new Set(['matches', 'matchesFull', 'replaceMatches']);

function callsRegularExpression(ast: Ast): boolean {
  return nodes(ast).some(({ node }) => node.kind === 'call' && REGULAR_EXPRESSIONS.has(node.name));
}

function packageRun(ast: Ast, expression: string, scope: Scope, because: UnsupportedExpression): PackageRun {
  if (!scope.trusted && (mayBeEndless(ast) || callsRegularExpression(ast))) {
    throw because;
  }
  return compileWithPackage(expression, scope.type === ANY ? 'Resource' : scope.type);
}
