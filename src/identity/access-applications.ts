import type { Communication, Extension, PractitionerRole } from '@medplum/fhirtypes';
import type { Language } from '../model/language.ts';
import { codeSystem } from '../registry/names.ts';
import { ROLE_APPLICATION, ROLE_REGISTRY, ROLE_SYSTEM } from './names.ts';
import { registryOf, roleCode } from './role.ts';

/**
 * Applying for a role (SmerteReg manual 1.8, "Søke tilgang"). An application is the PractitionerRole itself, not active,
 * with the extension role-application. The hospital's local coordinator, or the registry's system coordinator, approves
 * it, which makes it active, or refuses it.
 */
export interface AccessApplication {
  /** A code of CodeSystem role. */
  readonly role: string;
  /** `PlanDefinition/x` */
  readonly registry: string;
  /** `Organization/x`; none for roles that are national. */
  readonly hospital?: string;
  readonly position: string;
  readonly region?: string;
  readonly department?: string;
}

/** Who decides on an application. */
export interface Decider {
  /** `Practitioner/x` */
  readonly who: string;
  /** The role in which they act. */
  readonly role: string;
  readonly hospital?: string;
  readonly registry?: string;
}

export type ApplicationStatus = 'requested' | 'approved' | 'refused';

/** Roles that a person can apply for. An operator is appointed by who runs the server. */
const AT_HOSPITAL: readonly string[] = ['lu', 'lc'];
const NATIONAL: readonly string[] = ['sc', 'researcher'];

/** What is wrong with an application, by the name of its parameter; undefined where nothing is. */
export function applicationFault({ role, hospital }: AccessApplication): { name: string; text: string } | undefined {
  if (AT_HOSPITAL.includes(role)) {
    return hospital === undefined ? { name: 'hospital', text: 'A role at a hospital names the hospital.' } : undefined;
  }
  if (NATIONAL.includes(role)) {
    return hospital === undefined ? undefined : { name: 'hospital', text: 'A national role names no hospital.' };
  }
  return { name: 'role', text: `One can apply for ${[...AT_HOSPITAL, ...NATIONAL].join(', ')}.` };
}

/** The PractitionerRole that waits for a decision. @param who `Practitioner/x` */
export function applied(application: AccessApplication, who: string, now: Date): PractitionerRole {
  const { role, registry, hospital, position, region, department } = application;
  return {
    resourceType: 'PractitionerRole',
    active: false,
    practitioner: { reference: who },
    ...(hospital === undefined ? {} : { organization: { reference: hospital } }),
    code: [{ coding: [{ system: ROLE_SYSTEM, code: role }] }],
    extension: [
      { url: ROLE_REGISTRY, valueReference: { reference: registry } },
      {
        url: ROLE_APPLICATION,
        extension: [
          { url: 'status', valueCode: 'requested' satisfies ApplicationStatus },
          { url: 'position', valueString: position },
          ...(region === undefined ? [] : [{ url: 'region', valueString: region }]),
          ...(department === undefined ? [] : [{ url: 'department', valueString: department }]),
          { url: 'applied', valueDateTime: now.toISOString() },
        ],
      },
    ],
  };
}

/** Where an application stands; undefined where a PractitionerRole is none. */
export function applicationStatus(role: PractitionerRole): ApplicationStatus | undefined {
  const status = partsOf(role).find(({ url }) => url === 'status')?.valueCode;
  return status === 'requested' || status === 'approved' || status === 'refused' ? status : undefined;
}

function partsOf({ extension = [] }: PractitionerRole): readonly Extension[] {
  return extension.find(({ url }) => url === ROLE_APPLICATION)?.extension ?? [];
}

/** Whether two applications ask for the same. */
export function asksForTheSame(a: PractitionerRole, b: PractitionerRole): boolean {
  return (
    roleCode(a) === roleCode(b) &&
    registryOf(a) === registryOf(b) &&
    a.organization?.reference === b.organization?.reference
  );
}

/**
 * Why somebody may not decide on an application: words for them; undefined where they may. A local coordinator decides
 * for their own hospital and registry, on roles at the hospital; a system coordinator for their registry. Nobody decides
 * on their own.
 */
export function decisionFault(
  role: PractitionerRole,
  { who, role: as, hospital, registry }: Decider,
): string | undefined {
  if (applicationStatus(role) !== 'requested') {
    return 'This role is no application that waits for a decision.';
  }
  if (role.practitioner?.reference === who) {
    return 'Nobody decides on their own application.';
  }
  const code = roleCode(role) ?? '';
  const isOfRegistry = registry !== undefined && registryOf(role) === registry;
  const isAtHospital = hospital !== undefined && role.organization?.reference === hospital;
  if (as === 'sc' && isOfRegistry) {
    return undefined;
  }
  if (as === 'lc' && isOfRegistry && isAtHospital && AT_HOSPITAL.includes(code)) {
    return undefined;
  }
  return as === 'lc' && isOfRegistry && isAtHospital
    ? 'Only the system coordinator gives this role.'
    : 'Only the coordinator of this hospital and registry, or the system coordinator of the registry, decides on it.';
}

/** The role after a decision: active from this day, or refused. @param today `yyyy-mm-dd` */
export function decided(
  role: PractitionerRole,
  decision: 'approved' | 'refused',
  { who, reason, now, today }: { who: string; reason?: string; now: Date; today: string },
): PractitionerRole {
  const parts = partsOf(role).filter(({ url }) => url !== 'status');
  const application: Extension = {
    url: ROLE_APPLICATION,
    extension: [
      { url: 'status', valueCode: decision },
      ...parts,
      { url: 'decided', valueDateTime: now.toISOString() },
      { url: 'decidedBy', valueReference: { reference: who } },
      ...(reason === undefined ? [] : [{ url: 'reason', valueString: reason }]),
    ],
  };
  return {
    ...role,
    extension: [...(role.extension ?? []).filter(({ url }) => url !== ROLE_APPLICATION), application],
    ...(decision === 'approved' ? { active: true, period: { ...role.period, start: today } } : {}),
  };
}

const NOTICES: Readonly<Record<Language, string>> = {
  nb: 'Søknaden din om tilgang er besvart. Logg inn for å se svaret.',
  sv: 'Din ansökan om åtkomst har besvarats. Logga in för att se svaret.',
  en: 'Your application for access has been answered. Sign in to see the answer.',
};

/** Tells the applicant that there is an answer. */
export function noticeOfDecision({ practitioner }: PractitionerRole, language: Language): Communication {
  const applicant = { reference: practitioner?.reference };
  return {
    resourceType: 'Communication',
    language,
    status: 'in-progress',
    category: [{ coding: [{ system: codeSystem.noticeKind, code: 'notice' }] }],
    recipient: [applicant],
    payload: [{ contentString: NOTICES[language] }],
  };
}
