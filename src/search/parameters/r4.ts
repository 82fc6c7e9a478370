import { searchParametersJson } from '../../model/r4/r4.generated.js';
import type { SearchParameterData } from '../../model/r4/search-parameter-data.ts';

let data: readonly SearchParameterData[] | undefined;

/** The search parameters of R4; parsed at the first call. */
export function r4SearchParameters(): readonly SearchParameterData[] {
  if (data === undefined) {
    const parsed: SearchParameterData[] = JSON.parse(searchParametersJson);
    data = parsed;
  }
  return data;
}
