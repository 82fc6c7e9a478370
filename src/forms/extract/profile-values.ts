import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { definitionTarget } from './definition-path.ts';

type Json = Record<string, unknown>;

/** An element of a profile with those that stand in it. */
interface ProfileElement {
  readonly definition: ElementDefinition | undefined;
  /** By the last segment of their ids. */
  readonly children: Map<string, ProfileElement>;
}

/** The url of the extension that a slice of a profile stands for. */
export function extensionUrl(profile: StructureDefinition | undefined, id: string): string | undefined {
  const definition = elementsOf(profile).find((each) => each.id === id);
  return definition?.type?.[0]?.profile?.[0]?.split('|')[0];
}

/**
 * Adds what a profile fixes, by fixed[x] or pattern[x], to a resource: to elements that are there, and with elements that
 * must be there (SDC, "Definition-based extraction").
 *
 * @param slices which slice an object of the resource is
 */
export function fillFromProfile(
  resource: Json,
  profile: StructureDefinition,
  slices: ReadonlyMap<object, string>,
): void {
  const root: ProfileElement = { definition: undefined, children: new Map() };
  for (const definition of elementsOf(profile)) {
    const [, ...segments] = (definition.id ?? '').split('.');
    let at = root;
    for (const [index, segment] of segments.entries()) {
      const own = index === segments.length - 1 ? definition : undefined;
      const child = at.children.get(segment) ?? { definition: own, children: new Map() };
      at.children.set(segment, child);
      at = child;
    }
  }
  fill(resource, root, `${profile.type}`, slices);
}

function fill(object: Json, { children }: ProfileElement, path: string, slices: ReadonlyMap<object, string>): void {
  for (const [segment, child] of children) {
    const id = `${path}.${segment}`;
    const step = definitionTarget('', id)?.steps.at(-1);
    if (step === undefined) continue;
    const { element, slice, list } = step;
    const narrowed =
      child.definition?.type?.length === 1 ? child.definition.type.flatMap(({ code }) => code ?? []) : [];
    const types = narrowed.length > 0 ? narrowed : step.types;
    const values = (element.choice ? types : ['']).map((each) => nameIn(element.name, each));
    const name = values.find((each) => object[each] !== undefined) ?? values[0] ?? element.name;
    const fixed = fixedValue(child.definition);
    const required = (child.definition?.min ?? 0) > 0;
    const present = listOf(object[name]).filter((each) => slice === undefined || slices.get(each as object) === slice);
    if (
      present.length === 0 &&
      values.length === 1 &&
      (fixed !== undefined ? slice === undefined || required : required)
    ) {
      const made = fixed === undefined ? {} : structuredClone(fixed);
      object[name] = list ? [...listOf(object[name]), made] : made;
      present.push(made);
    }
    for (const each of present) {
      if (isObject(each)) {
        if (isObject(fixed)) complete(each, fixed);
        fill(each, child, id, slices);
      }
    }
  }
}

function nameIn(name: string, type: string): string {
  return name + type.charAt(0).toUpperCase() + type.slice(1);
}

function fixedValue(definition: ElementDefinition | undefined): unknown {
  const key = Object.keys(definition ?? {}).find((name) => /^(?:fixed|pattern)[A-Z]/.test(name));
  return Object.entries(definition ?? {}).find(([name]) => name === key)?.[1];
}

/** Adds what a pattern has and the value has not. */
function complete(value: Json, pattern: Json): void {
  for (const [name, each] of Object.entries(pattern)) {
    const own = value[name];
    if (own === undefined) {
      value[name] = structuredClone(each);
    } else if (isObject(own) && isObject(each)) {
      complete(own, each);
    }
  }
}

function elementsOf(profile: StructureDefinition | undefined): readonly ElementDefinition[] {
  return profile?.snapshot?.element ?? profile?.differential?.element ?? [];
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
