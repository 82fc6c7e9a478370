import type { Bundle, Consent, Parameters } from '@medplum/fhirtypes';
import type { AskedConsent } from '../contract.ts';
import { fhir, Offline } from '../network/fhir.ts';

/** As Patient/[id]/$sign-consent names them. */
export type Decision = 'give' | 'refuse' | 'withdraw';

/** What the person says, given what they said before: a no to what was given is a withdrawal. */
export function decisionOf(answer: 'yes' | 'no', before: AskedConsent['state']): Decision {
  return answer === 'yes' ? 'give' : before === 'given' ? 'withdraw' : 'refuse';
}

/** What the person keeps of a signing. */
export interface Signed {
  /** Instant. */
  readonly at: string;
  /** Of the Consent, whose signature Consent/[id]/$verify-signature checks. */
  readonly reference: string;
}

/** @param person `Patient/x`. @throws Offline, SignedOut, Refused */
export async function signConsent(
  person: string,
  { registry, text }: AskedConsent,
  decision: Decision,
): Promise<Signed> {
  const parameters: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'decision', valueCode: decision },
      { name: 'registry', valueUri: registry },
      { name: 'text', valueString: text.id },
    ],
  };
  const answer = await fhir.operation(`${person}/$sign-consent`, parameters);
  const signed = answer?.resourceType === 'Bundle' ? consentIn(answer) : undefined;
  if (signed?.id === undefined || signed.dateTime === undefined) throw new Offline('an answer without a Consent');
  return { at: signed.dateTime, reference: `Consent/${signed.id}` };
}

function consentIn({ entry = [] }: Bundle): Consent | undefined {
  return entry.flatMap(({ resource }) => (resource?.resourceType === 'Consent' ? [resource] : []))[0];
}
