import type {
  Consent,
  EpisodeOfCare,
  Patient,
  QuestionnaireResponse,
  ResearchSubject,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { isHistoric } from './historic.ts';
import { bare, type Protocol } from './protocol.ts';

/** One referral with all that follows. */
export interface Course {
  readonly episode: EpisodeOfCare;
  readonly patient: Patient;
  readonly referral: ServiceRequest | undefined;
  /** Answers to all forms of the course. */
  readonly responses: readonly QuestionnaireResponse[];
}

/**
 * What the protocol's expressions may name: `%course`, `%patient`, `%referral`, `%consent`, `%membership`, and by its
 * label each form of the protocol (`%TO`), bound to the course's latest answer to it.
 */
export function courseFacts(
  protocol: Protocol,
  course: Course,
  more: { consent?: Consent; membership?: ResearchSubject } = {},
): Record<string, unknown> {
  const facts: Record<string, unknown> = {
    course: course.episode,
    patient: course.patient,
    referral: course.referral ?? [],
    consent: more.consent ?? [],
    membership: more.membership ?? [],
  };
  for (const { label, questionnaire } of protocol.forms) {
    facts[label] = latestAnswer(course.responses, questionnaire) ?? [];
  }
  return facts;
}

/** The facts that may start an order: answers and memberships that a historic load brought are left out. */
export function liveFacts(
  protocol: Protocol,
  course: Course,
  more: { consent?: Consent; membership?: ResearchSubject } = {},
): Record<string, unknown> {
  const live = <R extends Consent | ResearchSubject>(resource: R | undefined): R | undefined =>
    isHistoric(resource) ? undefined : resource;
  return courseFacts(
    protocol,
    { ...course, responses: course.responses.filter((response) => !isHistoric(response)) },
    { consent: live(more.consent), membership: live(more.membership) },
  );
}

/** The latest answer to a form, whatever its version; answers entered in error don't count. */
export function latestAnswer(
  responses: readonly QuestionnaireResponse[],
  questionnaire: string,
): QuestionnaireResponse | undefined {
  return responses
    .filter(
      (response) =>
        bare(response.questionnaire ?? '') === questionnaire &&
        response.status !== 'entered-in-error' &&
        response.status !== 'stopped',
    )
    .reduce<QuestionnaireResponse | undefined>(
      (latest, response) => (latest === undefined || writtenAt(response) >= writtenAt(latest) ? response : latest),
      undefined,
    );
}

/** A pending write has no lastUpdated yet, and is the latest. */
function writtenAt(response: QuestionnaireResponse): number {
  const text = response.meta?.lastUpdated;
  return text === undefined ? Number.POSITIVE_INFINITY : Date.parse(text);
}
