import { identifierForm, uriForm } from '../keys.ts';
import type { Emit, Indexer } from './emit.ts';
import { isObject, text } from './json.ts';
import { parseReference } from './parse-reference.ts';
import { tokenForms } from './token.ts';

/** R4 search, 3.1.1.4.12. References to contained resources are not searched by. */
export function referenceIndexer(type: string, baseUrl: string): Indexer | undefined {
  if (type === 'Reference') {
    return (value, out) => reference(value, baseUrl, out);
  }
  if (/^(?:canonical|uri|url|oid|uuid|string)$/.test(type)) {
    return (value, out) => canonical(value, baseUrl, out);
  }
  // Bundle.composition and Bundle.message refer to the resource that stands in the entry.
  return (value, out) => {
    const [resourceType, id] = isObject(value) ? [text(value.resourceType), text(value.id)] : [];
    if (resourceType !== undefined && id !== undefined) {
      out.reference(resourceType, id);
    }
  };
}

function reference(value: unknown, baseUrl: string, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  const target = text(value.reference);
  if (target !== undefined) {
    literal(target, baseUrl, out);
  }
  if (isObject(value.identifier)) {
    for (const form of tokenForms(text(value.identifier.system), text(value.identifier.value))) {
      out.alone(identifierForm(form));
    }
  }
}

function literal(target: string, baseUrl: string, out: Emit): void {
  const parsed = parseReference(target, baseUrl);
  if (parsed.kind === 'relative') {
    out.reference(parsed.type, parsed.id);
  } else if (parsed.kind !== 'contained') {
    out.form(uriForm(target.replace(/\/_history\/[^/]*$/, '')));
  }
}

/** `url|version#fragment` is found by url and by url|version. A canonical may also be a plain reference. */
function canonical(value: unknown, baseUrl: string, out: Emit): void {
  const target = text(value);
  if (target === undefined || target.startsWith('#')) {
    return;
  }
  const parsed = parseReference(target, baseUrl);
  if (parsed.kind === 'relative') {
    out.reference(parsed.type, parsed.id);
  }
  if (parsed.kind !== 'relative' || target.startsWith(baseUrl)) {
    canonicalForms(target, out);
  }
}

/** The forms of a canonical: without its version, and with it. */
export function canonicalForms(canonical: string, out: Emit): void {
  const fragment = canonical.indexOf('#');
  const whole = fragment < 0 ? canonical : canonical.slice(0, fragment);
  const version = whole.indexOf('|');
  out.form(uriForm(version < 0 ? whole : whole.slice(0, version)));
  if (version >= 0) {
    out.form(uriForm(whole));
  }
}
