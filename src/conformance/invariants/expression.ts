import { FhirPath } from '../../fhirpath/fhirpath.ts';
import { structures } from '../../model/r4/structures.ts';
import type { Holds } from './compiled.ts';

let engine: FhirPath | undefined;

/**
 * An invariant's FHIRPath, compiled for values of one type. Throws if it cannot be compiled.
 *
 * @param trusted whether the expression is R4's own
 */
export function compileExpression(expression: string, type: string, trusted: boolean): Holds {
  engine ??= new FhirPath([...structures().values()]);
  const compiled = engine.compile(expression, type, { trusted });
  return (value, { resource, rootResource }) => compiled.test(value, { resource, rootResource, context: value });
}
