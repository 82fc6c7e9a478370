import type { Who } from '../session/who.ts';
import type { CourseView, PatientForm, StaffForm } from './course.ts';

/*
 * What a person is offered. It follows from the role's access (`GET auth/me`), from what the server does beyond FHIR
 * (`GET metadata`), and from how things stand; what is not offered here the server refuses all the same.
 */

/** What the role may do, as far as a course's page asks. */
export interface Rights {
  /** Fills in forms. */
  readonly writes: boolean;
  /** Opens and corrects what is locked: the local coordinator. */
  readonly coordinates: boolean;
  /** Takes courses away with all that is in them, by the server's own rule: nowhere else does a deletion mean that. */
  readonly removes: boolean;
  /** Decides when the patient's forms are sent: those who treat, and their coordinator. */
  readonly orders: boolean;
  /** Stops the patient's forms, or closes them together: the same people. */
  readonly stops: boolean;
  /** Writes beside an order. */
  readonly notes: boolean;
  /** Prints forms for paper. */
  readonly prints: boolean;
  readonly moves: boolean;
  /** Records that a consent was withdrawn: the system coordinator alone. */
  readonly withdraws: boolean;
}

/** Reads the rights from what the server tells of the role's access and of itself. */
export function rightsOf({ may, serves, opensLinks }: Pick<Who, 'may' | 'serves' | 'opensLinks'>): Rights {
  const coordinates = may('delete', 'EpisodeOfCare');
  const decides = may('update', 'Task');
  const stopsCourses =
    serves(['stop-patient-forms', 'EpisodeOfCare']) && serves(['close-patient-forms', 'EpisodeOfCare']);
  return {
    writes: may('update', 'QuestionnaireResponse'),
    coordinates,
    removes: coordinates && stopsCourses,
    orders: decides && serves(['order', 'Task']),
    stops: decides && stopsCourses,
    notes: decides,
    prints: opensLinks && serves(['print', 'Questionnaire']),
    moves: may('update', 'Encounter'),
    withdraws: may('update', 'Consent'),
  };
}

/** What staff may do with a form of theirs. */
export type StaffOffer = 'fill' | 'reopen' | 'correct';

/** What staff may do with one of their own forms: what is not among it is not shown. */
export function staffOffers({ state, ofPatient }: StaffForm, { writes, coordinates }: Rights): readonly StaffOffer[] {
  if (!writes) return [];
  if (ofPatient || state === 'empty' || state === 'in-progress') return ['fill'];
  return state === 'completed' && coordinates ? ['reopen', 'correct'] : [];
}

/** What staff may do with a form of the patient. */
export type PatientOffer = 'order' | 'resend' | 'paper' | 'reopen' | 'correct' | 'note' | 'print';

/** As src/courses/order.ts has it: what is withheld, locked or being entered from paper is not ordered. */
export function patientOffers(
  form: Pick<PatientForm, 'state' | 'paper' | 'response'>,
  { orders, notes, prints, writes, coordinates }: Rights,
): readonly PatientOffer[] {
  const { state, paper, response } = form;
  const offers: PatientOffer[] = [];
  if (orders && (state === 'planned' || state === 'ordered' || state === 'unreachable')) offers.push('order');
  if (orders && (state === 'sent' || state === 'reminded')) offers.push('resend');
  const waits = ['planned', 'ordered', 'sent', 'reminded', 'unreachable', 'paper'].includes(state);
  if (writes && paper && waits && response?.status !== 'completed') offers.push('paper');
  if (coordinates && state === 'answered') offers.push('correct');
  if (coordinates && (state === 'expired' || state === 'closed')) offers.push('reopen');
  if (notes) offers.push('note');
  if (paper && prints) offers.push('print');
  return offers;
}

/** Whether there is a form of the patient left to stop. */
export function mayStop(
  { patientForms }: { readonly patientForms: readonly Pick<PatientForm, 'state'>[] },
  { stops }: Rights,
): boolean {
  return stops && patientForms.some(isOpen);
}

/** Whether all forms of the patient may be closed together: none has been begun, answered or closed. */
export function mayCloseAll(
  { patientForms }: { readonly patientForms: readonly Pick<PatientForm, 'state' | 'response' | 'begun'>[] },
  { stops }: Rights,
): boolean {
  return (
    stops &&
    patientForms.some(isOpen) &&
    patientForms.every(
      ({ state, response, begun }) =>
        response === undefined && begun === undefined && !isFinal(state) && state !== 'paper',
    )
  );
}

/** A consent that was given, and no other, is withdrawn. */
export function mayWithdraw({ facts }: CourseView, { withdraws }: Rights): boolean {
  return withdraws && facts.some(({ consent }) => consent?.code === 'active');
}

/** A course is taken away while none of its forms is locked. */
export function mayDelete({ staffForms, patientForms }: CourseView, { removes }: Rights): boolean {
  return (
    removes &&
    staffForms.every(({ response }) => response?.status !== 'completed' && response?.status !== 'amended') &&
    patientForms.every(({ state }) => !isFinal(state))
  );
}

function isFinal(state: PatientForm['state']): boolean {
  return state === 'answered' || state === 'expired' || state === 'closed';
}

function isOpen({ state }: Pick<PatientForm, 'state'>): boolean {
  return !isFinal(state) && state !== 'stopped' && state !== 'refused';
}
