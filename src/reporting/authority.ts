import { reachesOf } from '../access/reaches.ts';
import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';

/** What a token must let its bearer search for: an app that was given less is told no counts of it. */
const COUNTED = ['EpisodeOfCare', 'Task', 'QuestionnaireResponse', 'Consent', 'ResearchSubject', 'ServiceRequest'];

const AT_HOSPITAL = ['lu', 'lc'];

/** What somebody is told counts of: a registry (`PlanDefinition/x`), at one hospital (`Organization/x`) or at all. */
export interface Subject {
  readonly registry: string;
  readonly hospital: string | undefined;
}

/**
 * Whether a caller may be told how many courses a hospital has in a registry: staff of the registry at the hospital, a
 * system of the hospital, and the registry's system coordinator for all hospitals. Only numbers leave, so the coordinator
 * is told of courses that only the hospital may see.
 *
 * @throws FhirError 403
 */
export function requireMayCount(caller: Caller, { registry, hospital }: Subject): void {
  if (caller.access === 'all') return;
  if (caller.access === 'none' || !(coordinates(caller, registry) || works(caller, { registry, hospital }))) {
    throw fhirError(403, 'forbidden', 'This is for the staff of the registry at the hospital, and its coordinators.');
  }
  const { access } = caller;
  if (!COUNTED.every((type) => reachesOf(access, 'search', type, false).length > 0)) {
    throw fhirError(403, 'forbidden', 'This program was not given enough to do this for you.');
  }
}

/** Whether a caller is the registry's system coordinator. */
export function coordinates({ agent, registry }: Caller, of: string): boolean {
  return agent?.role === 'sc' && agent.strength !== 'link' && registry === of;
}

/** Whether a caller keeps the registry at the hospital: its local coordinator, or whoever may do everything. */
export function keeps(caller: Caller, { registry, hospital }: Subject): boolean {
  return caller.access === 'all' || (caller.agent?.role === 'lc' && works(caller, { registry, hospital }));
}

/** Whether a caller works for the registry at the hospital, or is a system of the hospital. */
export function works({ agent, registry, tenant }: Caller, of: Subject): boolean {
  if (of.hospital === undefined || tenant?.reference !== of.hospital || agent?.strength === 'link') return false;
  const role = agent?.role ?? '';
  return role === 'ehr' || (AT_HOSPITAL.includes(role) && registry === of.registry);
}
