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
import { latestAnswer } from '../../../registry/course.ts';
import { clinicianForms } from '../../../registry/course-state.ts';
import { alwaysOpen } from '../../../registry/course-type.ts';
import { isLocked } from '../../../registry/locked-form.ts';
import { codeSystem } from '../../../registry/names.ts';
import {
  chosenChannel,
  isProtocolOrder,
  type OrderStatus,
  orderedForm,
  orderStatus,
  ordersOf,
} from '../../../registry/order.ts';
import { bare, type Protocol } from '../../../registry/protocol.ts';
import type { FormState } from '../../../registry/registration.ts';
import type { FormLanguage } from '../../form/contract.ts';
import { textOf } from '../../form/model/form-texts.ts';

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

function staffForms(data: CourseData, registry: CourseRegistry, language: FormLanguage): StaffForm[] {
  const { protocol, registration } = registry;
  const always = alwaysOpen(
    protocol.courseTypes,
    protocol.forms.map(({ label }) => label),
  );
  return clinicianForms(protocol).map(({ label, questionnaire }) => {
    const response = latestAnswer(data.responses, questionnaire);
    const told = outputOf(registration, 'form', label)?.valueCodeableConcept?.coding?.[0]?.code;
    const state = isFormState(told) ? told : stateWithout(response, always.has(label));
    return {
      label,
      questionnaire,
      state,
      response,
      hasComment: outputOf(registration, 'internal-comment', label)?.valueBoolean === true,
      why: state === 'not-open' || state === 'closed' ? whyNot(registry, language) : undefined,
      ofPatient: false,
    };
  });
}

/** Before the course is registered, and where the person may not see its registration. */
function stateWithout(response: QuestionnaireResponse | undefined, isOpen: boolean): FormState {
  if (response !== undefined) return isLocked(response) ? 'completed' : 'in-progress';
  return isOpen ? 'empty' : 'not-open';
}

/** The forms that the protocol depends on and that have no label there: they are about the patient. */
function patientsOwn(data: CourseData, { plan }: CourseRegistry): StaffForm[] {
  return formsOfPatient(plan).map(({ label, questionnaire }) => {
    const response = latestAnswer(data.responses, questionnaire);
    return {
      label,
      questionnaire,
      state: response === undefined ? 'empty' : 'in-progress',
      response,
      hasComment: false,
      why: undefined,
      ofPatient: true,
    };
  });
}

/** Forms about the patient that a registry has beside those of the course: relatedArtifact without a label. */
export function formsOfPatient({ relatedArtifact = [] }: PlanDefinition): { label: string; questionnaire: string }[] {
  return relatedArtifact.flatMap(({ type, label, display, resource }) =>
    type === 'composed-of' && label === undefined && display !== undefined && resource !== undefined
      ? [{ label: display, questionnaire: bare(resource) }]
      : [],
  );
}

/** The title of the protocol's course type, which says in words why some forms are not open. */
function whyNot(registry: CourseRegistry, language: FormLanguage): string | undefined {
  const type = registry.registration?.businessStatus?.coding?.[0];
  return courseTypeTitle(registry, type, language);
}

function courseTypeTitle(
  { plan }: CourseRegistry,
  type: Coding | undefined,
  language: FormLanguage,
): string | undefined {
  const action = (plan.action ?? []).find(
    ({ code, reason }) =>
      code?.some(({ coding }) =>
        coding?.some(({ system, code: kind }) => system === codeSystem.protocolAction && kind === 'course-type'),
      ) === true && reason?.[0]?.coding?.[0]?.code === type?.code,
  );
  return action === undefined ? undefined : titleIn(action, plan.language, language);
}

/** A title in a language or the nearest that it is written in. */
function titleIn(owner: { readonly title?: string }, base: string | undefined, language: FormLanguage) {
  return textOf(owner, 'title', language, base ?? '') || owner.title;
}

/** What an order calls its form; in another language what the form is called there, where it tells. */
function orderTitle(data: CourseData, title: string, questionnaire: string, language: FormLanguage): string {
  const [url, version] = questionnaire.split('|');
  const forms = data.questionnaires.filter((one) => one.url === url);
  const form = forms.find((one) => one.version === version) ?? forms[0];
  if (form === undefined || language === form.language) return title;
  const told = titleIn(form, form.language, language);
  return told === undefined || told === form.title ? title : told;
}

/** Answers that are under way count where staff enter them; else they are the patient's, who has not sent them. */
function isPatientsDraft({ status }: QuestionnaireResponse, state: OrderStatus): boolean {
  return status === 'in-progress' && state !== 'paper';
}

function patientForms(data: CourseData, { protocol }: CourseRegistry, language: FormLanguage): PatientForm[] {
  const orders = data.tasks.filter(isProtocolOrder);
  return protocol.schedule.flatMap((form) => {
    const order = ordersOf(orders, protocol, form).at(-1);
    const state = order === undefined ? undefined : orderStatus(order);
    if (order === undefined || !isOrderStatus(state)) return [];
    const questionnaire = bare(orderedForm(order) ?? form.questionnaire);
    const canonical = orderedForm(order) ?? form.questionnaire;
    const latest = latestAnswer(data.responses, questionnaire);
    const isDraft = latest !== undefined && isPatientsDraft(latest, state);
    const response = isDraft ? undefined : latest;
    return [
      {
        label: protocol.forms.find((one) => one.questionnaire === questionnaire)?.label ?? form.id,
        questionnaire: canonical,
        title: orderTitle(data, order.description ?? form.title, canonical, language),
        order,
        state,
        why: textOfConcept(order.statusReason),
        response,
        begun: isDraft ? latest : undefined,
        channel: chosenChannel(order),
        paper: form.paper !== undefined,
        scores: data.scores.filter((score) => isFrom(score, response)),
        notes: (order.note ?? []).flatMap(({ text }) => text ?? []),
      },
    ];
  });
}

function isFrom({ derivedFrom = [] }: Observation, response: QuestionnaireResponse | undefined): boolean {
  return (
    response?.id !== undefined &&
    derivedFrom.some(({ reference }) => reference?.split('/_history')[0] === `QuestionnaireResponse/${response.id}`)
  );
}

function factsOf(data: CourseData, registry: CourseRegistry, language: FormLanguage): CourseFacts {
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

function outputOf(registration: Task | undefined, kind: string, label?: string) {
  return registration?.output?.find(
    ({ type }) =>
      type?.text === label &&
      type?.coding?.some(({ system, code }) => system === codeSystem.registrationOutput && code === kind) === true,
  );
}

function textOfConcept(concept: Task['statusReason']): string | undefined {
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code;
}

const FORM_STATES: readonly string[] = [
  'empty',
  'in-progress',
  'completed',
  'closed',
  'not-open',
] satisfies FormState[];
const ORDER_STATES: readonly string[] = [
  ...['withheld', 'planned', 'ordered', 'sent', 'reminded', 'unreachable', 'paper'],
  ...['answered', 'expired', 'closed', 'stopped', 'refused'],
];

function isFormState(code: string | undefined): code is FormState {
  return FORM_STATES.includes(code ?? '');
}

function isOrderStatus(code: string | undefined): code is OrderStatus {
  return ORDER_STATES.includes(code ?? '');
}
