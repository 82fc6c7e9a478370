import { OperationOutcomeError } from '@medplum/core';
import { expect, test } from 'vitest';
import { attempted } from './fhir-gateway.ts';

const failing = (code: 'forbidden' | 'conflict' | 'timeout', id?: string) => () =>
  Promise.reject(
    new OperationOutcomeError({
      ...{ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] },
      ...(id !== undefined && { id }),
    }),
  );

test.each([
  ['a read that is refused', failing('forbidden'), 'refused'],
  ['somebody who was quicker', failing('conflict'), 'newer'],
  ['another version, in MedplumClient’s words', failing('forbidden', 'precondition-failed'), 'newer'],
  ['a server that is busy', failing('timeout'), 'unreachable'],
  ['a net that is cut', () => Promise.reject(new TypeError('Failed to fetch')), 'unreachable'],
])('%s is told, and thrown to nobody', async (_what, act, kind) => {
  expect((await attempted(act)).kind).toBe(kind);
});
