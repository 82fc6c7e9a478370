import type { Consent, Resource } from '@medplum/fhirtypes';

/** Why a course is settled. */
export interface Occasion {
  /** The resource whose write is the occasion. */
  readonly cause: Resource;
  /** Its version before; undefined where it is new, and where nothing follows from what it was. */
  readonly previous: Resource | undefined;
  readonly now: Date;
  /** Whether real patients are asked. */
  readonly production: boolean;
  /** Somebody asked for the write whom the rules on who may do what bind: staff, a patient, a hospital's system. */
  readonly bound: boolean;
  /** Whether who writes may withdraw a consent. */
  readonly mayWithdraw: boolean;
  /** Whether the consent is the writer's own. */
  readonly isPatient: boolean;
  /** A withdrawal that happens just now in another course of the patient. */
  readonly withdrawal?: Consent | undefined;
}
