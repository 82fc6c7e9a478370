import { fhirError } from '../../model/issue.ts';
import type { ParseContext } from './parse-context.ts';
import { shortened } from './refusals.ts';
import { split } from './split.ts';

/** The alternatives of a value, without empty ones; they keep their escapes. */
export function alternatives(parameter: string, value: string, { limits }: ParseContext): readonly string[] {
  const values = split(value, ',').filter((each) => each !== '');
  if (values.length > limits.values_max) {
    throw fhirError(
      400,
      'too-costly',
      `The search parameter ${shortened(parameter)} has ${values.length} values; at most ${limits.values_max} are allowed.`,
    );
  }
  return values;
}
