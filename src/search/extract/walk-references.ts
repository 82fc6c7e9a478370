import type { Structure } from '../../model/r4/structure.ts';
import { structures } from '../../model/r4/structures.ts';
import { isObject, type JsonObject } from './json.ts';

/** What may be found beneath an element, and so whether to look there. */
type Action =
  | { readonly kind: 'reference' | 'canonical'; readonly name: string }
  | { readonly kind: 'complex'; readonly name: string; readonly type: string }
  /** `_birthDate` and the like: extensions may refer. */
  | { readonly kind: 'primitive'; readonly name: string }
  /** Another resource: contained. */
  | { readonly kind: 'resource'; readonly name: string };

/** @param path FHIRPath location, with indexes: `QuestionnaireResponse.item[2].answer[0].value` */
export type ReferenceVisitor = (kind: 'reference' | 'canonical', value: unknown, path: () => string) => void;

/** Deeper than R4 resources nest; what is deeper, is not looked at. */
const DEPTH_MAX = 200;

const plans = new Map<string, ReadonlyMap<string, Action>>();

/**
 * Calls the visitor for every Reference and every canonical in a resource, contained resources and extensions included.
 * The resources in a Bundle's entries and in Parameters are not looked into: what they refer to is not this resource's.
 */
export function walkReferences(resource: unknown, visit: ReferenceVisitor): void {
  if (!isObject(resource) || typeof resource.resourceType !== 'string') {
    return;
  }
  const steps: (string | number)[] = [resource.resourceType];
  walkObject(resource, resource.resourceType, 0);

  function walkObject(object: JsonObject, type: string, depth: number): void {
    const actions = planOf(type);
    for (const property of Object.keys(object)) {
      const action = actions.get(property);
      if (action === undefined) {
        continue;
      }
      const value = object[property];
      steps.push(action.name);
      if (Array.isArray(value)) {
        for (let i = 0; i < value.length; i++) {
          steps.push(i);
          walkValue(value[i], action, depth);
          steps.pop();
        }
      } else {
        walkValue(value, action, depth);
      }
      steps.pop();
    }
  }

  function walkValue(value: unknown, action: Action, depth: number): void {
    if (action.kind === 'canonical') {
      if (typeof value === 'string') {
        visit('canonical', value, path);
      }
      return;
    }
    if (!isObject(value) || depth > DEPTH_MAX) {
      return;
    }
    switch (action.kind) {
      case 'reference':
        visit('reference', value, path);
        walkObject(value, 'Reference', depth + 1);
        break;
      case 'complex':
        walkObject(value, action.type, depth + 1);
        break;
      case 'primitive':
        walkObject(value, 'Element', depth + 1);
        break;
      case 'resource':
        if (typeof value.resourceType === 'string') {
          walkObject(value, value.resourceType, depth + 1);
        }
        break;
    }
  }

  function path(): string {
    return steps
      .reduce<string>((made, step) => (typeof step === 'number' ? `${made}[${step}]` : `${made}.${step}`), '')
      .slice(1);
  }
}

function planOf(type: string): ReadonlyMap<string, Action> {
  let actions = plans.get(type);
  if (actions === undefined) {
    actions = new Map(actionsOf(structures().get(type)));
    plans.set(type, actions);
  }
  return actions;
}

function actionsOf(structure: Structure | undefined): [string, Action][] {
  if (structure === undefined) {
    return [];
  }
  const inherited = structure.base === undefined ? [] : [...planOf(structure.base)];
  const own = structure.elements.flatMap(({ name, choice, types }) =>
    types.flatMap(({ type }): [string, Action][] => {
      const property = choice ? `${name}${type.charAt(0).toUpperCase()}${type.slice(1)}` : name;
      const kind = structures().get(type)?.kind;
      if (type === 'Reference') {
        return [[property, { kind: 'reference', name }]];
      }
      if (type === 'Resource') {
        return name === 'contained' ? [[property, { kind: 'resource', name }]] : [];
      }
      if (kind === 'primitive') {
        const extended: [string, Action] = [`_${property}`, { kind: 'primitive', name }];
        return type === 'canonical' ? [[property, { kind: 'canonical', name }], extended] : [extended];
      }
      return kind === undefined || type === 'Narrative' ? [] : [[property, { kind: 'complex', name, type }]];
    }),
  );
  return [...inherited, ...own];
}
