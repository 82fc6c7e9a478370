import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import type { Evaluate } from '../../src/registry/evaluate.ts';

type Compiled = (resource: object, context: Record<string, unknown>) => unknown;

const compiled = new Map<string, Compiled>();

/** FHIRPath for the rules of a registry; every expression is compiled once. */
export const evaluate: Evaluate = (expression, context) => {
  let run = compiled.get(expression);
  if (run === undefined) {
    run = fhirpath.compile(expression, r4) as Compiled;
    compiled.set(expression, run);
  }
  const result = run({}, { ...context });
  return Array.isArray(result) ? result : [];
};
