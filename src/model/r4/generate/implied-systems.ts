import type { Structure, StructureElement } from '../structure.ts';
import { bare, unionParts } from '../union-parts.ts';
import { definitionsOfType, object, objects, text, texts } from './definitions-package.ts';

/**
 * Tells the system that is implied where an expression yields elements of type `code`: the one code system of the value
 * set that they are bound to (R4 search, 3.1.1.4.10). Undefined if there are several, or if not all elements are codes.
 */
export function impliedSystems(structures: readonly Structure[]): (expression: string) => string | undefined {
  const byName = new Map(structures.map((each) => [each.name, each]));
  const systems = new Map(definitionsOfType('ValueSet').map((each) => [text(each, 'url') ?? '', systemsOf(each)]));
  return (expression) => {
    const found = new Set(
      unionParts(expression).map((part) => {
        const element = elementAt(bare(part), byName);
        const of =
          element?.types[0]?.type === 'code' && !element.choice ? systems.get(element.required ?? '') : undefined;
        return of?.size === 1 ? [...of][0] : undefined;
      }),
    );
    return found.size === 1 ? [...found][0] : undefined;
  };
}

function systemsOf(valueSet: Record<string, unknown>): Set<string | undefined> {
  // An include of other value sets has systems that are not told here: it counts as one that is unknown.
  return new Set(
    objects(object(valueSet, 'compose'), 'include').flatMap((each) =>
      texts(each, 'valueSet').length > 0 ? [undefined, ''] : [text(each, 'system')],
    ),
  );
}

/** The element that a plain path (`Patient.contact.gender`) names. */
function elementAt(path: string, structures: ReadonlyMap<string, Structure>): StructureElement | undefined {
  const [root, ...names] = path.split('.');
  let type = root;
  let element: StructureElement | undefined;
  for (const name of names) {
    element = undefined;
    for (let at = structures.get(type ?? ''); at !== undefined && element === undefined; ) {
      element = at.elements.find((each) => each.name === name);
      at = at.base === undefined ? undefined : structures.get(at.base);
    }
    type = element?.types[0]?.type;
  }
  return element;
}
