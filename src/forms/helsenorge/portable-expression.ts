import { fromItemToResponse, ifFhirPath, needsOf, withHeads } from './paths.ts';
import type { Place } from './place.ts';
import type { Translation } from './twins.ts';

/** A variable that is defined by a variable that is … */
const DEPTH_MAX = 20;

/**
 * An expression on an item, as one that Refero runs: it starts on the response, and variables, which Refero has not, are put
 * in where they are used.
 *
 * @param known the names with % that are known there
 */
export function portable(expression: string, { variables }: Place, known: ReadonlySet<string>): Translation<string> {
  const whole = ifFhirPath(() => inlined(expression, variables, 0));
  if (whole === undefined) return { fault: 'is no FHIRPath' };
  const { externals, relative } = needsOf(whole);
  const unknown = [...externals].find((name) => !known.has(name));
  if (unknown !== undefined) return { fault: `uses %${unknown}, which Refero does not know` };
  if (relative) return { fault: 'starts on its own item, where Refero starts on the response' };
  return { to: fromItemToResponse(whole) };
}

function inlined(expression: string, variables: Place['variables'], depth: number): string {
  return withHeads(expression, ({ name, external }) => {
    const value = external && depth < DEPTH_MAX ? variables.get(name) : undefined;
    if (value === undefined) return undefined;
    const inner = inlined(value, variables, depth + 1);
    // What starts on an item would start on something else where it is put in.
    return needsOf(inner).relative ? undefined : `(${inner})`;
  });
}
