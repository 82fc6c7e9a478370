import type { Questionnaire } from '@medplum/fhirtypes';

const REGEX = 'http://hl7.org/fhir/StructureDefinition/regex';
/** The literal of matches(), matchesFull() and replaceMatches(). */
const CALL = /[mM]atches(?:Full)?\(\s*'((?:[^'\\]|\\.)*)'/g;

/** The regular expressions that a form names, as items' regex and in its expressions. */
export function patternsOf(questionnaire: Questionnaire): readonly string[] {
  const found: string[] = [];
  JSON.stringify(questionnaire, (key, value: unknown) => {
    if (key === 'expression' && typeof value === 'string') {
      // of a literal's escapes only that of the backslash stands in a regular expression
      for (const [, literal = ''] of value.matchAll(CALL)) found.push(literal.replace(/\\(.)/g, '$1'));
    } else if (typeof value === 'object' && value !== null && Reflect.get(value, 'url') === REGEX) {
      const source: unknown = Reflect.get(value, 'valueString');
      if (typeof source === 'string') found.push(source);
    }
    return value;
  });
  return found;
}
