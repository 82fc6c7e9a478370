import type { EpisodeOfCare, Patient } from '@medplum/fhirtypes';
import { identifierSystem } from '../../registry/names.ts';
import type { Command } from '../command.ts';
import { type Criteria, type FhirClient, fhirClient, serverOption } from './fhir-client.ts';
import { listText } from './list-text.ts';
import { nameOf } from './registrations.ts';
import { lineOf } from './secret-line.ts';

const WAYS = ['name', 'number', 'pid', 'fid'];
const IDENTIFIERS = { pid: identifierSystem.patient, fid: identifierSystem.course };

/** SmerteReg manual 1.8, "Pasientsøk": by name or number, by PasientID, by ForløpsID. */
export const find: Command = {
  summary: 'find a patient by name, national number, patient id (PID) or course id (FID), with the courses',
  operands: '<name | number | pid | fid> [id]',
  flags: {},
  options: serverOption,
  async run(invocation) {
    const [way = '', id, ...more] = invocation.operands;
    const byId = way === 'pid' || way === 'fid';
    if (!WAYS.includes(way) || byId !== (id !== undefined) || more.length > 0) {
      throw new Error(
        'find takes name or number, which it reads from standard input, or pid or fid with an id: npm run svar -- find pid 42',
      );
    }
    const server = fhirClient(invocation);
    const searched = byId ? (id ?? '') : await lineOf(way === 'name' ? 'Name' : 'Number');
    if (searched === '') throw new Error('Nothing was given to look for.');
    const patients = await patientsBy(server, way, searched);
    const rows: (readonly string[])[] = [];
    for (const patient of patients) {
      const { matches } = await server.all('EpisodeOfCare', [['patient', `Patient/${patient.id}`]]);
      const courses = matches.filter((one): one is EpisodeOfCare => one.resourceType === 'EpisodeOfCare');
      const own = [nameOf(patient), patient.birthDate ?? '', patient.id ?? ''];
      if (courses.length === 0) rows.push([...own, '', '', '']);
      for (const { id: course, period, status } of courses) {
        rows.push([...own, course ?? '', period?.start?.slice(0, 10) ?? '', status ?? '']);
      }
    }
    process.stdout.write(
      rows.length === 0
        ? 'Nobody was found.\n'
        : listText(['patient', 'born', 'PID', 'FID', 'started', 'course'], rows),
    );
  },
};

async function patientsBy(server: FhirClient, way: string, value: string): Promise<readonly Patient[]> {
  const asked: readonly Criteria[] =
    way === 'name'
      ? [[['name', literal(value)]]]
      : way === 'number'
        ? [[['identifier', literal(value.replaceAll(/\s/g, ''))]]]
        : way === 'pid'
          ? [[['_id', literal(value)]], [['identifier', `${IDENTIFIERS.pid}|${literal(value)}`]]]
          : [
              [['_has:EpisodeOfCare:patient:_id', literal(value)]],
              [['_has:EpisodeOfCare:patient:identifier', `${IDENTIFIERS.fid}|${literal(value)}`]],
            ];
  const found = new Map<string, Patient>();
  for (const criteria of asked) {
    const { matches } = await server.all('Patient', criteria);
    for (const one of matches) if (one.resourceType === 'Patient') found.set(one.id ?? '', one);
  }
  return [...found.values()];
}

/** What stands for more than itself in the value of a search, escaped (FHIR R4 search.html#escaping). */
function literal(value: string): string {
  return value.replace(/[\\,|$]/g, (character) => `\\${character}`);
}
