import type { FormLanguage } from '../../form/contract.ts';
import type { CourseData, CourseFacts, CourseRegistry } from './course.ts';
import { courseTypeTitle } from './course-type-title.ts';
import { outputOf } from './registration-output.ts';

/** What the registration tells of a course, and where there is none yet, the course itself. */
export function factsOf(data: CourseData, registry: CourseRegistry, language: FormLanguage): CourseFacts {
  const { registration, plan } = registry;
  const type = registration?.businessStatus?.coding?.[0];
  const [consent, consentKind] = outputOf(registration, 'consent')?.valueCodeableConcept?.coding ?? [];
  const [membership, membershipReason] = outputOf(registration, 'membership')?.valueCodeableConcept?.coding ?? [];
  return {
    registry: plan.title ?? plan.name ?? plan.id ?? '',
    type,
    typeTitle: registration === undefined ? undefined : courseTypeTitle(registry, type, language),
    start: registration?.executionPeriod?.start ?? data.episode.period?.start,
    delivered: registration?.status === 'completed',
    consent,
    consentKind,
    membership,
    membershipReason,
    location: registration?.location?.reference,
    ward: outputOf(registration, 'ward')?.valueReference?.reference,
  };
}
