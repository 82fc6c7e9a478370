import { r4FhirPath } from '../../fhirpath/r4.ts';
import type { SearchParameterDef } from '../parameters.ts';

const known = new WeakMap<SearchParameterDef, boolean>();

/** Whether a reference parameter reads canonicals (or uris), which name their target by its url and not by its id. */
export function readsCanonicals(param: SearchParameterDef): boolean {
  let reads = known.get(param);
  if (reads === undefined) {
    reads = typesRead(param).some((type) => type === 'canonical' || type === 'uri');
    known.set(param, reads);
  }
  return reads;
}

function typesRead({ expression, type }: SearchParameterDef): readonly string[] {
  try {
    return r4FhirPath()
      .branches(expression, type)
      .map((branch) => branch.type);
  } catch {
    // A parameter of the server's own that cannot be compiled has no values either.
    return [];
  }
}
