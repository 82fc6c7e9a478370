import type { MedplumClient } from '@medplum/core';
import type { Extension, PractitionerRole } from '@medplum/fhirtypes';
import { extensionUrl } from '../../../registry/names.ts';
import { nameOf } from '../names.ts';

const MAX = '200';

/** A role that somebody has applied for, and that waits for a decision. */
export interface Application {
  readonly id: string;
  /** `Practitioner/x` */
  readonly practitioner: string;
  readonly name: string;
  readonly role: string;
  /** Name of the hospital; empty for a national role. */
  readonly hospital: string;
  readonly position: string;
  readonly applied: string | undefined;
}

/** Those that whoever asks may see, the oldest first. */
export async function fetchApplications(medplum: MedplumClient): Promise<readonly Application[]> {
  const roles = await medplum.searchResources(
    'PractitionerRole',
    { active: 'false', _count: MAX },
    { cache: 'reload' },
  );
  const waiting = roles.filter((role) => partOf(role, 'status')?.valueCode === 'requested');
  const read = await Promise.all(waiting.map((role) => applicationOf(medplum, role)));
  return read.sort((a, b) => (a.applied ?? '').localeCompare(b.applied ?? ''));
}

async function applicationOf(medplum: MedplumClient, role: PractitionerRole): Promise<Application> {
  const practitioner = role.practitioner?.reference ?? '';
  const [person, hospital] = await Promise.all([
    named(medplum, practitioner),
    named(medplum, role.organization?.reference),
  ]);
  return {
    id: role.id ?? '',
    practitioner,
    name: person ?? practitioner,
    role: role.code?.[0]?.coding?.[0]?.code ?? '',
    hospital: hospital ?? '',
    position: [partOf(role, 'position')?.valueString, partOf(role, 'department')?.valueString]
      .filter(Boolean)
      .join(', '),
    applied: partOf(role, 'applied')?.valueDateTime,
  };
}

async function named(medplum: MedplumClient, reference: string | undefined): Promise<string | undefined> {
  if (reference === undefined || reference === '') return undefined;
  const found = await medplum.readReference({ reference }).catch(() => undefined);
  if (found === undefined) return reference;
  return found.resourceType === 'Organization' ? (found.name ?? nameOf(found)) : nameOf(found);
}

function partOf({ extension = [] }: PractitionerRole, name: string): Extension | undefined {
  return extension.find(({ url }) => url === extensionUrl.roleApplication)?.extension?.find(({ url }) => url === name);
}

/** Makes the role active, or refuses it, with a word for the applicant. */
export async function decide(
  medplum: MedplumClient,
  { id }: Application,
  decision: 'approve' | 'refuse',
  reason: string,
): Promise<void> {
  const parameter = reason.trim() === '' ? [] : [{ name: 'reason', valueString: reason.trim() }];
  await medplum.post(medplum.fhirUrl('PractitionerRole', id, `$${decision}`), {
    resourceType: 'Parameters',
    ...(parameter.length > 0 && { parameter }),
  });
}
