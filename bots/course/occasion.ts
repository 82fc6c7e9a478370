import type { Resource } from '@medplum/fhirtypes';

/** Why a course is settled. */
export interface Occasion {
  /** The resource whose write is the occasion. */
  readonly cause: Resource;
  readonly now: Date;
  /** Whether who writes may withdraw a consent. */
  readonly mayWithdraw: boolean;
}
