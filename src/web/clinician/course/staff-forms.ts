import type { PlanDefinition, QuestionnaireResponse } from '@medplum/fhirtypes';
import { latestAnswer } from '../../../registry/course.ts';
import { clinicianForms } from '../../../registry/course-state.ts';
import { alwaysOpen } from '../../../registry/course-type.ts';
import { isLocked } from '../../../registry/locked-form.ts';
import { bare } from '../../../registry/protocol.ts';
import type { FormState } from '../../../registry/registration.ts';
import type { FormLanguage } from '../../form/contract.ts';
import type { CourseData, CourseRegistry, StaffForm } from './course.ts';
import { courseTypeTitle } from './course-type-title.ts';
import { outputOf } from './registration-output.ts';

/** The forms that staff fill in of a course, as its registry lists them: each as the course has it. */
export function staffForms(data: CourseData, registry: CourseRegistry, language: FormLanguage): StaffForm[] {
  const { protocol, registration } = registry;
  const always = alwaysOpen(
    protocol.courseTypes,
    protocol.forms.map(({ label }) => label),
  );
  return clinicianForms(protocol).map(({ label, questionnaire }) => {
    const response = latestAnswer(data.responses, questionnaire);
    const told = outputOf(registration, 'form', label)?.valueCodeableConcept?.coding?.[0]?.code;
    const state = stateOf(isFormState(told) ? told : undefined, response, always.has(label));
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

/**
 * What the answers say stands before what the registration tells: at a server where no bot writes registrations, a locked
 * form is locked all the same. Whether a form is open follows from the course's type alone, so the registration decides
 * that; before the course is registered, and where the person may not see its registration, the protocol does.
 */
function stateOf(told: FormState | undefined, response: QuestionnaireResponse | undefined, isOpen: boolean): FormState {
  if (told === 'closed' || told === 'not-open') return told;
  if (response !== undefined) return isLocked(response) ? 'completed' : 'in-progress';
  return told ?? (isOpen ? 'empty' : 'not-open');
}

/** The forms that the protocol depends on and that have no label there: they are about the patient. */
export function patientsOwn(data: CourseData, { plan }: CourseRegistry): StaffForm[] {
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

const FORM_STATES: readonly string[] = [
  'empty',
  'in-progress',
  'completed',
  'closed',
  'not-open',
] satisfies FormState[];

function isFormState(code: string | undefined): code is FormState {
  return FORM_STATES.includes(code ?? '');
}
