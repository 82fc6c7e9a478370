import type { MedplumClient } from '@medplum/core';
import type { Bundle, Patient, Resource, Task } from '@medplum/fhirtypes';
import { nameOf } from '../names.ts';
import { placesIn, REGISTER, type Registration, registrationOf } from './registration.ts';

const PAGE = '500';
/** No hospital has nearly as many courses under way; what is beyond is told to be left out. */
const ROWS_MAX = 5000;

export interface Registrations {
  readonly rows: readonly Registration[];
  readonly more: boolean;
}

/** All courses that meet some criteria, by search with the standard's parameters, page after page. */
export async function readRegistrations(
  medplum: MedplumClient,
  criteria: Readonly<Record<string, string>>,
): Promise<Registrations> {
  const query = new URLSearchParams({ code: REGISTER, ...criteria, _include: 'Task:patient', _count: PAGE });
  const [found, names] = await Promise.all([readAll(medplum, `Task?${query}`), placesOf(medplum)]);
  const patients = new Map<string, Patient>();
  const tasks: Task[] = [];
  for (const resource of found.resources) {
    if (resource.resourceType === 'Patient') patients.set(`Patient/${resource.id}`, resource);
    else if (resource.resourceType === 'Task') tasks.push(resource);
  }
  const wanted = tasks.flatMap((task) => placesIn(task));
  const current = wanted.every((place) => names.has(place)) ? names : await placesOf(medplum, wanted);
  return {
    rows: tasks.map((task) => registrationOf(task, patients.get(task.for?.reference ?? ''), current)),
    more: found.more,
  };
}

/** All pages of a search. */
export async function readAll(medplum: MedplumClient, path: string): Promise<{ resources: Resource[]; more: boolean }> {
  const resources: Resource[] = [];
  let next: string | URL | undefined = medplum.fhirUrl(path).href.replace('%3F', '?');
  while (next !== undefined && resources.length < ROWS_MAX) {
    const bundle: Bundle = await medplum.get(next);
    for (const { resource } of bundle.entry ?? []) if (resource !== undefined) resources.push(resource);
    next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return { resources, more: next !== undefined };
}

interface Places {
  readonly names: Promise<ReadonlyMap<string, string>>;
  /** Asked for before, and found or not: what the person may not see is not asked for again. */
  readonly asked: Set<string>;
}
const PLACES = new WeakMap<MedplumClient, Places>();

/** Names of places, asked for once a visit; again only where one is missing that was not missing before. */
function placesOf(medplum: MedplumClient, wanted: readonly string[] = []): Places['names'] {
  const known = PLACES.get(medplum);
  if (known !== undefined && wanted.every((place) => known.asked.has(place))) return known.names;
  const names = readPlaces(medplum);
  const asked = new Set([...(known?.asked ?? []), ...wanted]);
  PLACES.set(medplum, { names, asked });
  names.then(
    (found) => {
      for (const place of found.keys()) asked.add(place);
    },
    () => PLACES.delete(medplum),
  );
  return names;
}

/** What lists call wards and locations, by reference. */
async function readPlaces(medplum: MedplumClient): Promise<ReadonlyMap<string, string>> {
  const [wards, locations] = await Promise.all([
    readAll(medplum, `Organization?_count=${PAGE}`),
    readAll(medplum, `Location?_count=${PAGE}`),
  ]);
  return new Map(
    [...wards.resources, ...locations.resources].map((each) => [`${each.resourceType}/${each.id}`, nameOf(each)]),
  );
}
