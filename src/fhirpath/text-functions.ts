import { linearPattern } from '#linear-pattern';
import { joined, TEXT_MAX } from './arithmetic.ts';
import { items, pack, plain } from './collection.ts';
import { type Env, type Expr, UnsupportedExpression } from './expr.ts';
import type { FunctionCompiler } from './function-compiler.ts';
import { boolean, number, text } from './singleton.ts';

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
  const linear = linearPattern(source);
  return { test: (value) => linear.finds(value), replace: (value, by) => linear.replaceAll(value, by) };
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

const matchesFull: FunctionCompiler = (compiler, input, args, scope) => {
  const [ast] = args;
  return ast?.kind === 'literal'
    ? matches(compiler, input, [{ ...ast, value: `^(?:${ast.value})$` }], scope)
    : matches(compiler, input, args, scope);
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

const replace: FunctionCompiler = (compiler, input, args, scope) => {
  const whole = text(input);
  const part = textArgument(compiler, args, scope);
  const by = textArgument(compiler, args, scope, 1);
  return {
    type: 'System.String',
    run: (self, env) => {
      const value = whole(self, env);
      const from = part(self, env);
      const to = by(self, env);
      if (value === undefined || from === undefined || to === undefined) {
        return undefined;
      }
      const pieces = value.split(from);
      return joined(pieces.join(''), '').length + to.length * pieces.length > TEXT_MAX
        ? joined(value, to.repeat(TEXT_MAX))
        : pieces.join(to);
    },
  };
};

const join: FunctionCompiler = (compiler, input, args, scope) => {
  const separator = args.length === 0 ? (): string => '' : textArgument(compiler, args, scope);
  return {
    type: 'System.String',
    run: (self, env) => {
      const parts = items(input.run(self, env)).flatMap((item) => {
        const value = plain(item);
        return typeof value === 'string' ? [value] : [];
      });
      const between = separator(self, env) ?? '';
      return parts.length === 0 ? undefined : parts.reduce((whole, part) => joined(joined(whole, between), part));
    },
  };
};

/** A function from one string and one string argument to several. */
const split: FunctionCompiler = (compiler, input, args, scope) => {
  const whole = text(input);
  const separator = textArgument(compiler, args, scope);
  return {
    type: 'System.String',
    run: (self, env) => {
      const value = whole(self, env);
      const at = separator(self, env);
      return value === undefined || at === undefined ? undefined : pack(value.split(at));
    },
  };
};

const found =
  (find: (whole: string, part: string) => number): FunctionCompiler =>
  (compiler, input, args, scope) => {
    const whole = text(input);
    const part = textArgument(compiler, args, scope);
    return {
      type: 'System.Integer',
      run: (self, env) => {
        const value = whole(self, env);
        const wanted = part(self, env);
        return value === undefined || wanted === undefined ? undefined : find(value, wanted);
      },
    };
  };

/** The functions over one string, by name. A Map: an expression may call a function `constructor`. */
const table = new Map<string, FunctionCompiler>([
  ['contains', tested((value, part) => value.includes(part))],
  ['startsWith', tested((value, part) => value.startsWith(part))],
  ['endsWith', tested((value, part) => value.endsWith(part))],
  ['lower', changed((value) => value.toLowerCase())],
  ['upper', changed((value) => value.toUpperCase())],
  ['length', changed((value) => value.length, 'System.Integer')],
  ['matches', matches],
  ['matchesFull', matchesFull],
  ['replaceMatches', replaceMatches],
  ['substring', substring],
  ['trim', changed((value) => value.trim())],
  ['toChars', changed((value) => pack([...value]))],
  ['replace', replace],
  ['join', join],
  ['split', split],
  ['indexOf', found((whole, part) => whole.indexOf(part))],
  ['lastIndexOf', found((whole, part) => whole.lastIndexOf(part))],
]);

export function textFunction(name: string): FunctionCompiler | undefined {
  return table.get(name);
}
