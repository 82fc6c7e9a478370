import type { StructureElement } from '../model/r4/structure.ts';
import type { ValueSetCodes } from '../model/r4/value-set.ts';
import { requiredValueSet } from '../model/r4/value-sets.ts';
import { isObject, objectsOf } from './json.ts';

/** What is wrong with a value of a bound element; undefined if nothing is. Never repeats the value. */
export type Binding = (value: unknown) => string | undefined;

/** Whether a value set has a code; `system` is undefined for elements of type code, which have none. */
export type Membership = (system: string | undefined, code: string) => boolean;

const LISTED_MAX = 20;
const VALUE_SET = 'http://hl7.org/fhir/ValueSet/';
/** BCP 13 names (RFC 6838) with parameters; FHIR adds short names such as `json` for formats. */
const MIME_TYPE = /^[A-Za-z0-9][\w!#$&^.+-]{0,126}(\/[\w!#$&^.+*-]{1,127})?(;.{0,200})?$/;
/** BCP 47: subtags of letters and digits; whether they are registered is not looked at. */
const LANGUAGE = /^(?:[A-Za-z]{2,8}|[xXiI])(?:-[A-Za-z0-9]{1,8}){0,10}$/;
/** UCUM's units are made of printable ASCII without spaces; whether a unit means something is not looked at. */
const UCUM_UNIT = /^[!-~]{1,200}$/;
const UCUM = 'http://unitsofmeasure.org';

/** Value sets that cannot be listed, told by form. */
const byForm: Readonly<Record<string, Membership>> = {
  [`${VALUE_SET}all-languages`]: (_, code) => LANGUAGE.test(code),
  [`${VALUE_SET}mimetypes`]: (_, code) => MIME_TYPE.test(code),
  [`${VALUE_SET}ucum-units`]: (system, code) => system === UCUM && UCUM_UNIT.test(code),
};

const bindings = new Map<string, Binding | undefined>();

/** The check of an element's required binding in base R4; undefined if it has none that can be checked. */
export function requiredBinding(element: StructureElement, type: string): Binding | undefined {
  const url = element.required;
  if (url === undefined) {
    return undefined;
  }
  const key = `${type} ${url}`;
  if (!bindings.has(key)) {
    const codes = requiredValueSet(url);
    const has = codes === undefined ? byForm[url] : membership(codes);
    bindings.set(key, has === undefined ? undefined : binding(type, has, words(url, codes)));
  }
  return bindings.get(key);
}

/** Whether listed codes have a code. */
export function membership(codes: ValueSetCodes): Membership {
  const any = new Set(codes.flatMap(([, listed]) => listed));
  const bySystem = new Map(codes.map(([system, listed]) => [system, new Set(listed)]));
  return (system, code) => (system === undefined ? any.has(code) : (bySystem.get(system)?.has(code) ?? false));
}

/**
 * The check of a required binding for values of one type.
 *
 * @param fault what to say about a value that is not in the set
 */
export function binding(type: string, has: Membership, fault: string): Binding {
  const hasCoding = (coding: unknown) =>
    isObject(coding) &&
    typeof coding.code === 'string' &&
    has(typeof coding.system === 'string' ? coding.system : '', coding.code);
  switch (type) {
    case 'CodeableConcept':
      // One coding from the set is enough; without any, only an extension can say why there is none.
      return (value) => {
        const concept = isObject(value) ? value : {};
        const codings = objectsOf(concept.coding);
        return codings.some(hasCoding) || (codings.length === 0 && concept.extension !== undefined) ? undefined : fault;
      };
    case 'Coding':
    case 'Quantity':
      return (value) => (hasCoding(value) ? undefined : fault);
    default:
      return (value) => (typeof value === 'string' && has(undefined, value) ? undefined : fault);
  }
}

function words(url: string, codes: ValueSetCodes | undefined): string {
  const listed = codes?.flatMap(([, each]) => each) ?? [];
  const allowed = listed.length > 0 && listed.length <= LISTED_MAX ? `: ${listed.join(', ')}` : '';
  return `The code must be one of value set ${url}${allowed}.`;
}
