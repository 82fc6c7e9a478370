import type { MakeRowCondition } from '../access/situation.ts';
import type { Engine } from '../interactions/engine.ts';
import { FhirError } from '../model/issue.ts';
import type { SearchParameters } from '../search/parameters.ts';
import { rowCondition } from '../search/query/row-condition.ts';

/**
 * Conditions by the search parameters that the server has now, those of stored SearchParameters too.
 *
 * @param usable those of them that may be used
 */
export function rowConditions(
  engine: Pick<Engine, 'definitions' | 'hashSeed' | 'baseUrl'>,
  usable: (parameters: SearchParameters) => SearchParameters = (all) => all,
): MakeRowCondition {
  return (type, criteria) => {
    try {
      return rowCondition(usable(engine.definitions().parameters), type, [...new URLSearchParams(criteria)], engine);
    } catch (problem) {
      if (problem instanceof FhirError) return undefined;
      throw problem;
    }
  };
}
