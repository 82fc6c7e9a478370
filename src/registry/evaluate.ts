/**
 * FHIRPath, injected: evaluates an expression with the context's members as environment variables (`%patient`). An
 * absent member is bound to an empty collection. Throws where the expression is faulty.
 */
export type Evaluate = (expression: string, context: Readonly<Record<string, unknown>>) => readonly unknown[];

/** The truth of a three-valued criterion: true, false, or undefined while it is unanswered (empty). */
export function truth(result: readonly unknown[]): boolean | undefined {
  return result.length === 1 && typeof result[0] === 'boolean' ? result[0] : undefined;
}

/** The first result as text; undefined where there is none. Dates come as strings or as an evaluator's own objects. */
export function firstText(result: readonly unknown[]): string | undefined {
  const [first] = result;
  return first === undefined || first === null ? undefined : String(first);
}
