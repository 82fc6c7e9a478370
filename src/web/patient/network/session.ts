import type { PatientSession } from '../contract.ts';
import { Offline } from './fhir.ts';
import { pageData } from './page-data.ts';

const ADDRESS = '/patient/session';

/**
 * Who this browser's session is, from the page itself where the server has put it there, else asked for.
 *
 * @returns undefined where nobody has signed in, or somebody who is no patient
 * @throws Offline
 */
export async function readSession(): Promise<PatientSession | undefined> {
  return pageData()?.session ?? (await refreshSession());
}

/**
 * As the server tells it now: after an order was answered or declined.
 *
 * @param order the id of one to ask about
 * @throws Offline
 */
export async function refreshSession(order?: string): Promise<PatientSession | undefined> {
  const lost = (problem: unknown): never => {
    throw new Offline(problem instanceof Error ? problem.message : 'no answer');
  };
  const address = order === undefined ? ADDRESS : `${ADDRESS}?order=${encodeURIComponent(order)}`;
  const answer = await fetch(address, { headers: { 'x-medplum': 'extended' }, cache: 'no-store' }).catch(lost);
  if (answer.status === 401) return undefined;
  const body: unknown = answer.ok ? await answer.json().catch(lost) : undefined;
  if (!isSession(body)) throw new Offline(`status ${answer.status}`);
  return body;
}

/** Whether this is what the server tells of a session: what else comes here was put in the way, such as a hotel's sign-in. */
function isSession(value: unknown): value is PatientSession {
  if (typeof value !== 'object' || value === null) return false;
  const { person, orders } = value as Partial<Record<keyof PatientSession, unknown>>;
  return typeof person === 'string' && Array.isArray(orders);
}
