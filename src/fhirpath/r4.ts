import { structures } from '../model/r4/structures.ts';
import { FhirPath } from './fhirpath.ts';

let r4: FhirPath | undefined;

/** The FHIRPath of R4's types; made at the first call and kept, with all that it has compiled. */
export function r4FhirPath(): FhirPath {
  r4 ??= new FhirPath([...structures().values()]);
  return r4;
}
