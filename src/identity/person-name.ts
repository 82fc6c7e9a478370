import type { HumanName, Patient, Practitioner } from '@medplum/fhirtypes';
import { idIn, type StoredResources } from './stored.ts';

/** The name of a Practitioner or Patient, for people who sign in as them; the reference itself where there is none. */
export async function nameOf(stored: StoredResources, reference: string): Promise<string> {
  const [type, id] = reference.split('/');
  if ((type !== 'Practitioner' && type !== 'Patient') || idIn(reference, type) === undefined) return reference;
  const found = await stored.read<Practitioner | Patient>(type, id ?? '');
  return displayName(found?.resource.name) ?? reference;
}

/** A name as people read it: the usual one where there are several. */
export function displayName(names: readonly HumanName[] | undefined): string | undefined {
  const name = names?.find(({ use }) => use === 'usual' || use === 'official') ?? names?.[0];
  const words = name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
  return words === '' ? undefined : words;
}
