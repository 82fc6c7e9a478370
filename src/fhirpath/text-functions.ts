import { RE2JS } from 're2js';
import { type Env, type Expr, UnsupportedExpression } from './expr.ts';
import type { FunctionCompiler } from './functions.ts';
import { boolean, number, singleValue, text } from './singleton.ts';

type Self = (self: unknown, env: Env) => unknown;

/** The one string argument of a function. */
function textArgument(
  compiler: Parameters<FunctionCompiler>[0],
  args: Parameters<FunctionCompiler>[2],
  scope: Parameters<FunctionCompiler>[3],
  index = 0,
): (self: unknown, env: Env) => string | undefined {
  const ast = args[index];
  if (ast === undefined) {
    throw new UnsupportedExpression('a function without its argument');
  }
  return text(compiler.compile(ast, scope));
}

const tested =
  (test: (text: string, part: string) => boolean): FunctionCompiler =>
  (compiler, input, args, scope) => {
    const whole = text(input);
    const part = textArgument(compiler, args, scope);
    return boolean((self, env) => {
      const a = whole(self, env);
      const b = part(self, env);
      return a === undefined || b === undefined ? undefined : test(a, b);
    });
  };

const changed =
  (change: (text: string) => unknown, type = 'System.String'): FunctionCompiler =>
  (_, input): Expr => {
    const whole = text(input);
    return {
      type,
      run: (self, env) => {
        const value = whole(self, env);
        return value === undefined ? undefined : change(value);
      },
    };
  };

/**
 * A regular expression that is written in the FHIRPath expression. Those of R4 itself run natively; any other, which might
 * take exponential time there, runs in re2's linear time, and without look-around and back references.
 */
function pattern(
  source: string,
  trusted: boolean,
): { test(text: string): boolean; replace(text: string, by: string): string } {
  if (trusted) {
    const native = new RegExp(source, 's');
    const everywhere = new RegExp(source, 'gs');
    return { test: (value) => native.test(value), replace: (value, by) => value.replace(everywhere, by) };
  }
  const linear = RE2JS.compile(source, RE2JS.DOTALL);
  return {
    test: (value) => linear.matcher(value).find(),
    replace: (value, by) => linear.matcher(value).replaceAll(by),
  };
}

function literalPattern(args: Parameters<FunctionCompiler>[2], trusted: boolean): ReturnType<typeof pattern> {
  const [ast] = args;
  if (ast?.kind !== 'literal' || typeof ast.value !== 'string') {
    throw new UnsupportedExpression('a regular expression that is not a literal');
  }
  return pattern(ast.value, trusted);
}

const matches: FunctionCompiler = (_, input, args, scope) => {
  const whole = text(input);
  const compiled = literalPattern(args, scope.trusted);
  return boolean((self, env) => {
    const value = whole(self, env);
    return value === undefined ? undefined : compiled.test(value);
  });
};

const replaceMatches: FunctionCompiler = (compiler, input, args, scope) => {
  const whole = text(input);
  const compiled = literalPattern(args, scope.trusted);
  const by = textArgument(compiler, args, scope, 1);
  return {
    type: 'System.String',
    run: (self, env) => {
      const value = whole(self, env);
      const replacement = by(self, env);
      return value === undefined || replacement === undefined ? undefined : compiled.replace(value, replacement);
    },
  };
};

const substring: FunctionCompiler = (compiler, input, args, scope) => {
  const whole = text(input);
  const [start, length] = args.map((ast) => number(compiler.compile(ast, scope)));
  return {
    type: 'System.String',
    run: (self, env) => {
      const value = whole(self, env);
      const from = start?.(self, env);
      if (value === undefined || from === undefined || from < 0 || from >= value.length) {
        return undefined;
      }
      return length === undefined ? value.slice(from) : value.slice(from, from + Math.max(length(self, env) ?? 0, 0));
    },
  };
};

const toInteger: FunctionCompiler = (_, input) => ({
  type: 'System.Integer',
  run: converted(input, (value) => {
    if (typeof value === 'boolean') {
      return value ? 1 : 0;
    }
    return /^[+-]?[0-9]+$/.test(String(value)) ? Number(value) : undefined;
  }),
});

const toText: FunctionCompiler = (_, input) => ({
  type: 'System.String',
  run: converted(input, (value) => (typeof value === 'object' ? undefined : String(value))),
});

function converted(input: Expr, convert: (value: unknown) => unknown): Self {
  return (self, env) => {
    const value = singleValue(input.run(self, env));
    return value === undefined ? undefined : convert(value);
  };
}

/** The functions over one string, by name. A Map: an expression may call a function `constructor`. */
const table = new Map<string, FunctionCompiler>([
  ['contains', tested((value, part) => value.includes(part))],
  ['startsWith', tested((value, part) => value.startsWith(part))],
  ['endsWith', tested((value, part) => value.endsWith(part))],
  ['lower', changed((value) => value.toLowerCase())],
  ['upper', changed((value) => value.toUpperCase())],
  ['length', changed((value) => value.length, 'System.Integer')],
  ['matches', matches],
  ['replaceMatches', replaceMatches],
  ['substring', substring],
  ['toInteger', toInteger],
  ['toString', toText],
]);

export function textFunction(name: string): FunctionCompiler | undefined {
  return table.get(name);
}
