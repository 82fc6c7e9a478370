import type { Location, Organization } from '@medplum/fhirtypes';
import { checkReshId } from '../../conformance/identifier-systems/norwegian.ts';
import type { Command, Invocation } from '../command.ts';
import { type FhirClient, fhirClient, serverOption } from './fhir-client.ts';
import { listText } from './list-text.ts';

const RESH = 'urn:oid:2.16.578.1.12.4.1.4.102';
const ACTIONS = ['list', 'add', 'deactivate', 'activate', 'remove'];

type Place = Location | Organization;

/** What a kind of place is in FHIR. */
export interface PlaceKind {
  readonly word: 'department' | 'location';
  readonly type: 'Organization' | 'Location';
  /** The search parameter for the hospital that it is of. */
  readonly ofHospital: string;
  build(place: Readonly<{ hospital: string; name: string; short: string; resh: string }>): Place;
  isActive(place: Place): boolean;
  withActive(place: Place, active: boolean): Place;
}

/** The command that keeps one kind of place (SmerteReg manual 1.8, "Avdelinger" and "Lokasjoner"). */
export function placeCommand(kind: PlaceKind): Command {
  return {
    summary: `keep the ${kind.word}s of a hospital: used ones are deactivated, unused ones may be removed`,
    operands: '<list | add | deactivate | activate | remove> [id]',
    flags: {},
    options: {
      hospital: `list, add: the hospital, as Organization/haukeland`,
      name: 'add: the full name',
      short: 'add: the short name, as lists show it',
      resh: 'add: the RESH-ID',
      ...serverOption,
    },
    run: (invocation) => run(kind, invocation),
  };
}

async function run(kind: PlaceKind, invocation: Invocation): Promise<void> {
  const { word, type } = kind;
  const [action = '', id, ...more] = invocation.operands;
  const ofOne = !['list', 'add'].includes(action);
  if (!ACTIONS.includes(action) || ofOne !== (id !== undefined) || more.length > 0) {
    throw new Error(
      `${word} takes list, add, or deactivate, activate or remove with an id: npm run svar -- ${word} list`,
    );
  }
  const { options } = invocation;
  const place = action === 'add' ? kind.build(placeOf(word, options)) : undefined;
  const server = fhirClient(invocation);
  if (place !== undefined) process.stdout.write(await added(kind, server, place));
  else if (action === 'list') process.stdout.write(await listed(kind, server, options.hospital));
  else if (action === 'remove') {
    await server.delete(`${type}/${id}`);
    process.stdout.write(`${type}/${id} is removed.\n`);
  } else {
    const active = action === 'activate';
    const known = await server.get<Place>(`${type}/${id}`);
    await server.put(`${type}/${id}`, kind.withActive(known, active));
    const told = active ? 'can be chosen again' : 'is not offered any more; what was registered there stays as it is';
    process.stdout.write(`${type}/${id} ${told}.\n`);
  }
}

function placeOf(word: string, { hospital, name, short, resh }: Invocation['options']) {
  if (!hospital || !name || !short || !resh) {
    throw new Error(`${word} add needs --hospital, --name, --short and --resh.`);
  }
  const fault = checkReshId(resh);
  if (fault !== undefined) throw new Error(`--resh: ${fault}`);
  if (!/^Organization\/[^/]+$/.test(hospital)) throw new Error('--hospital must be as Organization/haukeland.');
  return { hospital, name, short, resh };
}

async function added({ type, word: kindWord }: PlaceKind, server: FhirClient, place: Place): Promise<string> {
  const resh = place.identifier?.[0]?.value;
  const { status, body } = await server.post<Place>(type, place, { 'if-none-exist': `identifier=${RESH}|${resh}` });
  return status === 201
    ? `${type}/${body.id} is added.\n`
    : `There is already a ${kindWord} with RESH-ID ${resh}${body?.id === undefined ? '' : `: ${type}/${body.id}`}. Nothing was stored.\n`;
}

async function listed(kind: PlaceKind, server: FhirClient, hospital: string | undefined): Promise<string> {
  const { type, ofHospital, word } = kind;
  const where =
    hospital === undefined ? ([`${ofHospital}:missing`, 'false'] as const) : ([ofHospital, hospital] as const);
  const { matches } = await server.all(type, [where, ['_sort', 'name']]);
  const rows = matches
    .filter((one): one is Place => one.resourceType === type)
    .map((one) => [
      one.id ?? '',
      one.name ?? '',
      one.alias?.[0] ?? '',
      one.identifier?.find(({ system }) => system === RESH)?.value ?? '',
      kind.isActive(one) ? 'active' : 'not active',
    ]);
  return rows.length === 0 ? `There is no ${word}.\n` : listText(['id', 'name', 'short', 'RESH-ID', 'state'], rows);
}

/** The identifier of a place in the Norwegian register of units in specialist health care. */
export const reshIdentifier = (value: string) => [{ system: RESH, value }];
