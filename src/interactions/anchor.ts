import type { Rid } from '../model/rid.ts';
import { mayBeAboutPatient } from '../search/extract/patient-of.ts';

/*
 * The anchor of a resource is what its access hangs on (docs/decisions/0050-access.md): its course, which is an
 * EpisodeOfCare or the ServiceRequest that it is based on; else the hospital whose system stored it; else its patient.
 * Null where it is about no patient and of no hospital. What a patient has not sent hangs on itself, which nobody is tied to.
 */

/** A reference to a resource here. */
export interface ResolvedReference {
  readonly type: string;
  readonly rid: Rid;
  /** FHIRPath of the element. */
  readonly path: string;
}

/** What the references of a resource say of its anchor. */
export interface AnchorClues {
  /** Where the resource tells its anchor by itself: what it names, or itself. */
  readonly own: Rid | 'itself' | undefined;
  /** Else: what it may have its anchor from, in order of priority. */
  readonly inherits: readonly Rid[];
}

/** What else is known of a resource that may be an anchor's heir. */
export interface Belongs {
  readonly patient: Rid | undefined;
  readonly anchor: Rid | undefined;
}

/** A resource that is to be stored. */
export interface Placing {
  readonly rid: Rid;
  /** Whether it is a patient's answers that are not sent: see unsent.ts. */
  readonly unsent: boolean;
  readonly patient: Rid | undefined;
  /** The Organization for which the caller works. */
  readonly tenant: Rid | undefined;
  /** The row that is superseded. */
  readonly formerly: Belongs | undefined;
}

/** These are their own anchor. A ward is one too: a hospital reaches its wards by their rids. */
const OWN: ReadonlySet<string> = new Set(['Patient', 'EpisodeOfCare', 'ServiceRequest', 'Organization']);

/** Where a type that is about no patient names its hospital or ward. */
const HOSPITAL: ReadonlySet<string> = new Set([
  'Location.managingOrganization',
  'PractitionerRole.organization',
  'HealthcareService.providedBy',
]);

const COURSES = ['EpisodeOfCare', 'ServiceRequest'];

/** What persons and things are about is no course of theirs. */
const NOT_INHERITED: ReadonlySet<string> = new Set(['Patient', 'Person', 'RelatedPerson', 'Group', 'Device']);

/** @param references of the resource, in the order of the document */
export function anchorClues(type: string, references: readonly ResolvedReference[]): AnchorClues {
  if (OWN.has(type)) {
    return { own: 'itself', inherits: [] };
  }
  const context = references.find(({ type: of, path }) => of === 'Patient' && path === 'Binary.securityContext');
  if (context !== undefined) {
    return { own: context.rid, inherits: [] };
  }
  const hospital = references.find(({ path }) => HOSPITAL.has(path));
  const course = COURSES.map((wanted) => references.find((reference) => reference.type === wanted)).find(Boolean);
  const own = hospital?.type === 'Organization' ? hospital.rid : course?.rid;
  if (own !== undefined) {
    return { own, inherits: [] };
  }
  const heirs = references.filter(
    (reference) => mayBeAboutPatient(reference.type) && !NOT_INHERITED.has(reference.type),
  );
  return { own: undefined, inherits: [...new Set(heirs.map((reference) => reference.rid))] };
}

/**
 * The anchor, once it is known what the resource may have it from.
 *
 * What has once been stored in a course or for a hospital stays there until it is stored in another, so long as it is
 * about the same patient: leaving out a reference, or a bot's correction, opens it to nobody else.
 *
 * @param sources what the clues name, as far as it is known, in their order
 */
export function anchorOf(
  { own }: AnchorClues,
  sources: readonly Belongs[],
  { rid, unsent, patient, tenant, formerly }: Placing,
): Rid | undefined {
  if (unsent) {
    return rid;
  }
  if (own !== undefined) {
    return own === 'itself' ? rid : own;
  }
  const source = sources.find(
    (one) =>
      one.anchor !== undefined &&
      one.anchor !== one.patient && // it has none but its patient itself
      (one.patient === undefined || patient === undefined || one.patient === patient),
  );
  if (source !== undefined) {
    return source.anchor;
  }
  const kept = formerly?.patient === patient && !ownAlone(rid, formerly) ? formerly?.anchor : undefined;
  // what is about no patient by itself (a Binary) is where its context is
  return kept ?? tenant ?? patient ?? sources.find((one) => one.anchor !== undefined)?.anchor;
}

/** Of no course and no hospital: its patient's, or not sent. */
function ownAlone(rid: Rid, formerly: Belongs | undefined): boolean {
  return formerly?.anchor === formerly?.patient || formerly?.anchor === rid;
}
