import type { Patient } from '@medplum/fhirtypes';

/** Years since a birth date, as of a day. Undefined where only less than a year is known. */
export function ageOf({ birthDate }: Pick<Patient, 'birthDate'>, today: string): number | undefined {
  const [born, now] = [birthDate?.split('-').map(Number) ?? [], today.split('-').map(Number)];
  const [year, month = 1, day = 1] = born;
  if (year === undefined || Number.isNaN(year)) return undefined;
  const before = (now[1] ?? 1) < month || (now[1] === month && (now[2] ?? 1) < day);
  return (now[0] ?? year) - year - (before ? 1 : 0);
}

/** The day where this device is, as FHIR writes days (and Swedish). */
export function dayHere(now: Date): string {
  return now.toLocaleDateString('sv-SE');
}
