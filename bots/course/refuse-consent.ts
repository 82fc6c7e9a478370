import type { Consent } from '@medplum/fhirtypes';
import { isGiven, isNotApplicable, isWithdrawal } from '../../src/registry/consent.ts';
import { identifierSystem } from '../../src/registry/names.ts';
import type { Occasion } from './occasion.ts';
import { refuse } from './refuse.ts';
import type { ConsentChange } from './settle-consent.ts';

/**
 * Refuses what somebody writes to a Consent and may not: only the system coordinator and the patient withdraw, and only
 * as a withdrawal (status inactive), so that it is told from a refusal; only the patient takes a withdrawal back; a no
 * cannot be deleted, for then it would be a yes again with the next writing of the form; that consent is not applicable is
 * the server's to say; and what was derived of a course stays that course's.
 */
export function refuseConsentOf({ bound, mayWithdraw, isPatient }: Occasion, { before, after }: ConsentChange): void {
  if (!bound) return;
  const isInactive = after !== undefined && isWithdrawal(after);
  const wasInactive = before !== undefined && isWithdrawal(before);
  if (after !== undefined && isNotApplicable(after) && !(before && isNotApplicable(before))) {
    refuse('Only the server says that consent is not applicable.', 'Consent.extension');
  }
  if (isPatient) return;
  if (isInactive && !wasInactive && !mayWithdraw) {
    refuse('Only the system coordinator can withdraw a consent that was given.', 'Consent.status');
  }
  if (before !== undefined && isGiven(before) && !(after !== undefined && isGiven(after)) && !isInactive) {
    const how = mayWithdraw ? 'A consent is withdrawn by status inactive.' : '';
    refuse(`Only the system coordinator can withdraw a consent that was given. ${how}`.trim(), 'Consent.status');
  }
  if (after !== undefined && courseKey(before) !== undefined && courseKey(after) !== courseKey(before)) {
    refuse('The consent that follows from the forms of a course stays that of the course.', 'Consent.identifier');
  }
  if (wasInactive && !isInactive) {
    refuse('A withdrawal stands: the patient can be asked again in a later course.', 'Consent.status');
  }
  if (after === undefined && before?.status === 'rejected' && !isNotApplicable(before)) {
    refuse('Only the system coordinator can take away that consent was refused.', 'Consent');
  }
}

/** Of which course, and under which policy, a Consent was derived. */
function courseKey(consent: Consent | undefined): string | undefined {
  return consent?.identifier?.find(({ system }) => system === identifierSystem.consent)?.value;
}
