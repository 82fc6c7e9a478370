import { isObject, type JsonObject, objectsOf } from '../json.ts';
import type { Holds } from './compiled.ts';

/**
 * Invariants written in TypeScript, by their expression, so that a change in the definitions brings the expression back
 * into use. These stand on the types that are met most, or take time that grows with the square of the resource.
 */
export const handwritten: ReadonlyMap<string, Holds> = new Map<string, Holds>([
  // qrs-1
  [
    '(answer.exists() and item.exists()).not()',
    onObject(({ answer, item }) => answer === undefined || item === undefined),
  ],
  // qty-3
  ['code.empty() or system.exists()', onObject((quantity) => !has(quantity, 'code') || has(quantity, 'system'))],
  // cpt-2
  ['value.empty() or system.exists()', onObject((point) => !has(point, 'value') || has(point, 'system'))],
  // att-1
  ['data.empty() or contentType.exists()', onObject((file) => !has(file, 'data') || has(file, 'contentType'))],
  // que-7: FHIRPath's own Boolean is meant, and FHIR's boolean stands there
  [
    "operator = 'exists' implies (answer is Boolean)",
    onObject(({ operator, answerBoolean }) => operator !== 'exists' || answerBoolean !== undefined),
  ],
  // que-2
  ['descendants().linkId.isDistinct()', onObject((questionnaire) => isDistinct(questionnaire.item, 'item', 'linkId'))],
  // obs-7
  [
    'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()',
    onObject((observation) => !hasValue(observation) || !repeatsCode(observation)),
  ],
  // csd-1
  [
    'concept.code.combine($this.descendants().concept.code).isDistinct()',
    onObject((codeSystem) => isDistinct(codeSystem.concept, 'concept', 'code')),
  ],
]);

function onObject(holds: (object: JsonObject) => boolean): Holds {
  return (value) => !isObject(value) || holds(value);
}

function has(object: JsonObject, primitive: string): boolean {
  return object[primitive] !== undefined || object[`_${primitive}`] !== undefined;
}

function hasValue(observation: JsonObject): boolean {
  return Object.keys(observation).some((name) => /^_?value[A-Z]/.test(name));
}

/** Whether a component has a coding of the observation's own code. */
function repeatsCode({ code, component }: JsonObject): boolean {
  const own = new Set(codingsOf(code));
  return objectsOf(component).some((each) => codingsOf(each.code).some((coding) => own.has(coding)));
}

/** The codings of a concept, each as a text that is the same for equal ones. */
function codingsOf(concept: unknown): string[] {
  return isObject(concept) ? objectsOf(concept.coding).map(canonicalText) : [];
}

function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

/** Whether no two of a tree's nodes have the same key. */
function isDistinct(nodes: unknown, children: string, key: string): boolean {
  const seen = new Set<unknown>();
  const open = [...objectsOf(nodes)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node[key] !== undefined && seen.has(node[key])) {
      return false;
    }
    seen.add(node[key]);
    for (const child of objectsOf(node[children])) {
      open.push(child);
    }
  }
  return true;
}
