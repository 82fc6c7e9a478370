import type { Coding, Consent, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { consentIdentifier, isUnanswered, notApplicable } from './consent.ts';
import type { Course } from './course.ts';
import type { CourseReading } from './course-state.ts';
import { type Evaluate, firstText } from './evaluate.ts';
import { inheritedMeta } from './historic.ts';
import { extensionUrl } from './names.ts';
import type { ConsentRule } from './protocol.ts';

/** What a form answers about consent. */
type Said = 'active' | 'rejected' | 'inactive';

/** What the form said last; `closed` since its fields for consent are closed and so say nothing. */
type FormStatus = Said | 'closed';

interface Wanted {
  readonly status: Consent['status'];
  readonly formStatus?: FormStatus | undefined;
  readonly missing?: Coding | undefined;
}

/**
 * The Consent of a course as its forms and criteria have it, to be stored in place of `existing`; undefined where it
 * stands so already, or none is to be.
 *
 * Pending (`proposed`) while consent is open, which it is as soon as all criteria of inclusion are met, and unanswered;
 * `active` or `rejected` as the form says; rejected with our own kind `ikke-aktuelt` while a criterion fails, so long as
 * nothing was answered before. Fields that are closed say nothing: what was answered stands. A withdrawal stands,
 * whatever a form says, and so does what has been done to the Consent itself (by the patient's own hand, say) until the
 * form says something else than it last said. (SmerteReg manual 1.8, "Samtykke".)
 * @param cause what was written: data that follows from a historic load is marked so too
 */
export function derivedConsent(
  reading: CourseReading,
  cause: Resource,
  existing: Consent | undefined,
  evaluate: Evaluate,
): Consent | undefined {
  const rule = reading.registry.protocol.consent;
  if (rule === undefined) return undefined;
  const source = sourceOf(reading, rule);
  const wanted = wantedConsent(reading, rule, source, existing, evaluate);
  if (wanted === undefined) return undefined;
  const told = wanted.formStatus === wanted.status && rule.dateTime !== undefined;
  const dateTime = told ? firstText(evaluate(rule.dateTime ?? '', reading.facts)) : undefined;
  const consent = buildConsent(rule, reading.course, source, cause, wanted, dateTime, existing);
  return sameConsent(existing, consent) ? undefined : consent;
}

/** The answered form that tells of consent: the first that the rule names. */
function sourceOf(
  { registry: { protocol }, facts }: CourseReading,
  rule: ConsentRule,
): QuestionnaireResponse | undefined {
  const named = protocol.forms.find(({ label }) => new RegExp(`%${label}\\b`).test(rule.status));
  const answer = named && facts[named.label];
  return isResponse(answer) ? answer : undefined;
}

function isResponse(fact: unknown): fact is QuestionnaireResponse {
  return typeof fact === 'object' && fact !== null && 'resourceType' in fact;
}

function wantedConsent(
  reading: CourseReading,
  rule: ConsentRule,
  source: QuestionnaireResponse | undefined,
  existing: Consent | undefined,
  evaluate: Evaluate,
): Wanted | undefined {
  if (existing?.status === 'inactive') return undefined;
  const before = formStatusOf(existing);
  /** Nobody has answered yet. */
  const isMute = existing === undefined || isUnanswered(existing);
  /** What stands is the form's own word, and not the patient's, who signed it. */
  const isOfForm =
    before !== undefined && existing?.performer === undefined && (before === 'closed' || before === existing?.status);
  if (reading.basis !== 'consent') {
    const goes = existing !== undefined && (isMute || (isOfForm && existing.status === 'rejected'));
    return goes ? { status: 'entered-in-error' } : undefined;
  }
  const said = saidBy(rule, reading, evaluate);
  if (said !== undefined) {
    const missing = rule.missing === undefined ? undefined : codingOf(evaluate(rule.missing, reading.facts)[0]);
    const isHeard = isMute || isOfForm || (before !== undefined && said !== before);
    return isHeard ? { status: said, formStatus: said, missing } : undefined;
  }
  const isOpen = reading.inclusion === true;
  if (source === undefined || (!isOpen && isMute)) {
    if (source !== undefined && reading.inclusion === false) return { status: 'rejected', missing: notApplicable };
    return existing !== undefined && (isMute || isOfForm) ? { status: 'entered-in-error' } : undefined;
  }
  if (isOpen) {
    const isTakenBack = isOfForm && before !== 'closed';
    return isMute || isTakenBack ? { status: 'proposed' } : undefined;
  }
  return isOfForm && existing !== undefined
    ? { status: existing.status, formStatus: 'closed', missing: missingKindOf(existing) }
    : undefined;
}

function saidBy(rule: ConsentRule, { facts }: CourseReading, evaluate: Evaluate): Said | undefined {
  const said = firstText(evaluate(rule.status, facts));
  return said === 'active' || said === 'rejected' || said === 'inactive' ? said : undefined;
}

function formStatusOf(consent: Consent | undefined): string | undefined {
  return consent?.extension?.find(({ url }) => url === extensionUrl.formStatus)?.valueCode;
}

function missingKindOf(consent: Consent | undefined): Coding | undefined {
  return consent?.extension?.find(({ url }) => url === extensionUrl.missingKind)?.valueCoding;
}

function buildConsent(
  rule: ConsentRule,
  { episode, patient }: Course,
  source: QuestionnaireResponse | undefined,
  cause: Resource,
  { status, formStatus, missing }: Wanted,
  dateTime: string | undefined,
  existing: Consent | undefined,
): Consent {
  const extensions = [
    ...(formStatus === undefined ? [] : [{ url: extensionUrl.formStatus, valueCode: formStatus }]),
    ...(missing === undefined ? [] : [{ url: extensionUrl.missingKind, valueCoding: missing }]),
  ];
  return {
    ...(existing ?? inheritedMeta(cause)),
    resourceType: 'Consent',
    extension: extensions.length === 0 ? undefined : extensions,
    identifier: [consentIdentifier(rule, episode)],
    status,
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] },
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'RESEARCH' }] }],
    patient: { reference: `Patient/${patient.id}` },
    performer: undefined,
    dateTime:
      dateTime ??
      (existing?.status === status ? existing?.dateTime : undefined) ??
      source?.authored ??
      existing?.dateTime,
    sourceReference: source?.id === undefined ? undefined : { reference: `QuestionnaireResponse/${source.id}` },
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

/**
 * The Consent that was derived for a course, after somebody else made a yes of it by its status alone: it permits then what
 * it denied. Undefined where it says so already, or is no yes.
 */
export function permitting(consent: Consent): Consent | undefined {
  const parts = consent.provision?.provision ?? [];
  if (consent.status !== 'active' || parts.every(({ type }) => type === 'permit')) return undefined;
  const provision = parts.map((part) => ({ ...part, type: 'permit' as const }));
  return { ...consent, provision: { ...consent.provision, provision } };
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

function sameConsent(left: Consent | undefined, right: Consent): boolean {
  const essence = (consent: Consent) =>
    JSON.stringify([consent.status, consent.dateTime, consent.extension ?? [], consent.provision]);
  return left !== undefined && essence(left) === essence(right);
}
