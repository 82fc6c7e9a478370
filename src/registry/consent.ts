import type { Coding, Consent, EpisodeOfCare, Patient, QuestionnaireResponse } from '@medplum/fhirtypes';
import { type Course, courseFacts } from './course.ts';
import { type Evaluate, firstText } from './evaluate.ts';
import { inheritedMeta } from './historic.ts';
import { extensionUrl, identifierSystem } from './names.ts';
import { isSurveyReservation } from './patient-right.ts';
import type { ConsentRule, Protocol } from './protocol.ts';
import { unversioned } from './unversioned.ts';

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
    if (consent.status === 'draft' || consent.status === 'proposed') continue;
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
  return Date.parse(consent.dateTime ?? consent.meta?.lastUpdated ?? '9999-12-31');
}

/**
 * The Consent that the course's forms tell of, to be stored in place of `existing`; undefined where they tell nothing, or
 * nothing new. A form that repeats what it said before does not undo what has since been done to the Consent itself (a
 * withdrawal at the patient's own hand, say).
 */
export function derivedConsent(
  protocol: Protocol,
  course: Course,
  source: QuestionnaireResponse,
  existing: Consent | undefined,
  evaluate: Evaluate,
): Consent | undefined {
  const rule = protocol.consent;
  if (rule === undefined) return undefined;
  const facts = courseFacts(protocol, course);
  const said = firstText(evaluate(rule.status, facts));
  if (said !== undefined && said !== 'active' && said !== 'rejected' && said !== 'inactive') {
    return undefined;
  }
  if (existing === undefined ? said === undefined : !formStillSpeaksFor(existing, said)) {
    return undefined;
  }
  const dateTime = rule.dateTime === undefined ? undefined : firstText(evaluate(rule.dateTime, facts));
  const missing = rule.missing === undefined ? undefined : codingOf(evaluate(rule.missing, facts)[0]);
  // An answer that is taken back leaves no consent behind.
  const status = said ?? 'entered-in-error';
  const consent = buildConsent(rule, course, source, status, said, dateTime, missing, existing);
  return sameConsent(existing, consent) ? undefined : consent;
}

/** False once somebody changed the Consent itself and the form only repeats what it said before. */
function formStillSpeaksFor(existing: Consent, said: string | undefined): boolean {
  const before = existing.extension?.find(({ url }) => url === extensionUrl.formStatus)?.valueCode;
  const changedSince = before === undefined ? existing.status !== 'entered-in-error' : existing.status !== before;
  return !changedSince || (said !== undefined && before !== undefined && said !== before);
}

function buildConsent(
  rule: ConsentRule,
  course: Course,
  source: QuestionnaireResponse,
  status: Consent['status'],
  said: string | undefined,
  dateTime: string | undefined,
  missing: Coding | undefined,
  existing: Consent | undefined,
): Consent {
  const { episode, patient } = course;
  const extensions = [
    ...(said === undefined ? [] : [{ url: extensionUrl.formStatus, valueCode: said }]),
    ...(missing === undefined ? [] : [{ url: extensionUrl.missingKind, valueCoding: missing }]),
  ];
  return {
    ...(existing ?? inheritedMeta(source)),
    resourceType: 'Consent',
    extension: extensions.length === 0 ? undefined : extensions,
    identifier: [consentIdentifier(rule, episode)],
    status,
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] },
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'RESEARCH' }] }],
    patient: reference(patient),
    dateTime: dateTime ?? existing?.dateTime ?? source.authored,
    sourceReference: source.id === undefined ? undefined : { reference: `QuestionnaireResponse/${source.id}` },
    policy: [{ uri: rule.policy }],
    policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTIN' }] },
    provision: {
      provision: [
        {
          type: status === 'active' ? 'permit' : 'deny',
          data: [{ meaning: 'dependents', reference: { reference: `EpisodeOfCare/${episode.id}` } }],
        },
      ],
    },
  };
}

/** The identifier of the Consent that a registry's form makes for a course. */
export function consentIdentifier(rule: ConsentRule, episode: EpisodeOfCare): { system: string; value: string } {
  return { system: identifierSystem.consent, value: `${episode.id}/${rule.policy}` };
}

function codingOf(value: unknown): Coding | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { system, code, display } = value as Readonly<Record<string, unknown>>;
  return typeof code === 'string'
    ? {
        ...(typeof system === 'string' ? { system } : {}),
        code,
        ...(typeof display === 'string' ? { display } : {}),
      }
    : undefined;
}

function reference(patient: Patient): { reference: string } {
  return { reference: `Patient/${patient.id}` };
}

function sameConsent(left: Consent | undefined, right: Consent): boolean {
  const essence = (consent: Consent) =>
    JSON.stringify([consent.status, consent.dateTime, consent.extension ?? [], consent.provision]);
  return left !== undefined && essence(left) === essence(right);
}
