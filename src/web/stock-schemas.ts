import { searchParametersJson } from '../model/r4/r4.generated.js';
import type { SearchParameterData } from '../model/r4/search-parameter-data.ts';
import { structureDefinition } from '../model/r4/structure-definition.ts';

/** The module that the build makes; its type is in clinician/stock/schemas.d.ts. */
export const STOCK_SCHEMAS = 'virtual:stock-schemas';
/** What the stock pages show. */
const TYPES = ['Patient', 'Questionnaire', 'QuestionnaireResponse', 'Task'];

/** R4's definitions and search parameters of what the stock pages show, so that @medplum/core asks no server for them. */
export function stockSchemas() {
  const parameters: readonly SearchParameterData[] = JSON.parse(searchParametersJson);
  return {
    structures: TYPES.map(structureDefinition),
    searchParameters: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: TYPES.flatMap((type) =>
        parameters
          .filter((parameter) => parameter.type === type || parameter.type === 'Resource')
          .map(({ code, kind, expression, targets }) => ({
            resource: {
              resourceType: 'SearchParameter',
              base: [type],
              code,
              type: kind,
              expression,
              ...(targets !== undefined && targets !== '*' && { target: targets }),
            },
          })),
      ),
    },
  };
}
