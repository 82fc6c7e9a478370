import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';

/** An answer's `value[x]` as its JSON name and value; undefined where the answer holds none. */
export interface AnswerValue {
  readonly key: string;
  readonly value: unknown;
}

/** The value of an answer, whatever its type. */
export function answerValue(answer: QuestionnaireResponseItemAnswer): AnswerValue | undefined {
  for (const key in answer) {
    if (key.startsWith('value')) {
      return { key, value: (answer as Readonly<Record<string, unknown>>)[key] };
    }
  }
  return undefined;
}

/** A member of an object of unknown shape; undefined where it is not an object or has no such member. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** As member, and undefined where it is not a string. */
export function textMember(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}
