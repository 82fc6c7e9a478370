import type { Bundle, QuestionnaireResponse, StructureDefinition } from '@medplum/fhirtypes';
import { error, FhirError, hasErrors, type Issue } from '../../model/issue.ts';
import type { FormData } from '../expressions/data.ts';
import { openForm } from '../expressions/form-state.ts';
import type { Form } from '../form.ts';
import { Evaluation } from './evaluation.ts';
import { compileExtraction, type ExtractionRules } from './extraction-rules.ts';
import { Walk } from './walk.ts';

export interface ExtractData extends FormData {
  /** A profile that wantedProfiles names; undefined if it is not to be had. */
  readonly profiles?: (canonical: string) => StructureDefinition | undefined;
  /** A new `urn:uuid:…` at each call. */
  readonly newUuid: () => string;
}

export interface Extracted {
  /** A transaction; undefined where nothing was to be extracted. */
  readonly bundle: Bundle | undefined;
  /** What could not be extracted, and what of the form could not be evaluated otherwise. */
  readonly issues: readonly Issue[];
  /** All that the form says of extraction was carried out. */
  readonly complete: boolean;
}

/** Entries of one extraction; a transaction may have some more. */
const ENTRIES_MAX = 1000;

const nothing: Issue = {
  severity: 'information',
  code: 'informational',
  diagnostics: 'There is nothing to extract.',
};

const compiled = new WeakMap<Form, ExtractionRules>();

function rulesOf(form: Form): ExtractionRules {
  const rules = compiled.get(form) ?? compileExtraction(form);
  compiled.set(form, rules);
  return rules;
}

/**
 * What is wrong with what a form says of extraction: for its author, before anybody answers it. What is right and only not
 * carried out here (a StructureMap) is no fault.
 */
export function extractionFaults(form: Form): readonly Issue[] {
  return rulesOf(form).issues.filter(({ severity, code }) => severity === 'error' && code !== 'not-supported');
}

/** The canonicals of the profiles, without version, that a form extracts resources by: what to fetch first. */
export function wantedProfiles(form: Form): readonly string[] {
  return [...rulesOf(form).profiles.keys()];
}

/**
 * The resources that a form says are in a response to it (SDC, "Form Data Extraction"), as a transaction that nobody has
 * carried out. What is disabled is not extracted, what is calculated is. Ways may be mixed in one form.
 *
 * @throws FhirError 422 for a response that is not finished, and for rules that can not be carried out
 */
export function extract(form: Form, response: QuestionnaireResponse, data: ExtractData): Extracted {
  if (response.status !== 'completed' && response.status !== 'amended') {
    const diagnostics = 'Only a finished response is extracted: its status must be completed or amended.';
    throw new FhirError(422, [error('business-rule', diagnostics, 'QuestionnaireResponse.status')]);
  }
  const rules = rulesOf(form);
  if (hasErrors(rules.issues)) {
    throw new FhirError(422, rules.issues);
  }
  const given = openForm(form, response, data);
  // Opened as expressions see it: every item in it is enabled, and what is calculated stands in it.
  const evaluation = new Evaluation(openForm(form, given.effective, data));
  const entry = new Walk(rules, evaluation, data).entries();
  if (entry.length > ENTRIES_MAX) {
    throw new FhirError(422, [error('too-costly', `The form extracts more than ${ENTRIES_MAX} resources.`)]);
  }
  const own = [...rules.issues, ...evaluation.issues];
  const complete = own.every(({ severity }) => severity === 'information');
  const issues = [...own, ...evaluation.state.issues];
  return entry.length === 0
    ? { bundle: undefined, issues: [...issues, nothing], complete }
    : { bundle: { resourceType: 'Bundle', type: 'transaction', entry: [...entry] }, issues, complete };
}
