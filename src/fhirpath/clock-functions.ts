import type { Env } from './expr.ts';
import type { FunctionCompiler } from './function-compiler.ts';

function moment({ now }: Env): string {
  return (now ?? new Date()).toISOString();
}

/** now(), today() and timeOfDay() (FHIRPath N1, section Utility), by name. */
export const clockFunctions: ReadonlyMap<string, FunctionCompiler> = new Map([
  ['now', () => ({ type: 'System.DateTime', run: (_, env) => moment(env) })],
  ['today', () => ({ type: 'System.Date', run: (_, env) => env.today ?? moment(env).slice(0, 10) })],
  ['timeOfDay', () => ({ type: 'System.Time', run: (_, env) => moment(env).slice(11, 23) })],
]);
