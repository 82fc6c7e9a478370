import type { CodeableConcept, OperationOutcome } from '@medplum/fhirtypes';

/** FHIR R4 value set issue-type, the codes that Svar uses. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'security'
  | 'forbidden'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'code-invalid'
  | 'extension'
  | 'too-costly'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'lock-error'
  | 'exception'
  | 'timeout'
  | 'incomplete'
  | 'throttled'
  | 'informational';

/**
 * One fault, told to the person who meets it: what is wrong, where, what to do.
 * `expression` holds FHIRPath expressions that point at the fault, e.g. `Patient.name[0].family`.
 * `diagnostics` never repeats patient data (values of names, identifiers, answers).
 */
export interface Issue {
  readonly severity: 'fatal' | 'error' | 'warning' | 'information';
  readonly code: IssueCode;
  readonly diagnostics: string;
  readonly expression?: readonly string[];
  /** Which rule is broken, by a code, and the fault in the words and the language of the person who meets it. */
  readonly details?: { readonly system: string; readonly code: string; readonly text: string };
}

/** An error with an HTTP status and the issues that its OperationOutcome will hold. */
export class FhirError extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(status: number, issues: readonly Issue[]) {
    super(issues.map((issue) => issue.diagnostics).join('; '));
    this.name = 'FhirError';
    this.status = status;
    this.issues = issues;
  }
}

/** A FhirError with a single issue of severity error. */
export function fhirError(status: number, code: IssueCode, diagnostics: string, ...expression: string[]): FhirError {
  return new FhirError(status, [error(code, diagnostics, ...expression)]);
}

/** An issue of severity error. */
export function error(code: IssueCode, diagnostics: string, ...expression: string[]): Issue {
  return expression.length > 0
    ? { severity: 'error', code, diagnostics, expression }
    : { severity: 'error', code, diagnostics };
}

/** Whether any of the issues refuses what it was found in. */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === 'error' || severity === 'fatal');
}

/** The OperationOutcome resource for a list of issues. */
export function operationOutcome(issues: readonly Issue[]): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map((issue) => ({
      severity: issue.severity,
      code: issue.code,
      ...(issue.details ? { details: details(issue.details) } : {}),
      diagnostics: issue.diagnostics,
      ...(issue.expression ? { expression: [...issue.expression] } : {}),
    })),
  };
}

function details({ system, code, text }: NonNullable<Issue['details']>): CodeableConcept {
  return { coding: [{ system, code }], text };
}
