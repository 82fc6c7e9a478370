import type { ElementType, Invariant, Structure, StructureElement } from '../structure.ts';
import { definitionsOfType, type Json, object, objects, text, texts } from './definitions-package.ts';

const DEFINITION = 'http://hl7.org/fhir/StructureDefinition/';
/** Element and Extension invariants that stand on nearly every element: checked everywhere, so not repeated here. */
const UNIVERSAL = new Set(['ele-1', 'ext-1']);
/** Data types that constrain another and are used by name inside the base definitions. */
const CONSTRAINED = new Set(['SimpleQuantity', 'MoneyQuantity']);

type Building = { -readonly [K in keyof Structure]: Structure[K] } & {
  elements: StructureElement[];
  invariants: Invariant[];
};

/** The compact form of every base StructureDefinition of R4: resources, data types, primitives; sorted by name. */
export function structures(): Structure[] {
  const definitions = new Map(
    definitionsOfType('StructureDefinition')
      .filter((each) => text(each, 'derivation') !== 'constraint' || CONSTRAINED.has(text(each, 'id') ?? ''))
      .filter((each) => text(each, 'kind') !== 'logical')
      .map((each) => [text(each, 'id') ?? '', each]),
  );
  return [...definitions.values()]
    .flatMap((each) => structuresOf(each, definitions))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function structuresOf(definition: Json, definitions: ReadonlyMap<string, Json>): Structure[] {
  const name = text(definition, 'id') ?? '';
  const base = text(definition, 'baseDefinition')?.slice(DEFINITION.length);
  const [root, ...elements] = objects(object(definition, 'snapshot'), 'element');
  const inherited = base === undefined ? [] : objects(object(definitions.get(base) ?? {}, 'snapshot'), 'element');
  const inheritedElements = new Set(inherited.slice(1).map(tail));
  const inheritedKeys = new Set(inherited.slice(0, 1).flatMap((each) => invariants(each).map(({ key }) => key)));
  const kind = text(definition, 'kind');
  const main: Building = {
    name,
    kind: kind === 'resource' ? 'resource' : kind === 'primitive-type' ? 'primitive' : 'complex',
    ...(definition.abstract === true ? { abstract: true as const } : {}),
    ...(base === undefined ? {} : { base }),
    elements: [],
    invariants: root === undefined ? [] : invariants(root).filter(({ key }) => !inheritedKeys.has(key)),
  };
  const made = new Map<string, Building>([[name, main]]);
  for (const element of elements) {
    // A constraining type (SimpleQuantity) still carries the paths of the type that it constrains.
    const path = text(element, 'path') ?? '';
    const parent = made.get(path.includes('.') && CONSTRAINED.has(name) ? name : path.slice(0, path.lastIndexOf('.')));
    const own = CONSTRAINED.has(name)
      ? text(element, 'max') === '0'
      : parent !== main || !inheritedElements.has(tail(element));
    const backbone = typeCodes(element).find((type) => type === 'BackboneElement' || type === 'Element');
    if (parent === undefined) {
      throw new Error(`${path}: no structure for the parent`);
    }
    if (backbone !== undefined && hasChildren(path, elements)) {
      made.set(path, { name: path, kind: 'backbone', base: backbone, elements: [], invariants: invariants(element) });
    }
    const inheritsFromBackbone = parent !== main && ['id', 'extension', 'modifierExtension'].includes(tail(element));
    if (own && !inheritsFromBackbone) {
      parent.elements.push(structureElement(element, made.has(path) ? path : undefined));
    }
  }
  return [...made.values()].map(({ invariants, ...rest }) => (invariants.length > 0 ? { ...rest, invariants } : rest));
}

function structureElement(element: Json, backbone: string | undefined): StructureElement {
  const path = text(element, 'path') ?? '';
  const content = text(element, 'contentReference')?.slice(1);
  const max = text(element, 'max');
  const bound = boundTo(element);
  const named = backbone ?? content;
  const own = named === undefined ? invariants(element) : [];
  return {
    name: tail(element).replace('[x]', ''),
    min: Number(element.min),
    ...(max === '*' ? { max: '*' as const } : max === '0' ? { max: 0 as const } : {}),
    ...(path.endsWith('[x]') ? { choice: true as const } : {}),
    ...(element.isSummary === true ? { summary: true as const } : {}),
    types: named === undefined ? objects(element, 'type').map((type) => elementType(path, type)) : [{ type: named }],
    ...(bound === undefined ? {} : { required: bound.split('|')[0] }),
    ...(own.length > 0 ? { invariants: own } : {}),
  };
}

/**
 * What an element's codes must be from: a required value set, or the maximal one beside a preferred binding
 * (extension elementdefinition-maxValueSet). The latter only for elements of type code: concepts may have codings of
 * other systems too.
 */
function boundTo(element: Json): string | undefined {
  const binding = object(element, 'binding');
  if (text(binding, 'strength') === 'required') {
    return text(binding, 'valueSet');
  }
  const maximal = objects(binding, 'extension').find((each) => text(each, 'url')?.endsWith('-maxValueSet'));
  return maximal !== undefined && typeCodes(element).includes('code') ? text(maximal, 'valueCanonical') : undefined;
}

function elementType(path: string, type: Json): ElementType {
  const targets = texts(type, 'targetProfile').map((each) => each.slice(DEFINITION.length));
  const profile = texts(type, 'profile')[0]?.slice(DEFINITION.length);
  return {
    type: typeName(path, type),
    ...(targets.length > 0 && !targets.includes('Resource') ? { targets } : {}),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Elements without a FHIR type of their own (`id`, `url`, values of primitives) carry a FHIRPath system type. */
function typeName(path: string, type: Json): string {
  const code = text(type, 'code') ?? '';
  if (!code.startsWith('http://hl7.org/fhirpath/')) {
    return code;
  }
  // The definitions say `string` for the id of a resource; the specification's page, and its JSON schema, say `id`.
  if (path === 'Resource.id') {
    return 'id';
  }
  const fhirType = objects(type, 'extension').find((each) => text(each, 'url')?.endsWith('-fhir-type'));
  return (fhirType && text(fhirType, 'valueUrl')) ?? code.slice('http://hl7.org/fhirpath/'.length);
}

function invariants(element: Json): Invariant[] {
  return objects(element, 'constraint')
    .filter((each) => text(each, 'severity') === 'error' && !UNIVERSAL.has(text(each, 'key') ?? ''))
    .map((each) => ({
      key: text(each, 'key') ?? '',
      expression: text(each, 'expression') ?? '',
      human: (text(each, 'human') ?? '').trim(),
    }));
}

function hasChildren(path: string, elements: readonly Json[]): boolean {
  return elements.some((each) => text(each, 'path')?.startsWith(`${path}.`));
}

function typeCodes(element: Json): string[] {
  return objects(element, 'type').map((type) => text(type, 'code') ?? '');
}

function tail(element: Json): string {
  const path = text(element, 'path') ?? '';
  return path.slice(path.lastIndexOf('.') + 1);
}
