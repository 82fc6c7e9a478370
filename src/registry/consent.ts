import type { Coding, Consent, EpisodeOfCare } from '@medplum/fhirtypes';
import { codeSystem, extensionUrl, identifierSystem } from './names.ts';
import { isSurveyReservation } from './patient-right.ts';
import type { ConsentRule } from './protocol.ts';
import { unversioned } from './unversioned.ts';
import { dateIn, dayOf } from './zone.ts';

export type ConsentState = 'none' | 'given' | 'refused' | 'withdrawn' | 'reserved';

/**
 * The consents of a patient that speak of a course under a policy: about this course, or about none in particular. A
 * reservation against surveys speaks of none.
 */
export function consentsFor(consents: readonly Consent[], policy: string | undefined, episodeId: string): Consent[] {
  const course = `EpisodeOfCare/${episodeId}`;
  return consents.filter((consent) => {
    const policies = (consent.policy ?? []).flatMap(({ uri }) => uri ?? []);
    const about = [
      ...(consent.provision?.data ?? []),
      ...(consent.provision?.provision ?? []).flatMap((p) => p.data ?? []),
    ]
      .map((data) => unversioned(data.reference?.reference ?? ''))
      .filter((reference) => reference.startsWith('EpisodeOfCare/'));
    const ofPolicy = policy === undefined ? true : policies.length > 0 ? policies.includes(policy) : about.length > 0;
    if (isSurveyReservation(consent)) return false;
    return ofPolicy && (about.length === 0 || about.includes(course)) && consent.status !== 'entered-in-error';
  });
}

/** What the consents of a course come to: the one with the latest date decides. */
export function consentState(consents: readonly Consent[]): { state: ConsentState; consent?: Consent } {
  let latest: Consent | undefined;
  for (const consent of consents) {
    if (consent.status === 'draft' || consent.status === 'proposed' || isNotApplicable(consent)) continue;
    if (latest === undefined || dateOf(consent) >= dateOf(latest)) latest = consent;
  }
  if (latest === undefined) {
    return { state: 'none' };
  }
  return { state: stateOf(latest), consent: latest };
}

function stateOf(consent: Consent): ConsentState {
  if (consent.status === 'inactive') return isOptOut(consent) ? 'none' : 'withdrawn';
  if (consent.status === 'rejected') return isOptOut(consent) ? 'reserved' : 'refused';
  const denied = [consent.provision, ...(consent.provision?.provision ?? [])].some((p) => p?.type === 'deny');
  if (isOptOut(consent)) return 'reserved';
  return denied ? 'refused' : 'given';
}

/** An active consent under OPTOUT is the patient's reservation. */
function isOptOut(consent: Consent): boolean {
  return consent.policyRule?.coding?.some(({ code }) => code?.startsWith('OPTOUT') === true) ?? false;
}

function dateOf(consent: Consent): number {
  return Date.parse(toldDate(consent));
}

/**
 * Our own kind of missing consent beside the registry's: consent is not open, because the patient was not seen or a
 * criterion fails. The server alone sets it, and it is no refusal (SmerteReg manual 1.8, "Samtykke": "Nei – ikke aktuelt").
 */
export const notApplicable: Coding = {
  system: codeSystem.consentMissing,
  code: 'ikke-aktuelt',
  display: 'Ikke aktuelt',
};

/** Whether consent is missing because it was not open. */
export function isNotApplicable({ extension }: Pick<Consent, 'extension'>): boolean {
  return (extension ?? []).some(
    ({ url, valueCoding }) =>
      url === extensionUrl.missingKind &&
      valueCoding?.system === notApplicable.system &&
      valueCoding?.code === notApplicable.code,
  );
}

/** Whether nobody has answered: a Consent that is pending, not applicable, or a mistake. */
export function isUnanswered(consent: Consent): boolean {
  return consent.status === 'proposed' || consent.status === 'entered-in-error' || isNotApplicable(consent);
}

/** Whether a Consent says yes: it is active, forbids nothing, and is no reservation. */
export function isGiven(consent: Consent): boolean {
  return consentState([consent]).state === 'given';
}

/** Whether a Consent is a withdrawal of what was given; a reservation that was lifted is none. */
export function isWithdrawal(consent: Consent): boolean {
  return consent.status === 'inactive' && !isOptOut(consent) && !isSurveyReservation(consent);
}

/**
 * Whether a withdrawal ends a consent of the same patient under the same policy, also one about another course: if that
 * was given no later. A consent whose date lies ahead has been given by now. Where both are of one day, and no times tell,
 * whether the withdrawal happens just now does.
 * @param now the present, where the withdrawal happens just now; else false
 * @param zone in which days are counted
 */
export function endsConsent(withdrawal: Consent, consent: Consent, now: Date | false, zone: string): boolean {
  if (consent.status !== 'active' || isOptOut(consent) || isSurveyReservation(consent)) return false;
  const [told = '', withdrawn = ''] = [consent, withdrawal].map(toldDate);
  const given = now !== false && dayOf(told, zone) > dateIn(now, zone) ? now.toISOString() : told;
  if (given.includes('T') && withdrawn.includes('T')) {
    const [from, to] = [Date.parse(given), Date.parse(withdrawn)];
    return from < to || (now !== false && from === to);
  }
  const [from, to] = [dayOf(given, zone), dayOf(withdrawn, zone)];
  return from < to || (now !== false && from === to);
}

/** A consent that a withdrawal has ended. */
export function withdrawn(consent: Consent, { dateTime }: Consent): Consent {
  return { ...consent, status: 'inactive', dateTime: dateTime ?? consent.dateTime };
}

function toldDate(consent: Consent): string {
  return consent.dateTime ?? consent.meta?.lastUpdated ?? '9999-12-31';
}

/** The identifier of the Consent that a registry's form makes for a course. */
export function consentIdentifier(rule: ConsentRule, episode: EpisodeOfCare): { system: string; value: string } {
  return { system: identifierSystem.consent, value: `${episode.id}/${rule.policy}` };
}
