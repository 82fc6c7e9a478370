import { leadingDateParam } from '../extract/leading-date.ts';
import type { SearchParameterDef } from '../parameters.ts';

/** Further parameters of elements that cannot repeat and make one row under each key. */
const others: ReadonlySet<string> = new Set(['Patient.birthdate', 'Patient.death-date', 'Observation.value-quantity']);

/** Whether a resource has at most one value of the parameter, so that `ge…` and `lt…` together bound the same value. */
export function hasOneValue({ type, keptAs }: SearchParameterDef): boolean {
  return leadingDateParam(type) === keptAs || others.has(`${type}.${keptAs}`);
}
