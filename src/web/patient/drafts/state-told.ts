import type { PatientSession } from '../contract.ts';
import { SignedOut } from '../network/fhir.ts';

/**
 * Where a person's order stands, by what the server tells of the session of this browser. Another tab may have signed in
 * somebody else since: what that session does not know of has not ended by that.
 *
 * @throws SignedOut where the session is over, or is another person's
 */
export function stateTold(
  session: Pick<PatientSession, 'person' | 'asked'> | undefined,
  person: string,
): 'open' | 'answered' | 'ended' {
  if (session?.person !== person) throw new SignedOut();
  return session.asked?.state ?? 'ended';
}
