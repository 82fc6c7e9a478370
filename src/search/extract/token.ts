import { codeForm, noSystemForm, ofTypeForm, systemCodeForm, systemForm, TEXT_FORM } from '../keys.ts';
import type { Emit, Indexer } from './emit.ts';
import { isObject, list, text } from './json.ts';

/** R4 search, 3.1.1.4.10: which parts of which type are system and code. */
export function tokenIndexer(type: string): Indexer | undefined {
  switch (type) {
    case 'CodeableConcept':
      return codeableConcept;
    case 'Coding':
      return coding;
    case 'Identifier':
      return identifier;
    case 'ContactPoint':
      return contactPoint;
    default:
      return /^(?:System\.)?[a-zB]/.test(type) ? primitive : undefined;
  }
}

function codeableConcept(value: unknown, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  for (const each of list(value.coding)) {
    coding(each, out);
  }
  shown(value.text, out);
}

function coding(value: unknown, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  systemAndCode(text(value.system), text(value.code), out);
  shown(value.display, out);
}

function identifier(value: unknown, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  const number = text(value.value);
  systemAndCode(text(value.system), number, out);
  if (!isObject(value.type)) {
    return;
  }
  shown(value.type.text, out);
  for (const each of number === undefined ? [] : list(value.type.coding)) {
    const [system, code] = isObject(each) ? [text(each.system), text(each.code)] : [];
    if (code !== undefined) {
      out.alone(ofTypeForm(system ?? '', code, number ?? ''));
    }
  }
}

/** Its value, whatever its system and use. */
function contactPoint(value: unknown, out: Emit): void {
  const number = isObject(value) ? text(value.value) : undefined;
  if (number !== undefined) {
    out.form(codeForm(number));
  }
}

function primitive(value: unknown, out: Emit): void {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    out.form(codeForm(String(value)));
  }
}

/** All forms by which a code, or an identifier's value, is found with its system. */
export function tokenForms(system: string | undefined, code: string | undefined): readonly string[] {
  const coded =
    code === undefined
      ? []
      : [codeForm(code), system === undefined ? noSystemForm(code) : systemCodeForm(system, code)];
  return system === undefined ? coded : [...coded, systemForm(system)];
}

function systemAndCode(system: string | undefined, code: string | undefined, out: Emit): void {
  if (code !== undefined) {
    out.form(codeForm(code));
    out.form(system === undefined ? noSystemForm(code) : systemCodeForm(system, code));
  }
  if (system !== undefined) {
    out.alone(systemForm(system));
  }
}

function shown(value: unknown, out: Emit): void {
  const shownText = text(value);
  if (shownText !== undefined) {
    out.text(TEXT_FORM, shownText);
  }
}
