import type { Keep } from '../model/json/selection.ts';
import type { StructureElement } from '../model/r4/structure.ts';
import { elementsOf, jsonName, structures } from '../model/r4/structures.ts';

/** What R4 says about which elements a shortened view of a resource type holds. */
export interface ViewElements {
  /** The elements marked as summary, mandatory ones included, at every level. */
  summary(type: string): Keep;
  /** JSON names of the top-level elements that a shortened view must not leave out: mandatory ones and modifiers. */
  always(type: string): ReadonlySet<string>;
}

/** Modifiers that every resource may have: leaving them out could change what the rest means. */
const MODIFIERS = ['implicitRules', 'modifierExtension'];

/** Shortened views after R4's own definitions (FHIR R4 search.html#summary). */
export function r4ViewElements(): ViewElements {
  const summaries = new Map<string, Keep>();
  const always = new Map<string, ReadonlySet<string>>();
  return {
    summary(type) {
      return remembered(summaries, type, summaryOf);
    },
    always(type) {
      return remembered(always, type, alwaysOf);
    },
  };
}

function remembered<T>(made: Map<string, T>, type: string, make: (type: string) => T): T {
  const found = made.get(type) ?? make(type);
  made.set(type, found);
  return found;
}

function alwaysOf(type: string): ReadonlySet<string> {
  const mandatory = elementsOf(type).filter(({ min }) => min > 0);
  return new Set([...mandatory.flatMap(jsonNames), ...MODIFIERS]);
}

/**
 * Summary elements, and mandatory ones. Backbone elements mark theirs again; data types are kept whole, for their own
 * marks speak of them as seen alone.
 */
function summaryOf(type: string): Keep {
  const kept = new Map<string, true | Keep>();
  for (const element of elementsOf(type)) {
    if (element.summary || element.min > 0 || MODIFIERS.includes(element.name)) {
      const backbone = element.types
        .map(({ type }) => structures().get(type))
        .find((each) => each?.kind === 'backbone');
      // Elements that contain themselves (Questionnaire.item) are not in any summary, so this ends.
      const inside = backbone === undefined || backbone.name === type ? true : summaryOf(backbone.name);
      for (const name of jsonNames(element)) {
        kept.set(name, inside);
      }
    }
  }
  return (name) => kept.get(name) ?? false;
}

function jsonNames(element: StructureElement): string[] {
  return element.choice ? element.types.map(({ type }) => jsonName(element, type)) : [element.name];
}
