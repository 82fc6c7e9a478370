import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { isPrimitiveType } from '../../model/r4/primitive-forms.ts';
import { answerValue } from '../answers.ts';

/** The value of an answer with its type; undefined where it holds none. */
export function typedAnswer(answer: QuestionnaireResponseItemAnswer): TypedValue | undefined {
  const found = answerValue(answer);
  return found === undefined ? undefined : { type: typeOfKey(found.key), value: found.value };
}

/** The type that the JSON name of a `value[x]` tells: `integer` of `valueInteger`, `Coding` of `valueCoding`. */
export function typeOfKey(key: string): string {
  const name = key.slice('value'.length);
  const simple = name.charAt(0).toLowerCase() + name.slice(1);
  return isPrimitiveType(simple) ? simple : name;
}
