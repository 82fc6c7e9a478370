import { type FhirError, fhirError } from '../../model/issue.ts';
import type { SearchParameters } from '../parameters.ts';

/** A parameter, modifier or value that this server does not know: passed over where the client is lenient. */
export class NotSupported extends Error {
  /** The parameter as the client named it. */
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.name = 'NotSupported';
    this.parameter = parameter;
  }
}

/** The refusal of a value that cannot be read. The value itself may be a patient's: it is not repeated. */
export function badValue(parameter: string, expected: string): FhirError {
  return fhirError(400, 'invalid', `The value of the search parameter ${parameter} cannot be read: ${expected}.`);
}

/** Names what is not known, and what may have been meant. */
export function unknownParameter(name: string, type: string, parameters: SearchParameters): NotSupported {
  const near = parameters
    .list(type)
    .map((param) => ({ code: param.code, distance: distance(name.toLowerCase(), param.code.toLowerCase()) }))
    .filter(({ code, distance }) => distance <= 2 || (name.length >= 3 && code.startsWith(name)))
    .sort((a, b) => a.distance - b.distance || a.code.localeCompare(b.code))
    .slice(0, 3);
  const meant = near.length > 0 ? ` Near it: ${near.map(({ code }) => code).join(', ')}.` : '';
  return new NotSupported(name, `${type} has no search parameter "${shortened(name)}".${meant}`);
}

/** A name as it may stand in a message. */
export function shortened(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}

/** Edits between two words, as far as three: more do not matter here. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 64) {
    return 3;
  }
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
