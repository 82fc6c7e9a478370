import { r4FhirPath } from '../../fhirpath/r4.ts';
import type { Holds } from './compiled.ts';

/**
 * An invariant's FHIRPath, compiled for values of one type. Throws if it cannot be compiled.
 *
 * @param trusted whether the expression is R4's own
 */
export function compileExpression(expression: string, type: string, trusted: boolean): Holds {
  const compiled = r4FhirPath().compile(expression, type, { trusted });
  return (value, { resource, rootResource }) => compiled.test(value, { resource, rootResource, context: value });
}
