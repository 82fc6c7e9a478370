import type { Patient } from '@medplum/fhirtypes';

/** Norway's national, D- and common auxiliary numbers; Sweden's personal and coordination numbers. */
const SYSTEM = /^urn:oid:(2\.16\.578\.1\.12\.4\.1\.4\.[123]|1\.2\.752\.129\.2\.1\.3\.[13])$/;

/**
 * The number that people know a patient by (docs/decisions/0078-national-number-on-screen.md). Undefined where
 * there is none: numbers of other systems are not it, nor one that is used no more.
 */
export function nationalNumberOf({ identifier = [] }: Pick<Patient, 'identifier'>): string | undefined {
  return identifier.find(({ system, use, value }) => value !== undefined && use !== 'old' && SYSTEM.test(system ?? ''))
    ?.value;
}
