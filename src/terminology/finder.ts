import type { CodeSystem, ValueSet } from '@medplum/fhirtypes';

/** Where definitions of terminology come from. */
export interface TerminologyFinder {
  /** @param canonical `url`, `url|version`, or a relative reference `ValueSet/id` */
  valueSet(canonical: string): Promise<ValueSet | undefined>;
  /** @param canonical `url` or `url|version` */
  codeSystem(canonical: string): Promise<CodeSystem | undefined>;
}
