import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Issue } from '../model/issue.ts';
import { type Language, languageOfTag } from '../model/language.ts';
import type { Report } from './answer-faults.ts';
import { calculatedFaults } from './constraints/calculated-faults.ts';
import { constraintFaults } from './constraints/constraint-faults.ts';
import { itemFaults } from './constraints/item-faults.ts';
import { containedFaults, containedTypes, questionnaireFaults, subjectFaults } from './constraints/response-faults.ts';
import { ValueSetOptions } from './constraints/value-set-options.ts';
import type { FormData } from './expressions/data.ts';
import { type FormState, openForm } from './expressions/form-state.ts';
import { wantedQueries } from './expressions/wanted-queries.ts';
import type { Form, FormItem } from './form.ts';
import { type FaultWords, faultIssue } from './messages/fault-issue.ts';
import type { ResponseRule } from './messages/response-rules.ts';

export interface ValidationOptions {
  /** Accept a retired form: historic data, and corrections of responses that were given before it was retired. */
  readonly historic?: boolean;
  /**
   * What a load of historic data brought: answers to retired items are taken, and what its form did not ask for then, or
   * nobody answered, is not missing now; and what was calculated then stands, by whatever rule it was.
   */
  readonly imported?: boolean;
  /** In which faults are told; that of the response where not given, else English. */
  readonly language?: Language;
}

/**
 * What is wrong with a response, measured by its form: one issue a fault, each with a FHIRPath expression and with the rule
 * that is broken (responseRules). Empty means valid. An unfinished response (in-progress, stopped) may be incomplete but
 * never wrong. Answers to disabled items are refused. Diagnostics name linkIds and limits, never what was answered.
 * Issues of severity warning are for the person to confirm (confirmation.ts), not for refusing; or tell of an expression of
 * the form that could not be evaluated.
 *
 * @param data the time, and what was fetched for the form: without `valueSets`, codes of stored value sets are not checked
 */
export function validateResponse(
  form: Form,
  response: QuestionnaireResponse,
  data: FormData,
  options: ValidationOptions = {},
): Issue[] {
  const issues: Issue[] = [];
  const language = options.language ?? languageOfTag(response.language) ?? 'en';
  const state = findFaults(form, response, data, options, ({ rule, words, expression }) => {
    issues.push(faultIssue(rule, words, expression, language));
  });
  issues.push(...state.issues);
  return issues;
}

/** A broken rule, before it is told to anybody. */
export interface FoundFault {
  readonly rule: ResponseRule;
  /** Undefined where the response as a whole breaks it. */
  readonly item: FormItem | undefined;
  /** FHIRPath, to what is wrong or to what lacks something. */
  readonly expression: string;
  readonly words: FaultWords;
  /** The key of the form's constraint that is false. */
  readonly constraint?: string;
}

/**
 * As validateResponse, each fault as it is found.
 *
 * @returns the state of the response, whose issues tell of expressions that could not be evaluated
 */
export function findFaults(
  form: Form,
  response: QuestionnaireResponse,
  data: FormData,
  options: Omit<ValidationOptions, 'language'>,
  found: (fault: FoundFault) => void,
): FormState {
  const report = (rule: ResponseRule, expression: string, limit?: FaultWords['limit'], constraint?: string): void =>
    found({ rule, item: undefined, expression, words: { limit }, ...(constraint !== undefined && { constraint }) });
  // SDC, "Validating QuestionnaireResponses": only these must be whole.
  const whole = response.status === 'completed' || response.status === 'amended';
  const imported = options.imported === true;
  const contained = containedTypes(response);

  questionnaireFaults(form, response, options.historic === true, report);
  subjectFaults(form, response, whole, contained, report);
  containedFaults(response, contained, report);
  const state = openForm(form, response, data);
  const reportItem: Report = (rule, item, expression, limit, constraint) => {
    const { linkId, type, constraints } = item;
    const words = { linkId, type, limit, label: constraints.label };
    found({ rule, item, expression, words, ...(constraint !== undefined && { constraint }) });
  };
  itemFaults({
    state,
    whole: whole && !imported,
    imported,
    contained,
    valueSets: new ValueSetOptions(data),
    report: reportItem,
    unknownItem: (expression) => report('invalidLinkId', expression),
  });
  // What is calculated from queries that were not answered is not known.
  if (wantedQueries(form, response, data, { candidates: false }).length === 0) {
    if (!imported) {
      calculatedFaults(state, reportItem);
      constraintFaults(state, whole, reportItem, report);
    }
  }
  return state;
}
