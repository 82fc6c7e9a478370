import type { StructureElement } from './structure.ts';
import { elementsOf, structures } from './structures.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';
/** Backbone elements nest four deep in R4; no definition is nearly as large. */
const ELEMENTS_MAX = 2000;

/**
 * R4's definition of a type, as much as clients draw tables and fields by: the elements with their types, how often they
 * occur, and required value sets; no texts. Undefined: R4 has no such type, or only as a part of another.
 */
export function structureDefinition(type: string) {
  const structure = structures().get(type);
  if (structure === undefined || structure.kind === 'backbone') return undefined;
  return {
    resourceType: 'StructureDefinition',
    name: type,
    kind:
      structure.kind === 'resource' ? 'resource' : structure.kind === 'primitive' ? 'primitive-type' : 'complex-type',
    description: '',
    type,
    url: R4 + type,
    snapshot: { element: [root(type), ...nested(type, type)].slice(0, ELEMENTS_MAX) },
  };
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
