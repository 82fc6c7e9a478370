import type { HumanName, Organization, Practitioner } from '@medplum/fhirtypes';
import { systemCaller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { readMany } from '../store/read.ts';
import type { Names } from './audit-event.ts';
import type { AuditEntry } from './look-up.ts';

const NAMED = new Set(['Practitioner', 'Organization']);

/** What the staff and hospitals in these entries are called now. Patients who act are not named: only they see it. */
export async function namesIn(db: Queryable, entries: readonly AuditEntry[]): Promise<Names> {
  const references = new Set(
    entries.flatMap(({ agent }) =>
      [agent?.who, agent?.cause?.who, agent?.organization].filter((one) => one !== undefined),
    ),
  );
  const wanted = [...references].flatMap((reference) => {
    const [type = '', id = ''] = reference.split('/');
    return NAMED.has(type) ? { type, id } : [];
  });
  const found = wanted.length === 0 ? new Map() : await readMany(db, systemCaller, wanted);
  const names = new Map<string, string>();
  for (const [reference, { deleted, content }] of found) {
    const name = deleted ? undefined : nameOf(JSON.parse(content) as Practitioner | Organization);
    if (name !== undefined) names.set(reference, name);
  }
  return names;
}

function nameOf(resource: Practitioner | Organization): string | undefined {
  if (resource.resourceType === 'Organization') {
    return resource.name;
  }
  const name: HumanName | undefined = resource.name?.find(({ use }) => use === 'official') ?? resource.name?.[0];
  return (
    name?.text ?? ([...(name?.given ?? []), name?.family].filter((part) => part !== undefined).join(' ') || undefined)
  );
}
