import { OperationOutcomeError } from '@medplum/core';

/** Refuses the write that an enforcing bot looks at. */
export function refuse(diagnostics: string, ...expression: string[]): never {
  throw new OperationOutcomeError({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'business-rule', diagnostics, expression }],
  });
}
