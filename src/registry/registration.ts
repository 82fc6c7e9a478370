import type { Coding, QuestionnaireResponse, Task, TaskOutput } from '@medplum/fhirtypes';
import { latestAnswer } from './course.ts';
import { type CourseState, clinicianForms } from './course-state.ts';
import { type Evaluate, firstText } from './evaluate.ts';
import { isLocked } from './locked-form.ts';
import { codeSystem, extensionUrl, identifierSystem } from './names.ts';
import type { Place } from './place.ts';
import type { Protocol } from './protocol.ts';
import { dayOf } from './zone.ts';

/**
 * Where a clinician form of a course stands (SmerteReg manual 1.8, "Arbeidsliste"). `closed`: it was filled in, and is not
 * open any more; `not-open`: it never was.
 */
export type FormState = 'empty' | 'in-progress' | 'completed' | 'closed' | 'not-open';

/** Whether a Task of a course is its registration in a registry. */
export function isRegistrationIn({ code, instantiatesCanonical }: Task, { url }: Protocol): boolean {
  return (
    instantiatesCanonical === url &&
    code?.coding?.some(({ system, code: value }) => system === codeSystem.courseTask && value === REGISTER) === true
  );
}

const REGISTER = 'register-course';

/**
 * The registration of a course as a Task: one line of the worklist, with the state of each clinician form. In progress
 * until all open clinician forms are locked ("levert": completed); cancelled once the course is no course of the registry
 * any more.
 * @param existing what is stored
 * @param lies where the patient lies now, if anything tells beside the forms
 * @returns what is to be stored; undefined where it stands so already, or the course never was in the registry
 */
export function registration(
  state: CourseState,
  existing: Task | undefined,
  lies: Place,
  meta: Pick<Task, 'meta'>,
  now: Date,
  evaluate: Evaluate,
): Task | undefined {
  const { registry, course, decision } = state;
  if (decision === undefined) {
    return existing === undefined || existing.status === 'cancelled' ? undefined : ended(existing, now);
  }
  const { protocol, local } = registry;
  const forms = clinicianForms(protocol).map((form) => ({ ...form, state: formState(state, form) }));
  const isOpen = ({ state: stands }: { state: FormState }) => stands !== 'closed' && stands !== 'not-open';
  const isDelivered = forms.filter(isOpen).every(({ state: stands }) => stands === 'completed');
  const place = lies.location === undefined && lies.ward === undefined ? registeredPlace(state, evaluate) : lies;
  const patient = { reference: `Patient/${course.patient.id}` };
  const wanted: Task = {
    ...(existing ?? { ...meta, authoredOn: now.toISOString() }),
    resourceType: 'Task',
    identifier: [{ system: identifierSystem.registration, value: `${course.episode.id}/${protocol.url}` }],
    groupIdentifier: course.episode.identifier?.[0],
    instantiatesCanonical: protocol.url,
    basedOn: course.referral === undefined ? undefined : [{ reference: `ServiceRequest/${course.referral.id}` }],
    status: isDelivered ? 'completed' : 'in-progress',
    businessStatus: state.courseType === undefined ? undefined : { coding: [state.courseType] },
    intent: 'plan',
    code: { coding: [{ system: codeSystem.courseTask, code: REGISTER }] },
    focus: { reference: `EpisodeOfCare/${course.episode.id}` },
    for: patient,
    executionPeriod: periodOf(state, evaluate),
    lastModified: now.toISOString(),
    owner: local.sponsor ?? course.episode.managingOrganization,
    location: place.location === undefined ? undefined : { reference: place.location },
    output: [
      ...forms.map(({ label, state: stands }) => output('form', formConcept(stands), label)),
      ...forms
        .filter(({ label }) => hasComment(state, label, evaluate))
        .map(({ label }) => output('internal-comment', { valueBoolean: true }, label)),
      ...consentOutput(state),
      output('membership', {
        valueCodeableConcept: {
          coding: [{ system: SUBJECT_STATUS, code: decision.status }, ...(decision.reason ? [decision.reason] : [])],
        },
      }),
      ...(place.ward === undefined ? [] : [output('ward', { valueReference: { reference: place.ward } })]),
      ...(course.referral?.authoredOn === undefined
        ? []
        : [output('referred', { valueDateTime: course.referral.authoredOn })]),
    ],
  };
  return existing !== undefined && essence(existing) === essence(wanted) ? undefined : wanted;
}

const SUBJECT_STATUS = 'http://hl7.org/fhir/research-subject-status';
const CONSENT_STATUS = 'http://hl7.org/fhir/consent-state-codes';

function ended(existing: Task, now: Date): Task {
  return { ...existing, status: 'cancelled', lastModified: now.toISOString() };
}

function formState(
  { opens, course }: CourseState,
  { label, questionnaire }: { readonly label: string; readonly questionnaire: string },
): FormState {
  const answer: QuestionnaireResponse | undefined = latestAnswer(course.responses, questionnaire);
  if (!opens.has(label)) return answer === undefined ? 'not-open' : 'closed';
  if (answer === undefined) return 'empty';
  return isLocked(answer) ? 'completed' : 'in-progress';
}

function formConcept(state: FormState): Pick<TaskOutput, 'valueCodeableConcept'> {
  return { valueCodeableConcept: { coding: [{ system: codeSystem.formState, code: state }] } };
}

/** @param of label of the form that it is about */
function output(kind: string, value: Omit<TaskOutput, 'type'>, of?: string): TaskOutput {
  return {
    type: {
      coding: [{ system: codeSystem.registrationOutput, code: kind }],
      ...(of === undefined ? {} : { text: of }),
    },
    ...value,
  };
}

/** The status of the consent, and the kind where it is missing. Nothing while criteria are unanswered. */
function consentOutput({ consentShown }: CourseState): TaskOutput[] {
  if (consentShown === undefined) return [];
  const kind = consentShown.extension?.find(({ url }) => url === extensionUrl.missingKind)?.valueCoding;
  const coding: Coding[] = [{ system: CONSENT_STATUS, code: consentShown.status }, ...(kind ? [kind] : [])];
  return [output('consent', { valueCodeableConcept: { coding } })];
}

function hasComment({ registry, facts }: CourseState, label: string, evaluate: Evaluate): boolean {
  const expression = registry.protocol.comments.get(label);
  return expression !== undefined && evaluate(expression, facts)[0] === true;
}

function registeredPlace({ registry, facts }: CourseState, evaluate: Evaluate): Place {
  const { location, ward } = registry.protocol.place;
  return {
    location: location === undefined ? undefined : firstText(evaluate(location, facts)),
    ward: ward === undefined ? undefined : firstText(evaluate(ward, facts)),
  };
}

/** From the course's start to the end that the protocol's anchor `end` tells; an end before the start tells nothing. */
function periodOf({ registry, facts, startDate: start }: CourseState, evaluate: Evaluate): Task['executionPeriod'] {
  const anchor = registry.protocol.anchors.get('end');
  const end = anchor === undefined ? undefined : firstText(evaluate(anchor, facts));
  return { start, ...(end === undefined || dayOf(end, registry.protocol.zone) < start ? {} : { end }) };
}

/** What a registration says, whenever it was written. */
function essence({ meta: _meta, id: _id, authoredOn: _authored, lastModified: _modified, ...said }: Task): string {
  const sorted = Object.entries(said)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}
