import type { MedplumClient } from '@medplum/core';
import type { Consent, Resource } from '@medplum/fhirtypes';
import {
  type ConsentState,
  consentIdentifier,
  consentState,
  consentsFor,
  endsConsent,
  isWithdrawal,
  withdrawn,
} from '../../src/registry/consent.ts';
import type { Course } from '../../src/registry/course.ts';
import type { CourseReading } from '../../src/registry/course-state.ts';
import { derivedConsent, permitting } from '../../src/registry/derived-consent.ts';
import { unversioned } from '../../src/registry/unversioned.ts';
import { evaluate } from './evaluate.ts';
import type { Occasion } from './occasion.ts';
import { refuse } from './refuse.ts';
import { refuseConsentOf } from './refuse-consent.ts';
import { save } from './save.ts';

/** The consent of a course after settling. */
export interface SettledConsent {
  readonly state: ConsentState;
  readonly consent: Consent | undefined;
  /** The Consent that is shown: the one that decides, else the course's own, which is pending or not applicable. */
  readonly shown: Consent | undefined;
  /** A withdrawal that happens with this write: it ends the consents of the patient's other courses too. */
  readonly withdrawal: Consent | undefined;
}

/**
 * Settles the consent of a course: what the forms and criteria make of it, what a withdrawal (in whichever course) ends.
 * Refuses what only the system coordinator, the patient or the server may do.
 * @param stored all Consents of the patient
 */
export async function settleConsent(
  medplum: MedplumClient,
  reading: CourseReading,
  stored: readonly Consent[],
  occasion: Occasion,
): Promise<SettledConsent> {
  const { protocol } = reading.registry;
  const { course } = reading;
  const policy = protocol.consent?.policy;
  const own = (consents: readonly Consent[]): Consent[] => consentsFor(consents, policy, course.episode.id ?? '');
  const change = consentChange(occasion, stored);
  if (change !== undefined && own([change.before, change.after].flatMap((one) => one ?? [])).length > 0) {
    refuseConsentOf(occasion, change);
  }
  let consents = [...stored];
  const put = (saved: Consent): void => {
    consents = [...consents.filter(({ id }) => id !== saved.id), saved];
  };
  let withdrawal = await withdrawalNow(medplum, occasion, change, put);
  const isTurned = change?.after !== undefined && change.before?.status !== 'active' && isOwn(change.after, reading);
  const turned = isTurned && change.after !== undefined ? permitting(change.after) : undefined;
  if (turned !== undefined) put(await save(medplum, turned));
  const derived = await heard(medplum, reading, consents, occasion);
  if (derived !== undefined) {
    put(derived);
    if (isWithdrawal(derived)) withdrawal = derived;
  }
  const underPolicy = consents.filter((each) => policy === undefined || each.policy?.some(({ uri }) => uri === policy));
  for (const each of own(consents)) {
    const ends = underPolicy.find(
      (other) =>
        isWithdrawal(other) && endsConsent(other, each, other.id === withdrawal?.id && occasion.now, protocol.zone),
    );
    if (ends !== undefined) put(await save(medplum, withdrawn(each, ends)));
  }
  const { state, consent } = consentState(own(consents));
  const pending = consent ?? own(consents).find((each) => isOwn(each, reading));
  return { state, consent, shown: pending, withdrawal };
}

/** What the write does to a Consent, if it is one that is written. */
function consentChange({ cause, previous }: Occasion, stored: readonly Consent[]): ConsentChange | undefined {
  if (cause.resourceType !== 'Consent') return undefined;
  return stored.some(({ id }) => id === cause.id)
    ? { before: previous?.resourceType === 'Consent' ? previous : undefined, after: cause }
    : { before: cause, after: undefined };
}

export interface ConsentChange {
  readonly before: Consent | undefined;
  /** Undefined where it was deleted. */
  readonly after: Consent | undefined;
}

/**
 * The withdrawal that happens with this write, dated. Whoever withdraws by changing the status alone withdraws now: the date
 * of a Consent is that of what it says.
 */
async function withdrawalNow(
  medplum: MedplumClient,
  { now, withdrawal }: Occasion,
  change: ConsentChange | undefined,
  put: (saved: Consent) => void,
): Promise<Consent | undefined> {
  const { before, after } = change ?? {};
  if (after === undefined || !isWithdrawal(after) || before?.status === 'inactive') return withdrawal;
  if (before === undefined || before.dateTime !== after.dateTime) return after;
  const dated = await save(medplum, { ...after, dateTime: now.toISOString() });
  put(dated);
  return dated;
}

/** What the forms of a course make of its consent, stored. Undefined where nothing changes. */
async function heard(
  medplum: MedplumClient,
  reading: CourseReading,
  consents: readonly Consent[],
  { cause, bound }: Occasion,
): Promise<Consent | undefined> {
  const { course, registry } = reading;
  const rule = registry.protocol.consent;
  if (rule === undefined) return undefined;
  const existing = consents.find((each) => isOwn(each, reading));
  const derived = derivedConsent(reading, cause, existing, evaluate);
  if (derived === undefined) return undefined;
  const isGiven = existing?.status === 'active' && derived.status !== 'active';
  if (bound && (derived.status === 'inactive' || (isGiven && !isTakenAway(cause, course)))) {
    refuse(
      'Only the system coordinator can withdraw a consent that was given, and does so on the Consent itself.',
      cause.resourceType,
    );
  }
  return save(medplum, derived);
}

/** Whether it is the Consent that the forms of this course make. */
function isOwn(consent: Consent, { registry, course }: CourseReading): boolean {
  const rule = registry.protocol.consent;
  const own = rule && consentIdentifier(rule, course.episode);
  return consent.identifier?.some(({ system, value }) => system === own?.system && value === own?.value) === true;
}

/**
 * Whether the write is the deletion of a form of the course: with what it said it withdraws nothing. A form that is moved to
 * another course, or away from all, is none that was deleted.
 */
export function isTakenAway(cause: Resource, { episode, patient, responses }: Course): boolean {
  if (cause.resourceType !== 'QuestionnaireResponse' || responses.some(({ id }) => id === cause.id)) return false;
  const [referral] = episode.referralRequest ?? [];
  return (
    cause.basedOn?.some(({ reference }) => reference !== undefined && reference === referral?.reference) === true &&
    unversioned(cause.subject?.reference ?? '') === `Patient/${patient.id}`
  );
}
