import type { StructureElement } from '../../model/r4/structure.ts';
import { elementsOf, structures } from '../../model/r4/structures.ts';
import type { SearchParameters } from '../../search/parameters.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';
/** Backbone elements nest four deep in R4; no definition is nearly as large. */
const ELEMENTS_MAX = 2000;

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
  if (structure === undefined || structure.kind === 'backbone') return answer([], []);
  const definition = {
    resourceType: 'StructureDefinition',
    name: type,
    kind:
      structure.kind === 'resource' ? 'resource' : structure.kind === 'primitive' ? 'primitive-type' : 'complex-type',
    description: '',
    type,
    url: R4 + type,
    snapshot: { element: [root(type), ...nested(type, type)].slice(0, ELEMENTS_MAX) },
  };
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

function root(type: string) {
  return { id: type, path: type, definition: '', min: 0, max: '*', base: { path: type, min: 0, max: '*' } };
}

/** All elements of a type, each followed by what is inside it where that is defined on the spot. */
function nested(type: string, path: string): object[] {
  return elementsOf(type).flatMap((element) => {
    const own = `${path}.${element.name}${element.choice ? '[x]' : ''}`;
    const backbone = element.types.map((each) => each.type).find((name) => structures().get(name)?.kind === 'backbone');
    const inside = backbone === own;
    const max = element.max === undefined ? '1' : String(element.max);
    const definition = {
      ...{ id: own, path: own, definition: '', min: element.min, max },
      base: { path: own, min: element.min, max },
      ...(backbone !== undefined && !inside
        ? { contentReference: `#${backbone}` }
        : { type: inside ? [{ code: structures().get(own)?.base ?? 'BackboneElement' }] : typesOf(element) }),
      ...(element.required !== undefined && { binding: { strength: 'required', valueSet: element.required } }),
    };
    return inside ? [definition, ...nested(own, own)] : [definition];
  });
}

function typesOf({ types }: StructureElement) {
  return types.map(({ type: code, profile, targets }) => ({
    code,
    ...(profile !== undefined && { profile: [R4 + profile] }),
    ...(targets !== undefined && { targetProfile: targets.map((target) => R4 + target) }),
  }));
}
