import type { Env } from './expr.ts';

/** One value and its FHIR type (`CodeableConcept`) or system type (`System.Boolean`). */
export interface TypedValue {
  readonly type: string;
  readonly value: unknown;
}

/** An expression that another engine has compiled. */
export type PackageRun = (value: unknown, env: Env) => readonly TypedValue[];
