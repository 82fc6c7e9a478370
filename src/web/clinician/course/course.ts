import type {
  Coding,
  EpisodeOfCare,
  Observation,
  Patient,
  PlanDefinition,
  Questionnaire,
  QuestionnaireResponse,
  Task,
} from '@medplum/fhirtypes';
import type { OrderStatus } from '../../../registry/order.ts';
import type { Protocol } from '../../../registry/protocol.ts';
import type { FormState } from '../../../registry/registration.ts';
import type { FormLanguage } from '../../form/contract.ts';
import { factsOf } from './course-facts.ts';
import { patientForms } from './patient-forms.ts';
import { patientsOwn, staffForms } from './staff-forms.ts';

/** One registry as the course meets it: its protocol, and the registration if the course is in it. */
export interface CourseRegistry {
  readonly plan: PlanDefinition;
  readonly protocol: Protocol;
  readonly registration: Task | undefined;
}

/** What is stored of a course, as far as the person may see it. */
export interface CourseData {
  readonly episode: EpisodeOfCare;
  readonly patient: Patient;
  /** Reference of the referral, that everything of the course names. */
  readonly referral: string | undefined;
  readonly registries: readonly CourseRegistry[];
  /** All Tasks about the course. */
  readonly tasks: readonly Task[];
  /** Answers of the course, without items. */
  readonly responses: readonly QuestionnaireResponse[];
  readonly scores: readonly Observation[];
  /** Titles and versions of the forms, without items. */
  readonly questionnaires: readonly Questionnaire[];
  /** What references to places are called. */
  readonly names: ReadonlyMap<string, string>;
  /** References to wards and locations that are no longer used: nobody is moved there. */
  readonly closed: ReadonlySet<string>;
}

/** A form that staff fill in, as the course has it. */
export interface StaffForm {
  /** The protocol's label: TO, B11 … */
  readonly label: string;
  readonly questionnaire: string;
  readonly state: FormState;
  /** The answers that count, without items. */
  readonly response: QuestionnaireResponse | undefined;
  readonly hasComment: boolean;
  /** Why it is not open, in the registry's words. */
  readonly why: string | undefined;
  /** A form about the patient, not about the course: one for all courses, never locked. */
  readonly ofPatient: boolean;
}

/** A form of the patient, with its latest order. */
export interface PatientForm {
  readonly label: string;
  readonly questionnaire: string;
  readonly title: string;
  readonly order: Task;
  readonly state: OrderStatus;
  readonly why: string | undefined;
  /** What was sent, or what staff enter from paper. */
  readonly response: QuestionnaireResponse | undefined;
  /** What the patient has begun and not sent: theirs alone, so of it is told only that there is something. */
  readonly begun: QuestionnaireResponse | undefined;
  /** Channel that a person chose: `email`, `sms`, `secure`. */
  readonly channel: string | undefined;
  /** Whether the registry takes it from paper. */
  readonly paper: boolean;
  readonly scores: readonly Observation[];
  /** What staff wrote about the order, newest last. */
  readonly notes: readonly string[];
}

export interface CourseView {
  readonly data: CourseData;
  readonly staffForms: readonly StaffForm[];
  readonly patientForms: readonly PatientForm[];
  readonly facts: readonly CourseFacts[];
}

/** What the page's head says of the course in one registry. */
export interface CourseFacts {
  readonly registry: string;
  readonly type: Coding | undefined;
  readonly typeTitle: string | undefined;
  readonly start: string | undefined;
  readonly delivered: boolean;
  /** Status of consent, and the kind where it is missing. */
  readonly consent: Coding | undefined;
  readonly consentKind: Coding | undefined;
  readonly membership: Coding | undefined;
  readonly membershipReason: Coding | undefined;
  readonly location: string | undefined;
  readonly ward: string | undefined;
}

/** Reads what is stored into what the page shows, in a language as far as it is written in it. Pure. */
export function readCourse(data: CourseData, language: FormLanguage): CourseView {
  return {
    data,
    // who the patient is comes first, as in the manual: from there on to the course's own forms
    staffForms: data.registries.flatMap((registry) => [
      ...patientsOwn(data, registry),
      ...staffForms(data, registry, language),
    ]),
    patientForms: data.registries.flatMap((registry) => patientForms(data, registry, language)),
    facts: data.registries.map((registry) => factsOf(data, registry, language)),
  };
}
