import type { PatientConsents, PatientResults } from './contract.ts';
import { languageKept } from './language-choice.ts';
import { Offline, SignedOut } from './network/fhir.ts';

/** What the person has answered and what it came to. @throws Offline, SignedOut */
export async function readResults(): Promise<PatientResults> {
  return told(
    '/patient/session/results',
    (body): body is PatientResults => has(body, 'answered') && has(body, 'results'),
  );
}

/** The registries that ask for consent. @throws Offline, SignedOut */
export async function readConsents(): Promise<PatientConsents> {
  return told('/patient/session/consents', (body): body is PatientConsents => has(body, 'consents'));
}

async function told<T>(address: string, isIt: (body: unknown) => body is T): Promise<T> {
  const lost = (problem: unknown): never => {
    throw new Offline(problem instanceof Error ? problem.message : 'no answer');
  };
  await languageKept();
  const answer = await fetch(address, { headers: { 'x-medplum': 'extended' }, cache: 'no-store' }).catch(lost);
  if (answer.status === 401) throw new SignedOut();
  const body: unknown = answer.ok ? await answer.json().catch(lost) : undefined;
  if (!isIt(body)) throw new Offline(`status ${answer.status}`);
  return body;
}

function has(body: unknown, list: string): boolean {
  return typeof body === 'object' && body !== null && Array.isArray(Reflect.get(body, list));
}
