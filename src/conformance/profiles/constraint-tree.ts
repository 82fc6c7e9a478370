import { type CompiledInvariant, compileInvariant, invariantsOfType } from '../invariants/compiled.ts';
import { isObject, type JsonObject, objectsOf } from '../json.ts';
import type { Bound, ConstrainedType, Constraint, Slice, Slicing } from './constraint.ts';

/**
 * The elements of a snapshot or a differential as a tree: `Observation.component:systolic.code` becomes the child `code`
 * of the slice `systolic` of the child `component`. A differential leaves out what lies between; so may the tree.
 *
 * @param type the type that the profile constrains
 */
export function constraintTree(elements: readonly JsonObject[], type: string): Constraint {
  const root = building(type);
  let slicesByPath = new Map<string, string>();
  for (const element of elements) {
    const path = String(element.path ?? '');
    const id = typeof element.id === 'string' ? element.id : idFrom(path, element, slicesByPath);
    if (typeof element.sliceName === 'string') {
      slicesByPath = new Map([...slicesByPath, [path, element.sliceName]]);
    }
    let at = root;
    for (const segment of id.split('.').slice(1)) {
      const [name = '', slice] = segment.split(':');
      at = childOf(at, name);
      // `a/b` is the slice b of the slice a.
      at = slice === undefined ? at : slice.split('/').reduce(sliceOf, at);
    }
    fill(at, element);
  }
  // What the profile itself is of is not its own to constrain; a type here could send a search round in a circle.
  return { ...finished(root, type, new Map()), types: undefined };
}

interface Building {
  readonly name: string;
  own: Omit<Constraint, 'name' | 'children' | 'slices'>;
  /** The id of the element whose children are this one's too (contentReference). */
  content: string | undefined;
  readonly children: Map<string, Building>;
  readonly slices: Map<string, Building>;
}

function building(name: string): Building {
  return {
    name,
    own: {
      min: 0,
      max: Number.POSITIVE_INFINITY,
      types: undefined,
      fixed: undefined,
      pattern: undefined,
      maxLength: undefined,
      least: undefined,
      most: undefined,
      required: undefined,
      invariantsFor: () => [],
      slicing: undefined,
    },
    content: undefined,
    children: new Map(),
    slices: new Map(),
  };
}

function childOf(parent: Building, name: string): Building {
  const child = parent.children.get(name) ?? building(name);
  parent.children.set(name, child);
  return child;
}

function sliceOf(parent: Building, name: string): Building {
  const slice = parent.slices.get(name) ?? building(parent.name);
  parent.slices.set(name, slice);
  return slice;
}

/** Elements need not have ids: then a slice holds for the elements below its path that follow it. */
function idFrom(path: string, element: JsonObject, slices: ReadonlyMap<string, string>): string {
  const parts = path.split('.');
  return parts
    .map((part, index) => {
      const above = parts.slice(0, index + 1).join('.');
      const slice = above === path ? element.sliceName : slices.get(above);
      return typeof slice === 'string' ? `${part}:${slice}` : part;
    })
    .join('.');
}

function fill(node: Building, element: JsonObject): void {
  const max = element.max;
  const value = (prefix: string) => Object.entries(element).find(([name]) => name.startsWith(prefix))?.[1];
  const binding = isObject(element.binding) ? element.binding : {};
  const reference = element.contentReference;
  node.content = typeof reference === 'string' && reference.startsWith('#') ? reference.slice(1) : undefined;
  node.own = {
    min: typeof element.min === 'number' ? element.min : 0,
    max: typeof max === 'string' && max !== '*' ? Number(max) : Number.POSITIVE_INFINITY,
    types: element.type === undefined ? undefined : objectsOf(element.type).map(constrainedType),
    fixed: value('fixed'),
    pattern: value('pattern'),
    maxLength: typeof element.maxLength === 'number' ? element.maxLength : undefined,
    least: bound(element, 'minValue'),
    most: bound(element, 'maxValue'),
    required: binding.strength === 'required' && typeof binding.valueSet === 'string' ? binding.valueSet : undefined,
    invariantsFor: invariantsOf(element),
    slicing: slicing(element),
  };
}

function bound(element: JsonObject, prefix: string): Bound | undefined {
  const [name, value] = Object.entries(element).find(([each]) => each.startsWith(prefix)) ?? [];
  const type = name?.slice(prefix.length) ?? '';
  return name === undefined
    ? undefined
    : { type: type === 'Quantity' ? type : type.charAt(0).toLowerCase() + type.slice(1), value };
}

function constrainedType(type: JsonObject): ConstrainedType {
  const strings = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
  return {
    type: String(type.code ?? ''),
    profiles: strings(type.profile),
    targets: strings(type.targetProfile),
  };
}

/** Those of severity error that R4 itself does not have (a snapshot repeats these), compiled for each type that is met. */
function invariantsOf(element: JsonObject): Constraint['invariantsFor'] {
  const own = objectsOf(element.constraint).flatMap(({ key, severity, source, expression, human }) =>
    severity === 'error' && typeof expression === 'string' && !isBase(source)
      ? [{ key: String(key), expression, human: String(human ?? 'A rule of the profile does not hold') }]
      : [],
  );
  const compiled = new Map<string, readonly CompiledInvariant[]>();
  return (type) => {
    let found = compiled.get(type);
    if (found === undefined) {
      const base = new Set(invariantsOfType(type).map(({ key }) => key));
      found = own.filter(({ key }) => !base.has(key)).map((each) => compileInvariant(each, type, false));
      compiled.set(type, found);
    }
    return found;
  };
}

function isBase(source: unknown): boolean {
  return typeof source === 'string' && /^(http:\/\/hl7\.org\/fhir\/StructureDefinition\/)?[A-Z][A-Za-z]*$/.test(source);
}

function slicing(element: JsonObject): Slicing | undefined {
  if (!isObject(element.slicing)) {
    return undefined;
  }
  const { discriminator, rules, ordered } = element.slicing;
  return {
    discriminators: objectsOf(discriminator).map(({ type, path }) => ({ type: String(type), path: String(path) })),
    rules: rules === 'closed' || rules === 'openAtEnd' ? rules : 'open',
    ordered: ordered === true,
  };
}

/** @param known what has been finished, by the ids of the elements */
function finished(building: Building, id: string, known: Map<string, Constraint>): Constraint {
  const { name, own, content, children, slices } = building;
  const listed = [...children.values()].map((child) => finished(child, `${id}.${child.name}`, known));
  const constraint: Constraint = {
    name,
    ...own,
    slicing: own.slicing ?? (slices.size > 0 ? implied(name) : undefined),
    // Looked up when asked for: an item refers to the item that it stands in.
    get children() {
      return listed.length > 0 || content === undefined ? listed : (known.get(content)?.children ?? []);
    },
    slices: [...slices].map(
      ([slice, each]): Slice => ({ name: slice, constraint: finished(each, `${id}:${slice}`, known) }),
    ),
  };
  known.set(id, constraint);
  return constraint;
}

/** What a differential need not say: extensions are sliced by url, choices by type (R4 profiling, 5.1.0.14). */
function implied(name: string): Slicing | undefined {
  const discriminator = /xtension$/.test(name)
    ? { type: 'value', path: 'url' }
    : name.endsWith('[x]')
      ? { type: 'type', path: '$this' }
      : undefined;
  return discriminator && { discriminators: [discriminator], rules: 'open', ordered: false };
}
