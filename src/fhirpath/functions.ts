import { aggregateFunctions } from './aggregate-functions.ts';
import { clockFunctions } from './clock-functions.ts';
import { count, filterItems, items, mapItems, pack, plain, TypedNode } from './collection.ts';
import { conversionFunctions } from './conversion-functions.ts';
import { criterionFunctions } from './criterion-functions.ts';
import { distinct } from './distinct.ts';
import { equal } from './equality.ts';
import { NOTHING, nothing, UnsupportedExpression } from './expr.ts';
import { argument, type FunctionCompiler, within } from './function-compiler.ts';
import { mathFunctions } from './math-functions.ts';
import { together, typed, union } from './operators.ts';
import { referred } from './reference-type.ts';
import { boolean, number, single, truth } from './singleton.ts';
import type { Ast } from './syntax.ts';
import { textFunction } from './text-functions.ts';
import { ANY } from './type-model.ts';
import { isType, ofType } from './types-of.ts';

/** A type name given as an argument: `ofType(Patient)`, `is(FHIR.code)`. */
function typeArgument(args: readonly Ast[]): string {
  const ast = argument(args, 0);
  if (ast.kind === 'member') {
    return ast.input === undefined ? ast.name : `${typeArgument([ast.input])}.${ast.name}`;
  }
  throw new UnsupportedExpression('a type that is not a name');
}

/** allTrue() and its like: over an empty collection, what "all" and "any" of none are. */
const quantified = (every: boolean, wanted: boolean): FunctionCompiler => {
  return (_, input) =>
    boolean((self, env) => {
      const found = items(input.run(self, env));
      const isWanted = (item: unknown): boolean => plain(item) === wanted;
      return every ? found.every(isWanted) : found.some(isWanted);
    });
};

/** Whether every item of one collection is in the other. */
const contained = (turned: boolean): FunctionCompiler => {
  return (compiler, input, args, scope) => {
    const other = compiler.compile(argument(args, 0), scope);
    const [part, whole] = turned ? [other, input] : [input, other];
    return boolean((self, env) => {
      const all = items(whole.run(self, env));
      return items(part.run(self, env)).every((item) =>
        all.some((each) => equal(item, part.type, each, whole.type) === true),
      );
    });
  };
};

const extension: FunctionCompiler = (compiler, input, args, scope) => {
  const extensions = compiler.member(input, 'extension');
  const url = compiler.compile(argument(args, 0), scope);
  return {
    type: extensions.type,
    run: (self, env) => {
      const wanted = single(url.run(self, env));
      return filterItems(extensions.run(self, env), (item) => urlOf(item) === wanted);
    },
  };
};

function urlOf(extensionItem: unknown): unknown {
  const value = plain(extensionItem);
  return typeof value === 'object' && value !== null && 'url' in value ? value.url : undefined;
}

const iif: FunctionCompiler = (compiler, input, args, scope) => {
  const inner = input.type === NOTHING ? scope : within(scope, input);
  const condition = truth(compiler.compile(argument(args, 0), inner));
  const then = compiler.compile(argument(args, 1), inner);
  const otherwise = args[2] === undefined ? nothing : compiler.compile(args[2], inner);
  const same = then.type === otherwise.type || then.type === NOTHING || otherwise.type === NOTHING;
  const a = same ? then : typed(then);
  const b = same ? otherwise : typed(otherwise);
  return {
    type: a.type === NOTHING ? b.type : a.type,
    run: (self, env) => {
      const focus = input.run(self, env);
      // The criterion's functions start from the whole input; with one item or none, that is $this.
      const item = Array.isArray(focus) ? single(focus) : focus;
      return condition(item, env) === true ? a.run(item, env) : b.run(item, env);
    },
  };
};

const subset =
  (pick: (all: readonly unknown[], n: number) => readonly unknown[]): FunctionCompiler =>
  (compiler, input, args, scope) => {
    const n = args[0] === undefined ? undefined : number(compiler.compile(args[0], scope));
    return {
      type: input.type,
      run: (self, env) => {
        const found = input.run(self, env);
        return found === undefined ? undefined : pack(pick(items(found), n?.(self, env) ?? 0));
      },
    };
  };

