/** A membership of a course, as far as it says to whom the course belongs. */
export interface MembershipFacts {
  /** On study, and not ended. */
  readonly onStudy: boolean;
  readonly study: StudyFacts;
}

export interface StudyFacts {
  readonly id: string;
  /** `PlanDefinition/x` */
  readonly protocols: readonly string[];
  /** The id of the hospital whose study it is. */
  readonly hospital: string | undefined;
  readonly national: boolean;
}

/**
 * Whether a study is a national one: a whole that is not itself a part of another, and that has parts or no hospital of
 * its own. A registry that is held locally only has no national study.
 */
export function isNational(study: {
  readonly isPart: boolean;
  readonly hasParts: boolean;
  readonly hasSponsor: boolean;
}): boolean {
  return !study.isPart && (study.hasParts || !study.hasSponsor);
}

/**
 * To whom a course belongs: its hospital, for each registry apart. A registry that the course has left keeps it; one that
 * belongs to another hospital (the course has moved) does not.
 *
 * @param organizations ids of the Organization that manages the course and of those that it is part of
 */
export function courseLabels(
  organizations: readonly string[],
  memberships: readonly MembershipFacts[],
): ReadonlySet<string> {
  const labels = new Set<string>();
  const here = memberships.filter(
    ({ study: { national, hospital } }) => national || (hospital !== undefined && organizations.includes(hospital)),
  );
  const protocols = new Set(here.flatMap(({ study }) => study.protocols));
  for (const id of organizations) {
    labels.add(hospitalLabel(id));
    for (const protocol of protocols) {
      labels.add(`${hospitalLabel(id)} ${protocol}`);
    }
    if (protocols.size === 0) {
      labels.add(anyRegistryLabel(id));
    }
  }
  for (const { onStudy, study } of memberships) {
    if (onStudy && study.national) {
      labels.add(`${NATIONAL}${study.id}`);
    }
  }
  return labels;
}

/** To whom a patient belongs: the hospitals of its courses in whatever registry, and national studies that it is in. */
export function patientLabels(courses: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const labels = new Set<string>();
  for (const label of courses.flatMap((course) => [...course])) {
    if (label.startsWith(NATIONAL)) {
      labels.add(label);
    } else {
      const hospital = label.split(' ', 1)[0] as string;
      labels.add(hospital).add(`${hospital} *`);
    }
  }
  return labels;
}

/** What the hospital has that stores a patient or a referral. @param organization `Organization/x` */
export function givenLabels(organization: string): readonly string[] {
  return [organization, `${organization} *`];
}

/** Labels of national studies start so. */
export const NATIONAL = 'ResearchStudy/';

function hospitalLabel(id: string): string {
  return `Organization/${id}`;
}

function anyRegistryLabel(id: string): string {
  return `${hospitalLabel(id)} *`;
}
