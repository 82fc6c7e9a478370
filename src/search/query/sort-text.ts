import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { r4FhirPath } from '../../fhirpath/r4.ts';
import { isObject, list, text } from '../extract/json.ts';
import { parseReference } from '../extract/parse-reference.ts';
import type { SearchParameterDef } from '../parameters.ts';

/** UTF-16 units of a text that count: what is longer and begins alike is a tie. A page token has to hold it. */
const TEXT_MAX = 200;

/**
 * Reads what a resource is sorted by, by a token, reference or uri parameter: a code, or, where there is none, what is
 * displayed; the value of an identifier or a contact point; `true` and `false`; `Type/id` of a reference, or the url, or,
 * where it has none, its identifier or what is displayed. Of several values the least, or, descending, the greatest;
 * null where there is none. An expression that fails on a resource finds nothing there, as when it was indexed.
 *
 * @param baseUrl the server's own, without a slash at the end
 */
export function sortText(
  param: SearchParameterDef,
  descending: boolean,
  baseUrl: string,
): (resource: unknown) => string | null {
  const values = (resource: unknown): readonly TypedValue[] => {
    try {
      return r4FhirPath().compile(param.expression, param.type).evaluateTyped(resource);
    } catch {
      return [];
    }
  };
  const texts = param.kind === 'reference' ? (value: TypedValue) => referred(value, baseUrl) : shown;
  return (resource) =>
    values(resource)
      .flatMap(texts)
      .map((each) => each.slice(0, TEXT_MAX).toWellFormed())
      .reduce<string | null>((best, each) => (best === null || each < best !== descending ? each : best), null);
}

function shown({ type, value }: TypedValue): readonly string[] {
  if (typeof value === 'boolean' || typeof value === 'number') {
    return [String(value)];
  }
  if (!isObject(value)) {
    return one(value);
  }
  switch (type) {
    case 'CodeableConcept': {
      const codes = list(value.coding).flatMap((coding) => shown({ type: 'Coding', value: coding }));
      return codes.length > 0 ? codes : one(value.text);
    }
    case 'Coding':
      return one(text(value.code) ?? value.display);
    case 'Identifier':
    case 'ContactPoint':
      return one(value.value);
    case 'Extension':
      return held(value).flatMap(shown);
    default:
      return [];
  }
}

function referred({ type, value }: TypedValue, baseUrl: string): readonly string[] {
  if (!isObject(value)) {
    return one(value).flatMap((url) => one(literal(url, baseUrl)));
  }
  if (type === 'Extension') {
    return held(value).flatMap((each) => referred(each, baseUrl));
  }
  if (type !== 'Reference') {
    // Bundle.composition and Bundle.message refer to the resource that stands in the entry.
    return one(value.id).map((id) => `${value.resourceType}/${id}`);
  }
  const target = text(value.reference);
  const identifier = isObject(value.identifier) ? text(value.identifier.value) : undefined;
  return one((target && literal(target, baseUrl)) ?? identifier ?? value.display);
}

/** Undefined for what is contained: its name means nothing outside. */
function literal(reference: string, baseUrl: string): string | undefined {
  const parsed = parseReference(reference, baseUrl);
  switch (parsed.kind) {
    case 'relative':
      return `${parsed.type}/${parsed.id}`;
    case 'contained':
      return undefined;
    default:
      return parsed.url.replace(/\/_history\/[^/]*$/, '');
  }
}

const VALUE = /^value([A-Z][A-Za-z0-9]*)$/;

/** The value of an extension. */
function held(extension: Record<string, unknown>): readonly TypedValue[] {
  return Object.entries(extension).flatMap(([name, value]) => {
    const type = VALUE.exec(name)?.[1];
    return type === undefined ? [] : [{ type, value }];
  });
}

function one(value: unknown): readonly string[] {
  const found = text(value);
  return found === undefined ? [] : [found];
}
