import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { sdc } from './addresses.ts';

/** Where in a form something stands. */
export interface Place {
  readonly questionnaire: Questionnaire;
  readonly item: QuestionnaireItem;
  /** FHIRPath. */
  readonly path: string;
  /** The variables in force, by name, in FHIRPath; undefined where they are queries or the like. */
  readonly variables: ReadonlyMap<string, string | undefined>;
}

/** The variables that extensions declare, added to those around them. */
export function withVariables(
  around: ReadonlyMap<string, string | undefined>,
  extensions: readonly Extension[] | undefined,
): ReadonlyMap<string, string | undefined> {
  const variables = new Map(around);
  for (const { url, valueExpression } of extensions ?? []) {
    if (url === sdc.variable && valueExpression?.name !== undefined) {
      const isPath = valueExpression.language === 'text/fhirpath';
      variables.set(valueExpression.name, isPath ? valueExpression.expression : undefined);
    }
  }
  return variables;
}
