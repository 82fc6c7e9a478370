import type {
  Coding,
  Consent,
  Encounter,
  EpisodeOfCare,
  ResearchStudy,
  ResearchSubject,
  Task,
} from '@medplum/fhirtypes';
import type { ConsentState } from './consent.ts';
import { type Course, courseFacts, latestAnswer } from './course.ts';
import { alwaysOpen, courseTypeOf } from './course-type.ts';
import { type Evaluate, firstText, truth } from './evaluate.ts';
import { basisAt, type CriterionOutcome, type Decision, decideMembership, type LegalBasis } from './membership.ts';
import { bare, type Protocol } from './protocol.ts';
import { dayOf } from './zone.ts';

/** A registry as it meets a course: the hospital's own study, the national study it is part of, and the protocol. */
export interface Registry {
  readonly local: ResearchStudy;
  readonly national: ResearchStudy | undefined;
  readonly protocol: Protocol;
}

/** What a registry's protocol says of a course, by the answers of its forms alone. */
export interface CourseReading {
  readonly registry: Registry;
  /** With the answers to all its forms, those that do not count included. */
  readonly course: Course;
  /** The course with the answers that count: those to forms that are open. */
  readonly counting: Course;
  /** What expressions see of the answers that count. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Undefined while nothing tells, and in a registry without course types. */
  readonly courseType: Coding | undefined;
  /** Labels of the forms that are open. */
  readonly opens: ReadonlySet<string>;
  /** Whether the criteria of group inclusion are all met; undefined while one is unanswered and none has failed. */
  readonly inclusion: boolean | undefined;
  readonly criteria: readonly CriterionOutcome[];
  /** The day on which the course started, as FHIR's date. */
  readonly startDate: string;
  /** The legal basis for storage on the day on which the course started. */
  readonly basis: LegalBasis;
  /** A clinician form has been saved: before that the course is in no registry. */
  readonly registered: boolean;
}

/** What was stored of a course before it was settled, beside its forms. */
export interface StoredOfCourse {
  /** All Consents of the patient. */
  readonly consents: readonly Consent[];
  /** The Tasks about the course: orders of forms, registrations. */
  readonly tasks: readonly Task[];
  readonly encounters: readonly Encounter[];
}

/**
 * How a course stands in one registry, derived from its facts. Deriving it again from the same facts gives the same, and
 * what is stored (Consent, ResearchSubject, Tasks) must say the same.
 */
export interface CourseState extends CourseReading {
  readonly consent: ConsentState;
  /** The Consent that decides. */
  readonly consentResource: Consent | undefined;
  /** The Consent that is shown: the one that decides, else the course's own, which is pending or not applicable. */
  readonly consentShown: Consent | undefined;
  /** Undefined where the course belongs nowhere: cancelled, in error, without a saved form, moved to another hospital. */
  readonly decision: Decision | undefined;
  /** The open membership as it stands after settling; undefined where the course belongs nowhere. */
  readonly membership: ResearchSubject | undefined;
  /** The memberships in this registry that were open before settling. */
  readonly before: readonly ResearchSubject[];
  readonly stored: StoredOfCourse;
}

/** Reads a course by a registry's protocol. @param now of a course without a start date, the present decides */
export function readState(registry: Registry, course: Course, now: Date, evaluate: Evaluate): CourseReading {
  const { protocol } = registry;
  const labels = protocol.forms.map(({ label }) => label);
  const certain = courseFacts(protocol, only(course, protocol, alwaysOpen(protocol.courseTypes, labels)));
  const inclusion = allMet(outcomes(protocol, 'inclusion', certain, evaluate));
  const { type, opens } = courseTypeOf(protocol.courseTypes, labels, certain, inclusion, evaluate);
  const counting = only(course, protocol, opens);
  const facts = courseFacts(protocol, counting);
  const startDate = startOf(protocol, course.episode, facts, now, evaluate);
  return {
    registry,
    course,
    counting,
    facts,
    courseType: type,
    opens,
    inclusion,
    criteria: protocol.criteria.map(({ reason, expression }) => ({ reason, met: truth(evaluate(expression, facts)) })),
    startDate,
    basis: basisAt(registry.national ?? registry.local, startDate),
    registered: clinicianForms(protocol).some(({ questionnaire }) => latestAnswer(course.responses, questionnaire)),
  };
}

/** Where the course belongs; undefined where it belongs nowhere. */
export function decide(reading: CourseReading, consent: ConsentState): Decision | undefined {
  return isCancelled(reading.course.episode) || !reading.registered
    ? undefined
    : decideMembership(reading.criteria, reading.basis, consent);
}

/** Whether a course is no course any more. */
export function isCancelled({ status }: EpisodeOfCare): boolean {
  return status === 'cancelled' || status === 'entered-in-error';
}

/** The forms of a registry that clinicians fill in: those that its schedule sends to nobody. */
export function clinicianForms(protocol: Protocol): Protocol['forms'] {
  const sent = new Set(protocol.schedule.map(({ questionnaire }) => bare(questionnaire)));
  return protocol.forms.filter(({ questionnaire }) => !sent.has(questionnaire));
}

/** A course with the answers to some of the protocol's forms. */
function only(course: Course, protocol: Protocol, labels: ReadonlySet<string>): Course {
  const closed = new Set(
    protocol.forms.filter(({ label }) => !labels.has(label)).map(({ questionnaire }) => questionnaire),
  );
  return closed.size === 0
    ? course
    : { ...course, responses: course.responses.filter((each) => !closed.has(bare(each.questionnaire ?? ''))) };
}

function outcomes(
  { criteria }: Protocol,
  group: Protocol['criteria'][number]['group'],
  facts: Readonly<Record<string, unknown>>,
  evaluate: Evaluate,
): readonly (boolean | undefined)[] {
  return criteria.filter((each) => each.group === group).map(({ expression }) => truth(evaluate(expression, facts)));
}

function allMet(met: readonly (boolean | undefined)[]): boolean | undefined {
  if (met.includes(false)) return false;
  return met.includes(undefined) ? undefined : true;
}

/** The day of the course's start in the registry's calendar: the protocol's anchor `start`, else the course's own. */
function startOf(
  { anchors, zone }: Protocol,
  episode: EpisodeOfCare,
  facts: Readonly<Record<string, unknown>>,
  now: Date,
  evaluate: Evaluate,
): string {
  const anchor = anchors.get('start');
  const told = anchor === undefined ? undefined : firstText(evaluate(anchor, facts));
  return dayOf(told ?? episode.period?.start ?? now.toISOString(), zone);
}
