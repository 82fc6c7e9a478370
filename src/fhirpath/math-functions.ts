import type { FunctionCompiler } from './function-compiler.ts';
import { number } from './singleton.ts';

/** A function over one number; what has no real result (the root of -1) yields nothing. */
const over =
  (change: (value: number) => number, type = 'System.Decimal'): FunctionCompiler =>
  (_, input) => {
    const value = number(input);
    return {
      type,
      run: (self, env) => {
        const from = value(self, env);
        return from === undefined ? undefined : real(change(from));
      },
    };
  };

/** A function over one number and its argument. */
const overTwo =
  (change: (value: number, argument: number) => number, otherwise?: number): FunctionCompiler =>
  (compiler, input, args, scope) => {
    const value = number(input);
    const [ast] = args;
    const argument = ast === undefined ? (): number | undefined => otherwise : number(compiler.compile(ast, scope));
    return {
      type: 'System.Decimal',
      run: (self, env) => {
        const from = value(self, env);
        const by = argument(self, env);
        return from === undefined || by === undefined ? undefined : real(change(from, by));
      },
    };
  };

function real(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The half goes up, in decimal: 2.345 to two places is 2.35. */
function round(value: number, places: number): number {
  const shifted = Number(shift(value.toPrecision(15), places));
  return Number(shift(String(Math.round(shifted)), -places)) + 0;
}

/** Moves the point of a number in text, so that no float comes between. */
function shift(text: string, by: number): string {
  const [mantissa = '', exponent = '0'] = text.split('e');
  return `${mantissa}e${Number(exponent) + by}`;
}

/** The functions over numbers (FHIRPath N1, section Math), by name. */
export const mathFunctions: ReadonlyMap<string, FunctionCompiler> = new Map([
  ['abs', over(Math.abs)],
  ['ceiling', over(Math.ceil, 'System.Integer')],
  ['floor', over(Math.floor, 'System.Integer')],
  ['truncate', over(Math.trunc, 'System.Integer')],
  ['sqrt', over(Math.sqrt)],
  ['exp', over(Math.exp)],
  ['ln', over(Math.log)],
  ['log', overTwo((value, base) => Math.log(value) / Math.log(base))],
  ['power', overTwo((value, exponent) => value ** exponent)],
  ['round', overTwo(round, 0)],
]);
