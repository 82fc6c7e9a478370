import type { StructureDefinition } from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { jsonName } from '../../model/r4/structures.ts';
import type { DefinitionStep, DefinitionTarget } from './definition-path.ts';
import type { Evaluation } from './evaluation.ts';
import { fitted } from './fitted.ts';
import { extensionUrl, fillFromProfile } from './profile-values.ts';

export type Json = Record<string, unknown>;

interface Opened {
  readonly object: Json;
  /** A group of the form stands for it: it is not left for another when one of its elements has a value already. */
  readonly byGroup: boolean;
}

/**
 * The repeating elements that an item, and what it stands in, have opened in a resource. Items inside write into what is
 * open around them; beside each other they open their own.
 */
export class OpenElements {
  readonly #outer: OpenElements | undefined;
  readonly #own = new Map<string, Opened>();

  constructor(outer?: OpenElements) {
    this.#outer = outer;
  }

  find(path: string): Opened | undefined {
    return this.#own.get(path) ?? this.#outer?.find(path);
  }

  open(path: string, opened: Opened): void {
    this.#own.set(path, opened);
  }
}

/** A resource that is filled in element by element (SDC, "Definition-based extraction"). */
export class ResourceInMaking {
  readonly canonical: string;
  readonly #resource: Json;
  readonly #profile: StructureDefinition | undefined;
  readonly #evaluation: Evaluation;
  /** Which slice of a profile an element is. */
  readonly #slices = new Map<object, string>();

  constructor(canonical: string, type: string, profile: StructureDefinition | undefined, evaluation: Evaluation) {
    this.canonical = canonical;
    this.#resource = { resourceType: type, ...(profile?.url !== undefined && { meta: { profile: [profile.url] } }) };
    this.#profile = profile;
    this.#evaluation = evaluation;
  }

  /** Opens the element that a group stands for. */
  openGroup({ type, steps }: DefinitionTarget, elements: OpenElements, path: string): void {
    const last = steps.at(-1);
    const [lastType] = last?.types ?? [];
    if (last === undefined || lastType === undefined) {
      return;
    }
    if (last.types.length > 1) {
      this.#evaluation.warn('value', 'The definition of a group must say which type of a choice it stands for.', path);
      return;
    }
    const { object, prefix } = this.#walk(type, steps.slice(0, -1), elements, undefined);
    if (last.list) {
      this.#added(object, last, lastType, pathOf(prefix, last), elements, true);
    } else {
      childOf(object, jsonName(last.element, lastType));
    }
  }

  /** Writes a value into the element that a definition names. */
  write({ type, steps }: DefinitionTarget, value: TypedValue, elements: OpenElements, path: string): void {
    const leaf = steps.at(-1);
    // What is written may be added to; the response and the form keep what they have.
    const fit = leaf && fitted({ type: value.type, value: structuredClone(value.value) }, leaf.types);
    if (leaf === undefined || fit === undefined) {
      const takes = leaf === undefined ? 'a resource' : leaf.types.length > 5 ? 'its types' : leaf.types.join(' or ');
      this.#evaluation.warn('value', `A value of type ${value.type} does not fit: the element takes ${takes}.`, path);
      return;
    }
    this.#evaluation.made();
    const { object } = this.#walk(type, steps.slice(0, -1), elements, { leaf, value: fit });
    const name = jsonName(leaf.element, fit.type);
    if (leaf.list) {
      listAt(object, name).push(fit.value);
      return;
    }
    if (isTaken(object, leaf, fit)) {
      this.#evaluation.warn('multiple-matches', 'There is more than one value for an element that takes one.', path);
      for (const other of leaf.types) delete object[jsonName(leaf.element, other)];
    }
    object[name] = fit.value;
  }

  /** The resource with what its profile fixes; undefined where there is nothing in it. */
  finished(): Json | undefined {
    if (this.#profile !== undefined) {
      fillFromProfile(this.#resource, this.#profile, this.#slices);
    }
    const { resourceType, meta, ...elements } = this.#resource;
    const kept = pruned(elements);
    return kept === undefined ? undefined : { resourceType, ...(meta !== undefined && { meta }), ...(kept as Json) };
  }

  /** The object that holds the element after `steps`, made where it is not there. */
  #walk(
    type: string,
    steps: readonly DefinitionStep[],
    elements: OpenElements,
    goal: { readonly leaf: DefinitionStep; readonly value: TypedValue } | undefined,
  ): { readonly object: Json; readonly prefix: string } {
    let object = this.#resource;
    let prefix = type;
    steps.forEach((step, index) => {
      const [own = ''] = step.types;
      const outer = object;
      prefix = pathOf(prefix, step);
      if (!step.list) {
        object = childOf(outer, jsonName(step.element, own));
        return;
      }
      const open = elements.find(prefix);
      const rest = steps.slice(index + 1);
      const left = open !== undefined && !open.byGroup && goal !== undefined && isFull(open.object, rest, goal);
      object = open === undefined || left ? this.#added(outer, step, own, prefix, elements, false) : open.object;
    });
    return { object, prefix };
  }

  #added(
    outer: Json,
    step: DefinitionStep,
    type: string,
    path: string,
    elements: OpenElements,
    byGroup: boolean,
  ): Json {
    this.#evaluation.made();
    const { element, slice } = step;
    const url = slice !== undefined && type === 'Extension' ? extensionUrl(this.#profile, path) : undefined;
    const object: Json = url === undefined ? {} : { url };
    listAt(outer, element.name).push(object);
    if (slice !== undefined) {
      this.#slices.set(object, slice);
    }
    elements.open(path, { object, byGroup });
    return object;
  }
}

function pathOf(prefix: string, { element, slice }: DefinitionStep): string {
  const name = element.choice ? `${element.name}[x]` : element.name;
  return slice === undefined ? `${prefix}.${name}` : `${prefix}.${name}:${slice}`;
}

function childOf(object: Json, name: string): Json {
  const found = object[name];
  if (isObject(found)) {
    return found;
  }
  const made: Json = {};
  object[name] = made;
  return made;
}

function listAt(object: Json, name: string): unknown[] {
  const found = object[name];
  if (Array.isArray(found)) {
    return found;
  }
  const made: unknown[] = [];
  object[name] = made;
  return made;
}

/** Whether what is to be written has another value already in an element that is open. */
function isFull(
  opened: Json,
  rest: readonly DefinitionStep[],
  { leaf, value }: { readonly leaf: DefinitionStep; readonly value: TypedValue },
): boolean {
  let object: unknown = opened;
  for (const { element, types, list } of rest) {
    const [type = ''] = types;
    object = list || !isObject(object) ? undefined : object[jsonName(element, type)];
  }
  return !leaf.list && isObject(object) && isTaken(object, leaf, value);
}

function isTaken(object: Json, { element, types }: DefinitionStep, { type, value }: TypedValue): boolean {
  return types.some((each) => {
    const found = object[jsonName(element, each)];
    return found !== undefined && !(each === type && JSON.stringify(found) === JSON.stringify(value));
  });
}

/** Without elements that hold nothing. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = value.map(pruned).filter((each) => each !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (!isObject(value)) {
    return value;
  }
  const kept = Object.entries(value).flatMap(([name, each]) => {
    const inner = pruned(each);
    return inner === undefined ? [] : [[name, inner] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
