import { items, plain } from '../../fhirpath/collection.ts';
import type { Expr } from '../../fhirpath/expr.ts';
import { r4FhirPath } from '../../fhirpath/r4.ts';

/** Values of the variables that are known while a form is put together: texts. */
export type Prefixes = ReadonlyMap<string, string>;

/**
 * The text that an expression yields from texts alone (`%linkIdPrefix + 'name.'`): a linkId has to be known before there
 * is any data. Undefined if it needs more than that, or yields no text.
 */
export function textOf(expression: string, known: Prefixes): string | undefined {
  const external = (name: string): Expr | undefined => {
    const value = known.get(name);
    return value === undefined ? undefined : { type: 'System.String', run: () => value };
  };
  try {
    const expr = r4FhirPath().compileFor({ external, call: () => undefined }, expression, 'Questionnaire');
    const nobody = { resourceType: 'Questionnaire' };
    const [found, ...more] = items(expr.run(nobody, { resource: nobody, rootResource: nobody, context: nobody }));
    const text = plain(found);
    return more.length === 0 && typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
