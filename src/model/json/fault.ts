import { type FhirError, fhirError } from '../issue.ts';

/** A refusal (400) of JSON that tells where, by line and column counted from 1, and never what stands there. */
export function jsonFault(source: string, at: number, what: string): FhirError {
  let line = 1;
  let lineStart = 0;
  for (let newline = source.indexOf('\n'); newline >= 0 && newline < at; newline = source.indexOf('\n', newline + 1)) {
    line += 1;
    lineStart = newline + 1;
  }
  return fhirError(400, 'structure', `The JSON cannot be read: ${what} (line ${line}, column ${at - lineStart + 1}).`);
}
