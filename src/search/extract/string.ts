import { STRING_FORM } from '../keys.ts';
import type { Emit, Indexer } from './emit.ts';
import { isObject, list, text } from './json.ts';

const ADDRESS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'] as const;
const NAME = ['text', 'family', 'given', 'prefix', 'suffix'] as const;

/** R4 search, 3.1.1.4.8: strings, and every part of a name or an address. */
export function stringIndexer(type: string): Indexer | undefined {
  switch (type) {
    case 'HumanName':
      return humanName;
    case 'Address':
      return (value, out) => parts(value, ADDRESS, out);
    default:
      return /^(?:System\.)?[a-zS]/.test(type) ? string : undefined;
  }
}

/** The parts, and given names with family name, since people search by the full name. */
function humanName(value: unknown, out: Emit): void {
  parts(value, NAME, out);
  if (!isObject(value)) {
    return;
  }
  const family = text(value.family);
  const given = list(value.given).filter((each) => typeof each === 'string');
  if (family !== undefined && given.length > 0) {
    const full = `${given.join(' ')} ${family}`;
    if (full !== value.text) {
      string(full, out);
    }
  }
}

function parts(value: unknown, names: readonly string[], out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  for (const name of names) {
    const part = value[name];
    if (typeof part === 'string') {
      string(part, out);
    } else {
      for (const each of list(part)) {
        string(each, out);
      }
    }
  }
}

function string(value: unknown, out: Emit): void {
  const found = text(value);
  if (found !== undefined) {
    out.text(STRING_FORM, found);
  }
}