const compared =
  (keep: boolean): FunctionCompiler =>
  (compiler, input, args, scope) => {
    const other = compiler.compile(argument(args, 0), scope);
    return {
      type: input.type,
      run: (self, env) => {
        const others = items(other.run(self, env));
        const found = filterItems(
          input.run(self, env),
          (item) => others.some((each) => equal(item, input.type, each, other.type) === true) === keep,
        );
        return keep ? pack(distinct(found, input.type)) : found;
      },
    };
  };

const walked =
  (walk: 'children' | 'descendants'): FunctionCompiler =>
  (compiler, input) => {
    const { run } = typed(input);
    return {
      type: ANY,
      run: (self, env) => mapItems(run(self, env), (node) => compiler.navigator[walk](node)),
    };
  };

/** The functions that do not work on strings alone, by name. */
const functions: Record<string, FunctionCompiler> = {
  extension,
  iif,
  hasExtension: (compiler, input, args, scope) => {
    const { run } = extension(compiler, input, args, scope);
    return boolean((self, env) => run(self, env) !== undefined);
  },
  empty: (_, input) => boolean((self, env) => input.run(self, env) === undefined),
  count: (_, input) => ({ type: 'System.Integer', run: (self, env) => count(input.run(self, env)) }),
  not: (_, input) => {
    const value = truth(input);
    return boolean((self, env) => {
      const found = value(self, env);
      return found === undefined ? undefined : !found;
    });
  },
  hasValue: (compiler, input) =>
    boolean((self, env) => {
      const found = input.run(self, env);
      const item = Array.isArray(found) ? undefined : found;
      const type = item instanceof TypedNode ? item.type : input.type;
      return compiler.model.isPrimitive(type) && plain(item) !== undefined;
    }),
  ofType: (compiler, input, args) => ofType(compiler.model, input, typeArgument(args)),
  as: (compiler, input, args) => ofType(compiler.model, input, typeArgument(args)),
  is: (compiler, input, args) => isType(compiler.model, input, typeArgument(args)),
  first: subset((found) => found.slice(0, 1)),
  last: subset((found) => found.slice(-1)),
  tail: subset((found) => found.slice(1)),
  skip: subset((found, n) => found.slice(Math.max(n, 0))),
  take: subset((found, n) => found.slice(0, Math.max(n, 0))),
  single: (_, input) => ({ ...input, run: (self, env) => single(input.run(self, env)) }),
  distinct: (_, input) => ({
    type: input.type,
    run: (self, env) => pack(distinct(input.run(self, env), input.type)),
  }),
  isDistinct: (_, input) =>
    boolean((self, env) => {
      const found = input.run(self, env);
      return distinct(found, input.type).length === count(found);
    }),
  intersect: compared(true),
  exclude: compared(false),
  union: (compiler, input, args, scope) => union(input, compiler.compile(argument(args, 0), scope)),
  combine: (compiler, input, args, scope) => together(input, compiler.compile(argument(args, 0), scope)),
  allTrue: quantified(true, true),
  allFalse: quantified(true, false),
  anyTrue: quantified(false, true),
  anyFalse: quantified(false, false),
  subsetOf: contained(false),
  supersetOf: contained(true),
  trace: (_, input) => input,
  children: walked('children'),
  descendants: walked('descendants'),
  resolve: (_, input) => ({
    type: ANY,
    unresolved: true,
    run: (self, env) => mapItems(input.run(self, env), (item) => referred(plain(item), env.rootResource)),
  }),
};

/** The function of a name; undefined if this engine does not have it. */
export function functionNamed(name: string): FunctionCompiler | undefined {
  return Object.hasOwn(functions, name)
    ? functions[name]
    : (criterionFunctions.get(name) ??
        textFunction(name) ??
        mathFunctions.get(name) ??
        aggregateFunctions.get(name) ??
        conversionFunctions.get(name) ??
        clockFunctions.get(name));
}
