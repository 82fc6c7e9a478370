import { type Caller, isPatient } from '../model/caller.ts';
import { elementsOfStaff } from '../registry/staffs-words.ts';
import { withoutElements } from '../search/parameters/without-elements.ts';
import type { SearchParameters } from '../search/parameters.ts';

/** Made once for each set of definitions. */
const made = new WeakMap<SearchParameters, SearchParameters>();

/** The search parameters that a patient may use: none of them tells of what patients are not shown. */
export function patientsParameters(parameters: SearchParameters): SearchParameters {
  const known = made.get(parameters) ?? withoutElements(parameters, elementsOfStaff);
  made.set(parameters, known);
  return known;
}

/** Those that somebody may use. */
export function parametersFor(parameters: SearchParameters, caller: Caller): SearchParameters {
  return isPatient(caller) ? patientsParameters(parameters) : parameters;
}
