import type { MakeRowCondition } from '../access/situation.ts';
import type { Engine } from '../interactions/engine.ts';
import { FhirError } from '../model/issue.ts';
import { rowCondition } from '../search/query/row-condition.ts';

/** Conditions by the search parameters that the server has now, those of stored SearchParameters too. */
export function rowConditions(engine: Pick<Engine, 'definitions' | 'hashSeed' | 'baseUrl'>): MakeRowCondition {
  return (type, criteria) => {
    try {
      return rowCondition(engine.definitions().parameters, type, [...new URLSearchParams(criteria)], engine);
    } catch (problem) {
      if (problem instanceof FhirError) return undefined;
      throw problem;
    }
  };
}
