import type { Command, Invocation } from '../command.ts';
import { type Criteria, fhirClient, serverOption } from './fhir-client.ts';
import { registrations, registrationTable } from './registrations.ts';

/** SmerteReg manual 1.8, "Innleverte registreringer". */
export const delivered: Command = {
  summary: 'the courses of which all forms are locked',
  operands: '',
  flags: {},
  options: {
    from: 'only that started on this day or later, as 2026-01-01',
    to: 'only that started on this day or earlier',
    'age-from': 'only patients who are at least so old now, in years',
    'age-to': 'only patients who are at most so old now, in years',
    hospital: 'only of this hospital, as Organization/haukeland',
    department: 'only of this ward, as Organization/<id>',
    location: 'only of this location, as Location/<id>',
    ...serverOption,
  },
  async run(invocation) {
    const found = await registrations(fhirClient(invocation), [
      ['status', 'completed'],
      ...filters(invocation.options, new Date()),
      ['_sort', '-started'],
    ]);
    process.stdout.write(registrationTable(found, 'Nothing has been delivered.'));
  },
};

/** @throws Error, in words for the operator */
export function filters(options: Invocation['options'], now: Date): Criteria {
  const { from, to, hospital, department, location, 'age-from': youngest, 'age-to': oldest } = options;
  const criteria: (readonly [string, string])[] = [];
  if (from !== undefined) criteria.push(['started', `ge${day('from', from)}`]);
  if (to !== undefined) criteria.push(['started', `le${day('to', to)}`]);
  if (youngest !== undefined) criteria.push(['patient.birthdate', `le${bornBefore(now, years('age-from', youngest))}`]);
  if (oldest !== undefined) criteria.push(['patient.birthdate', `gt${bornBefore(now, years('age-to', oldest) + 1)}`]);
  if (hospital !== undefined) criteria.push(['owner', hospital]);
  if (department !== undefined) criteria.push(['ward', department]);
  if (location !== undefined) criteria.push(['location', location]);
  return criteria;
}

function day(name: string, text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error(`--${name} must be a day, as 2026-01-31.`);
  return text;
}

function years(name: string, text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new Error(`--${name} must be a whole number of years.`);
  return Number(text);
}

/** The last day of birth of who is at least so many years old. */
function bornBefore(now: Date, years: number): string {
  return new Date(Date.UTC(now.getFullYear() - years, now.getMonth(), now.getDate())).toISOString().slice(0, 10);
}
