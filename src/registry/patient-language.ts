import type { Patient } from '@medplum/fhirtypes';

/** The language in which a patient reads, as a BCP 47 tag: the preferred one, else the first named; undefined if none is. */
export function patientLanguage({ communication = [] }: Patient): string | undefined {
  const { language } = communication.find(({ preferred }) => preferred === true) ?? communication[0] ?? {};
  return language?.coding?.find(({ code }) => code !== undefined)?.code;
}
