import { structureDefinition } from '../../model/r4/structure-definition.ts';
import { structures } from '../../model/r4/structures.ts';
import type { SearchParameters } from '../../search/parameters.ts';

/** MedplumClient.requestSchema() of @medplum/core 5, with its blanks collapsed; `X` stands for the type, twice. */
const QUERY =
  '{ StructureDefinitionList(_filter: "name eq X") { resourceType, name, kind, description, type, url, snapshot { element ' +
  '{ id, path, definition, min, max, base { path, min, max }, contentReference, type { code, profile, targetProfile }, ' +
  'binding { strength, valueSet } } } } SearchParameterList(base: "X", _count: 100) { base, code, type, expression, target } }';

const PATTERN = new RegExp(
  `^${QUERY.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace('X', '([A-Za-z]{1,64})')
    .replace('"X"', '"\\1"')}$`,
);

/** The type whose schema a query asks for; undefined for every other query. */
export function schemaType(query: unknown): string | undefined {
  if (typeof query !== 'string' || query.length > QUERY.length + 1000) return undefined;
  return PATTERN.exec(query.trim().replace(/\s+/g, ' '))?.[1];
}

/** The answer: R4's definition of the type and its search parameters, those of stored SearchParameters too. */
export function schemaAnswer(type: string, parameters: SearchParameters) {
  const structure = structures().get(type);
  const isResource = structure?.kind === 'resource' && structure.abstract !== true;
  const definition = structureDefinition(type);
  if (definition === undefined) return answer([], []);
  const list = isResource ? parameters.list(type) : [];
  return answer(
    [definition],
    list.map(({ code, kind, expression, targets }) => ({
      base: [type],
      code,
      type: kind,
      expression,
      ...(targets.length > 0 && { target: targets }),
    })),
  );
}

function answer(structureDefinitions: readonly object[], searchParameters: readonly object[]) {
  return { data: { StructureDefinitionList: structureDefinitions, SearchParameterList: searchParameters } };
}
