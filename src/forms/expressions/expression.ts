import type { Coding, Extension } from '@medplum/fhirtypes';
import type { Program } from './program.ts';

/** An expression in a Questionnaire, in the languages of SDC: `text/fhirpath`, `application/x-fhir-query`; others are kept. */
export interface FormExpression {
  readonly language: string;
  /** The expression itself; for x-fhir-query with its `{{ }}` placeholders. */
  readonly text: string;
  /** The name under which its result is known to other expressions. */
  readonly name: string | undefined;
  /** Where it stands in the Questionnaire, as FHIRPath. */
  readonly path: string;
  /** Made for evaluation; undefined for a language that is not evaluated here. */
  readonly program: Program | undefined;
}

/** SDC answerOptionsToggleExpression: the options are permitted where the expression is true. */
export interface OptionToggle {
  readonly options: readonly ToggledOption[];
  readonly expression: FormExpression;
}

export interface ToggledOption {
  /** JSON name of the value: `valueCoding`. */
  readonly key: string;
  readonly value: Coding | string | number | unknown;
}

/** SDC contextExpression: what the person who answers may want to look at. */
export interface ContextView {
  readonly label: string | undefined;
  readonly expression: FormExpression;
}

/** targetConstraint, or the older questionnaire-constraint: must be true. */
export interface FormConstraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly expression: FormExpression;
  /** What to tell the person, in the form's language. */
  readonly human: string;
  /** The same by language code, from the translation extension. */
  readonly translations: ReadonlyMap<string, string>;
  readonly requirements: string | undefined;
  /** The path, relative to where the constraint stands, at which the fault shows: targetConstraint.location. */
  readonly location: string | undefined;
  readonly path: string;
}

/** SDC launchContext: the form wants this to be given when it is opened. */
export interface LaunchContext {
  readonly name: string;
  readonly types: readonly string[];
  readonly multiple: boolean;
}

/** Expressions that stand on the Questionnaire or on an item alike. */
export interface SharedExpressions {
  /** In order: a later one sees the earlier ones, and descendants see all. */
  readonly variables: readonly FormExpression[];
  /** itemPopulationContext: what a group, or the form, is populated from; its name stands for one repetition. */
  readonly contexts: readonly FormExpression[];
  readonly constraints: readonly FormConstraint[];
  /**
   * cqf-expression and the older cqf-calculatedValue on an element, by the element's name or by that of the extension
   * whose value they stand on: `text`, `required`, `readOnly`, `repeats`, `answerValueSet`, `minValue`, `maxValue`,
   * `minQuantity`, `maxQuantity`, `minOccurs`, `maxOccurs`, `minLength`.
   */
  readonly elements: ReadonlyMap<string, FormExpression>;
}

/** The expressions on an item. */
export interface ItemExpressions extends SharedExpressions {
  readonly initial: FormExpression | undefined;
  readonly calculated: FormExpression | undefined;
  /** enableWhenExpression */
  readonly enableWhen: FormExpression | undefined;
  /** answerExpression: only what it yields may be answered. */
  readonly answers: FormExpression | undefined;
  /** candidateExpression: what it yields is suggested. */
  readonly candidates: FormExpression | undefined;
  readonly toggles: readonly OptionToggle[];
  readonly contextViews: readonly ContextView[];
}

/** An expression as an extension holds it. */
export type RawExpression = NonNullable<Extension['valueExpression']>;
