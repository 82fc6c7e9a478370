import type { Resource } from '@medplum/fhirtypes';
import type { Act } from '../../model/access.ts';
import type { Caller } from '../../model/caller.ts';
import type { Identity } from '../identity.ts';

/** MedplumClient's name for an installation; there is one. */
export const PROJECT = { reference: 'Project/svar', display: 'Svar' };

/** By Medplum's names: what its components ask for only where the server says that it has it. */
const FEATURES = ['websocket-subscriptions'];

/** Interactions by Medplum's names that an act allows. */
const INTERACTIONS: Readonly<Record<Act, readonly string[]>> = {
  read: ['read', 'vread', 'history'],
  search: ['search'],
  create: ['create'],
  update: ['update'],
  delete: ['delete'],
};

/**
 * What `GET auth/me` answers: who has signed in, as MedplumClient and its components want it. The access policy tells
 * screens what to offer; what is allowed the server decides at each request.
 *
 * @param profile the Practitioner or Patient as the caller may see it; undefined for systems
 */
export function sessionDetails(identity: Identity, caller: Caller, profile: Resource | undefined, roleTitle: string) {
  const { kind, subject, client, role, fhirUser } = identity;
  const who = profile ?? {
    resourceType: kind === 'system' ? 'ClientApplication' : (fhirUser?.split('/')[0] ?? 'Person'),
    id: kind === 'system' ? client : (fhirUser?.split('/')[1] ?? subject),
    ...(kind === 'system' && { name: client }),
  };
  const reference = { reference: fhirUser ?? `ClientApplication/${client}` };
  const user = { resourceType: 'User', id: subject };
  return {
    ...(kind === 'person' && { user }),
    project: { resourceType: 'Project', id: 'svar', name: 'Svar', features: FEATURES },
    membership: {
      resourceType: 'ProjectMembership',
      id: role ?? subject,
      project: PROJECT,
      user: { reference: `User/${subject}` },
      profile: roleTitle === '' ? reference : { ...reference, display: roleTitle },
    },
    profile: who,
    config: { resourceType: 'UserConfiguration', id: 'svar', menu: [] },
    accessPolicy: { resourceType: 'AccessPolicy', id: caller.agent?.role ?? 'none', resource: accessOf(caller) },
  };
}

function accessOf({ access }: Caller) {
  if (access === 'all') return [{ resourceType: '*' }];
  if (access === 'none') return [];
  const acts = new Map<string, Set<string>>();
  for (const rule of access.rules) {
    for (const type of rule.types) {
      const known = acts.get(type) ?? new Set();
      for (const act of rule.acts) for (const name of INTERACTIONS[act]) known.add(name);
      acts.set(type, known);
    }
  }
  return [...acts].map(([resourceType, names]) => ({ resourceType, interaction: [...names] }));
}
