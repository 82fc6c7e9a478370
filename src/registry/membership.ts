import type { Coding, EpisodeOfCare, ResearchStudy, ResearchSubject } from '@medplum/fhirtypes';
import type { ConsentState } from './consent.ts';
import { codeSystem, extensionUrl } from './names.ts';
import { unversioned } from './unversioned.ts';

/** How one criterion stands; undefined while it is unanswered. */
export interface CriterionOutcome {
  readonly reason: Coding;
  readonly met: boolean | undefined;
}

export type LegalBasis = 'consent' | 'reservation' | 'waiver';

/** Where a course belongs, and why. */
export interface Decision {
  readonly place: 'national' | 'local';
  readonly status: 'candidate' | 'eligible' | 'ineligible' | 'on-study' | 'not-registered';
  readonly reason?: Coding;
}

/** A reason that is the same in every registry. */
export function generalReason(code: string): Coding {
  return { system: codeSystem.membershipReason, code };
}

/**
 * Where a course belongs (SmerteReg manual 1.8, "Forløpstyper" and "Samtykke"; the criteria themselves are the
 * protocol's). In the national registry only when every criterion is met and the legal basis is there; otherwise held
 * locally, with the reason: what was withdrawn or refused, the first criterion that fails, the first that is unanswered,
 * or the consent that is awaited.
 */
export function decideMembership(
  criteria: readonly CriterionOutcome[],
  basis: LegalBasis,
  consent: ConsentState,
): Decision {
  const local = (status: Decision['status'], reason: Coding): Decision => ({ place: 'local', status, reason });
  if (basis !== 'waiver' && consent === 'withdrawn') {
    return local('not-registered', generalReason('consent-withdrawn'));
  }
  const failed = criteria.find(({ met }) => met === false);
  if (failed !== undefined) {
    return local('ineligible', failed.reason);
  }
  if (basis === 'consent' && consent === 'refused') {
    return local('not-registered', generalReason('consent-refused'));
  }
  // under reservation nobody is asked: a no is the patient's own
  if (basis !== 'waiver' && (consent === 'reserved' || consent === 'refused')) {
    return local('not-registered', generalReason('reserved'));
  }
  const unanswered = criteria.find(({ met }) => met === undefined);
  if (unanswered !== undefined) {
    return local('candidate', unanswered.reason);
  }
  if (basis === 'consent' && consent !== 'given') {
    return local('eligible', generalReason('consent-awaited'));
  }
  return { place: 'national', status: 'on-study' };
}

/** The legal basis for storage that is in force on a date; consent, the strictest, where the study states none. */
export function basisAt(study: ResearchStudy | undefined, date: string): LegalBasis {
  for (const extension of study?.extension ?? []) {
    if (extension.url !== extensionUrl.legalBasis) continue;
    const part = (url: string) => extension.extension?.find((candidate) => candidate.url === url);
    const period = part('period')?.valuePeriod;
    const basis = part('basis')?.valueCode;
    const inForce =
      (period?.start === undefined || period.start.slice(0, 10) <= date) &&
      (period?.end === undefined || date <= period.end.slice(0, 10));
    if (part('purpose')?.valueCode === 'storage' && inForce && (basis === 'reservation' || basis === 'waiver')) {
      return basis;
    }
  }
  return 'consent';
}

/** What has to be written so that the stored memberships of a course say what was decided. */
export interface MembershipChange {
  /** Memberships that end, already closed. */
  readonly close: readonly ResearchSubject[];
  /** The membership that is opened or changed; without id if new. Undefined where it already stands so. */
  readonly put: ResearchSubject | undefined;
}

/**
 * The change from a course's open memberships to the decided one. One membership a course is open at a time: a change of
 * place closes one and opens another, a change of status within a place changes it. `decision` undefined: the course
 * belongs nowhere (cancelled, its form removed), with `ended` as the reason.
 */
export function membershipChange(input: {
  readonly template: Pick<ResearchSubject, 'individual' | 'meta'>;
  readonly episode: EpisodeOfCare;
  readonly study: ResearchStudy;
  readonly decision: Decision | undefined;
  readonly ended: Coding;
  readonly open: readonly ResearchSubject[];
  readonly consentReference: string | undefined;
  readonly since: string;
  readonly until: string;
}): MembershipChange {
  const { decision, open, study } = input;
  const studyReference = `ResearchStudy/${study.id}`;
  const standing = decision === undefined ? undefined : open.find((s) => s.study.reference === studyReference);
  const close = open
    .filter((subject) => subject !== standing)
    .map((subject) => closed(subject, decision, input.ended, input.until));
  if (decision === undefined) {
    return { close, put: undefined };
  }
  const wanted: ResearchSubject = {
    ...(standing ?? input.template),
    resourceType: 'ResearchSubject',
    individual: input.template.individual,
    extension: subjectExtensions(input.episode, decision.reason),
    identifier: input.episode.identifier ?? standing?.identifier,
    status: decision.status,
    period: standing?.period ?? { start: input.since },
    study: { reference: studyReference },
    consent: input.consentReference === undefined ? undefined : { reference: input.consentReference },
  };
  return { close, put: standing !== undefined && sameMembership(standing, wanted) ? undefined : wanted };
}

/** A membership that has ended, with the reason: the decision's, or `ended` where the course belongs nowhere any more. */
export function closed(
  subject: ResearchSubject,
  decision: Decision | undefined,
  ended: Coding,
  until: string,
): ResearchSubject {
  const noBasis = ['consent-withdrawn', 'consent-refused', 'reserved'].includes(decision?.reason?.code ?? '');
  const left = subject.status === 'on-study';
  const reason = decision === undefined ? ended : left ? decision.reason : generalReason('moved');
  return {
    ...subject,
    extension: [
      ...(subject.extension ?? []).filter(({ url }) => url !== extensionUrl.reason),
      ...reasonExtension(reason ?? generalReason('moved')),
    ],
    status: left && noBasis ? 'withdrawn' : 'off-study',
    // what old data tells may have ended it before it was seen to start
    period: { ...subject.period, end: later(subject.period?.start, until) },
  };
}

function later(start: string | undefined, end: string): string {
  return start !== undefined && Date.parse(start) > Date.parse(end) ? start : end;
}

function subjectExtensions(episode: EpisodeOfCare, reason: Coding | undefined): ResearchSubject['extension'] {
  return [
    { url: extensionUrl.course, valueReference: { reference: `EpisodeOfCare/${episode.id}` } },
    ...(reason === undefined ? [] : reasonExtension(reason)),
  ];
}

function reasonExtension(reason: Coding): { url: string; valueCodeableConcept: { coding: Coding[] } }[] {
  return [{ url: extensionUrl.reason, valueCodeableConcept: { coding: [reason] } }];
}

function sameMembership(left: ResearchSubject, right: ResearchSubject): boolean {
  const essence = (subject: ResearchSubject) =>
    JSON.stringify([subject.status, subject.extension, subject.identifier, subject.consent?.reference]);
  return essence(left) === essence(right);
}

/** The course that a membership is about, as a reference. */
export function courseOf(subject: ResearchSubject): string | undefined {
  const reference = subject.extension?.find(({ url }) => url === extensionUrl.course)?.valueReference?.reference;
  return reference === undefined ? undefined : unversioned(reference);
}

/** Why a membership stands as it does. */
export function reasonOf(subject: ResearchSubject): string | undefined {
  const reason = subject.extension?.find(({ url }) => url === extensionUrl.reason);
  return reason?.valueCodeableConcept?.coding?.[0]?.code;
}
