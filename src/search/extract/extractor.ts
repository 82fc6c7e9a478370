import type { FhirPath } from '../../fhirpath/fhirpath.ts';
import { r4FhirPath } from '../../fhirpath/r4.ts';
import type { IndexRows } from '../../model/index-rows.ts';
import type { SearchParameters } from '../parameters.ts';
import { isObject, text } from './json.ts';
import { parseReference } from './parse-reference.ts';
import { plan, type Step } from './plan.ts';
import { Rows } from './rows.ts';
import { walkReferences } from './walk-references.ts';

export interface ExtractorOptions {
  /** The server's own base, without a slash at its end: absolute references beneath it are references to its resources. */
  readonly baseUrl: string;
  readonly fhirPath?: FhirPath;
}

/**
 * Tells what a resource is found by. The plan for a type is made when its first resource comes; a parameter whose
 * expression can't be compiled has no rows.
 *
 * Never throws for a resource that is valid against the schema; a custom parameter whose expression fails on a resource has
 * no values there.
 */
export function extractor(
  parameters: SearchParameters,
  { baseUrl, fhirPath = r4FhirPath() }: ExtractorOptions,
): (resource: unknown) => IndexRows {
  const plans = new Map<string, readonly Step[]>();
  const planOf = (type: string): readonly Step[] => {
    let steps = plans.get(type);
    if (steps === undefined) {
      steps = plan(parameters.list(type), { fhirPath, baseUrl });
      plans.set(type, steps);
    }
    return steps;
  };
  return (resource) => {
    const rows = new Rows();
    const type = isObject(resource) ? text(resource.resourceType) : undefined;
    if (type === undefined) {
      return rows.done();
    }
    const env = { resource, rootResource: resource, context: resource };
    for (const step of planOf(type)) {
      step(resource, env, rows);
    }
    walkReferences(resource, (kind, value) => {
      const reference = kind === 'reference' && isObject(value) ? text(value.reference) : undefined;
      const parsed = reference === undefined ? undefined : parseReference(reference, baseUrl);
      if (parsed?.kind === 'relative') {
        rows.uncovered(parsed.type, parsed.id);
      }
    });
    return rows.done();
  };
}
