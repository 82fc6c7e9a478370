import type {
  ElementDefinition,
  Extension,
  Questionnaire,
  QuestionnaireItem,
  StructureDefinition,
} from '@medplum/fhirtypes';
import { moduleOf } from './module.ts';

const core = 'http://hl7.org/fhir/StructureDefinition/';
const MORE_THAN_ONE = /^(?:\*|[2-9]|\d{2,})$/;

/** The element that `item.definition` names, `canonical#element.id`, in its StructureDefinition; undefined if it is not there. */
export function definedElement(structure: StructureDefinition, id: string): ElementDefinition | undefined {
  return elementsOf(structure).find((element) => element.id === id);
}

/** The canonical and the element id of an `item.definition`. */
export function splitDefinition(definition: string): [canonical: string, elementId: string] {
  const [canonical = '', elementId = ''] = definition.split('#');
  return [canonical, elementId];
}

/**
 * An item with what its definition says of it and it does not say itself: text, required, repeats, maxLength, value set,
 * least and greatest value, entry format, pattern (SDC, "Using item definitions"). What the item says stays. A group that
 * asks nothing of its own is given one item for each element that the definition holds.
 */
export function fillFromDefinition(item: QuestionnaireItem, structure: StructureDefinition): QuestionnaireItem {
  const [canonical, id] = splitDefinition(item.definition ?? '');
  const element = definedElement(structure, id);
  if (element === undefined) return item;
  const filled = withElement(item, element);
  const asksNothing = (item.item ?? []).every((child) => child.type === 'display' && moduleOf(child) === undefined);
  if (item.type !== 'group' || !asksNothing) return filled;
  const asked = elementsOf(structure)
    .filter((each) => isChild(id, each))
    .map((each) => itemOf(item.linkId, canonical, each));
  return asked.length === 0 ? filled : { ...filled, item: [...(item.item ?? []), ...asked] };
}

function elementsOf(structure: StructureDefinition): readonly ElementDefinition[] {
  return structure.snapshot?.element ?? structure.differential?.element ?? [];
}

function isChild(parent: string, element: ElementDefinition): boolean {
  const id = element.id ?? '';
  if (!id.startsWith(`${parent}.`)) return false;
  const name = id.slice(parent.length + 1);
  return !name.includes('.') && name !== 'id' && name !== 'extension' && name !== 'modifierExtension';
}

function itemOf(parent: string, canonical: string, element: ElementDefinition): QuestionnaireItem {
  const id = element.id ?? '';
  const linkId = `${parent}.${id.slice(id.lastIndexOf('.') + 1)}`;
  return withElement({ linkId, definition: `${canonical}#${id}`, type: itemType(element) }, element);
}

function withElement(item: QuestionnaireItem, element: ElementDefinition): QuestionnaireItem {
  const text = element.label ?? (element.short === 'n/a' ? undefined : element.short);
  const question = item.type !== 'group' && item.type !== 'display';
  const choice = item.type === 'choice' || item.type === 'open-choice';
  const valueSet = choice && item.answerOption === undefined ? element.binding?.valueSet : undefined;
  const extension = [...(item.extension ?? []), ...limits(item, element)];
  const filled: QuestionnaireItem = {
    ...item,
    ...given('text', item.text ?? text),
    ...given('required', item.required ?? ((element.min ?? 0) > 0 ? true : undefined)),
    ...given('repeats', item.repeats ?? (MORE_THAN_ONE.test(element.max ?? '') ? true : undefined)),
    ...(question ? given('maxLength', item.maxLength ?? element.maxLength) : {}),
    ...given('answerValueSet', item.answerValueSet ?? valueSet),
  };
  return extension.length === 0 ? filled : { ...filled, extension };
}

function given<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, V>>);
}

/** What limits the answer, as the extensions that say so on an item; those that the item has already are left out. */
function limits(item: QuestionnaireItem, element: ElementDefinition): Extension[] {
  const has = (url: string): boolean => item.extension?.some((each) => each.url === url) === true;
  const typed = element.type?.[0]?.extension ?? [];
  const named = [...(element.extension ?? []), ...typed].filter(
    ({ url }) => url === `${core}entryFormat` || url === `${core}regex`,
  );
  return [...['minValue', 'maxValue'].flatMap((name) => limit(name, element)), ...named].filter(
    ({ url }) => url === undefined || !has(url),
  );
}

/** `minValueDate` as the extension minValue, with what stands beside the primitive (an expression in its place). */
function limit(name: string, element: ElementDefinition): Extension[] {
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(element)) {
    const plain = key.replace(/^_/, '');
    if (!plain.startsWith(name)) continue;
    found[`${key.startsWith('_') ? '_' : ''}value${plain.slice(name.length)}`] = value;
  }
  return Object.keys(found).length === 0 ? [] : [{ url: core + name, ...found }];
}

/** The type of question for a type of element (SDC, "Using item definitions"). */
function itemType(element: ElementDefinition): QuestionnaireItem['type'] {
  const code = element.type?.[0]?.code ?? '';
  switch (code) {
    case 'boolean':
    case 'decimal':
    case 'integer':
    case 'date':
    case 'dateTime':
    case 'time':
    case 'string':
      return code;
    case 'positiveInt':
    case 'unsignedInt':
      return 'integer';
    case 'instant':
      return 'dateTime';
    case 'markdown':
      return 'text';
    case 'uri':
    case 'url':
    case 'canonical':
      return 'url';
    case 'code':
    case 'Coding':
    case 'CodeableConcept':
      return element.binding?.strength === 'example' || element.binding?.strength === 'preferred'
        ? 'open-choice'
        : 'choice';
    case 'Quantity':
      return 'quantity';
    case 'Reference':
      return 'reference';
    case 'Attachment':
      return 'attachment';
    case 'id':
    case 'oid':
    case 'uuid':
      return 'string';
    default:
      return 'group';
  }
}

/** The canonicals of all definitions that a form's items name. */
export function definitionsOf(questionnaire: Questionnaire): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (items: readonly QuestionnaireItem[]): void => {
    for (const item of items) {
      if (item.definition?.includes('#') === true) found.add(splitDefinition(item.definition)[0]);
      walk(item.item ?? []);
    }
  };
  walk(questionnaire.item ?? []);
  return found;
}
