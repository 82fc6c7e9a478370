import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import type { OrderStatus } from '../../../registry/order.ts';
import type { CourseView, PatientForm, StaffForm } from './course.ts';
import {
  mayCloseAll,
  mayDelete,
  mayStop,
  mayWithdraw,
  patientOffers,
  type Rights,
  rightsOf,
  staffOffers,
} from './offers.ts';

const READER: Rights = {
  ...{ writes: false, coordinates: false, removes: false, orders: false, stops: false, notes: false, prints: true },
  ...{ moves: false, withdraws: false },
};
const LU: Rights = { ...READER, writes: true, orders: true, stops: true, notes: true, moves: true };
const LC: Rights = { ...LU, coordinates: true, removes: true };
/** Svar, by its session. */
const svar = { serves: () => true, opensLinks: true };
const SC: Rights = { ...READER, withdraws: true };
const locked: QuestionnaireResponse = { resourceType: 'QuestionnaireResponse', status: 'completed' };

const staffForm = (state: StaffForm['state'], response?: QuestionnaireResponse): StaffForm => ({
  ...{ label: 'B11', questionnaire: 'q', state, response, hasComment: false, why: undefined, ofPatient: false },
});
const patientForm = (state: OrderStatus, more: Partial<PatientForm> = {}): PatientForm => ({
  ...{
    label: 'HADS',
    questionnaire: 'q',
    title: 'HADS',
    state,
    why: undefined,
    response: undefined,
    begun: undefined,
    channel: undefined,
  },
  ...{ paper: true, scores: [], notes: [], order: { resourceType: 'Task', status: 'draft', intent: 'order' } },
  ...more,
});
const view = (patientForms: PatientForm[], staffForms: StaffForm[] = []): CourseView => ({
  ...{ patientForms, staffForms, facts: [] },
  data: {
    episode: { resourceType: 'EpisodeOfCare', status: 'active', patient: {} },
    patient: { resourceType: 'Patient' },
    ...{ referral: undefined, registries: [], tasks: [], responses: [], scores: [], questionnaires: [] },
    names: new Map(),
    closed: new Set(),
  },
});

test('rights follow from what the role may do: who may delete courses coordinates', () => {
  const isConsent = (type: string) => type === 'Consent';
  expect(rightsOf({ ...svar, may: (interaction, type) => interaction !== 'delete' && !isConsent(type) })).toEqual(LU);
  expect(rightsOf({ ...svar, may: (interaction, type) => interaction === 'delete' || !isConsent(type) })).toEqual(LC);
  expect(rightsOf({ ...svar, may: (interaction, type) => interaction === 'update' && isConsent(type) })).toEqual(SC);
  expect(rightsOf({ ...svar, may: (interaction) => interaction === 'read' })).toEqual(READER);
});

test('of a server that does FHIR alone nothing is asked that is Svar’s own', () => {
  const rights = rightsOf({ may: () => true, serves: () => false, opensLinks: false });
  expect(rights).toEqual({
    ...{ writes: true, coordinates: true, removes: false, orders: false, stops: false, notes: true, prints: false },
    ...{ moves: true, withdraws: true },
  });
  const open = view([patientForm('planned')], [staffForm('in-progress')]);
  expect([mayStop(open, rights), mayCloseAll(open, rights), mayDelete(open, rights)]).toEqual([false, false, false]);
  expect(patientOffers(patientForm('planned'), rights)).toEqual(['paper', 'note']);
  expect(patientOffers(patientForm('sent'), rights)).toEqual(['paper', 'note']);
});

test('each act is offered where the server names its operation', () => {
  const only = (code: string) => ({ may: () => true, serves: ([one]: readonly [string, string?]) => one === code });
  expect(rightsOf({ ...only('order'), opensLinks: true })).toMatchObject({ orders: true, stops: false, prints: false });
  expect(rightsOf({ ...only('print'), opensLinks: true })).toMatchObject({ orders: false, prints: true });
  // a link carries no token
  expect(rightsOf({ ...only('print'), opensLinks: false }).prints).toBe(false);
});

test('a locked form is corrected and opened by the coordinator alone', () => {
  expect(staffOffers(staffForm('completed', locked), LU)).toEqual([]);
  expect(staffOffers(staffForm('completed', locked), LC)).toEqual(['reopen', 'correct']);
  expect(staffOffers(staffForm('in-progress'), LU)).toEqual(['fill']);
  for (const state of ['closed', 'not-open'] as const) expect(staffOffers(staffForm(state), LC)).toEqual([]);
  expect(staffOffers(staffForm('empty'), READER)).toEqual([]);
});

test.each([
  ['withheld', ['note', 'print']],
  ['planned', ['order', 'paper', 'note', 'print']],
  ['ordered', ['order', 'paper', 'note', 'print']],
  ['unreachable', ['order', 'paper', 'note', 'print']],
  ['sent', ['resend', 'paper', 'note', 'print']],
  ['paper', ['paper', 'note', 'print']],
  ['answered', ['note', 'print']],
  ['expired', ['note', 'print']],
] as const)('of a form that is %s, a local user is offered %j', (state, offers) => {
  expect(patientOffers(patientForm(state), LU)).toEqual(offers);
});

test('the coordinator also opens what was closed unanswered, and corrects what was answered', () => {
  expect(patientOffers(patientForm('expired'), LC)).toContain('reopen');
  expect(patientOffers(patientForm('closed'), LC)).toContain('reopen');
  expect(patientOffers(patientForm('answered', { response: locked }), LC)).toContain('correct');
});

test('a form that the registry does not take from paper is neither entered nor printed', () => {
  expect(patientOffers(patientForm('planned', { paper: false }), LU)).toEqual(['order', 'note']);
});

test('forms are closed together only while none has been begun, and stopped as long as one is left', () => {
  const begun: QuestionnaireResponse = { ...locked, status: 'in-progress' };
  expect(mayCloseAll(view([patientForm('withheld'), patientForm('planned')]), LU)).toBe(true);
  expect(mayCloseAll(view([patientForm('sent', { begun }), patientForm('planned')]), LU)).toBe(false);
  expect(mayCloseAll(view([patientForm('paper', { response: begun })]), LU)).toBe(false);
  expect(mayCloseAll(view([patientForm('answered'), patientForm('planned')]), LU)).toBe(false);
  expect(mayStop(view([patientForm('answered'), patientForm('planned')]), LU)).toBe(true);
  expect(mayStop(view([patientForm('answered'), patientForm('closed')]), LU)).toBe(false);
  expect(mayStop(view([patientForm('planned')]), READER)).toBe(false);
});

test('a course is taken away by the coordinator, while nothing in it is locked', () => {
  expect(mayDelete(view([patientForm('planned')], [staffForm('in-progress')]), LC)).toBe(true);
  expect(mayDelete(view([patientForm('planned')], [staffForm('in-progress')]), LU)).toBe(false);
  expect(mayDelete(view([], [staffForm('completed', locked)]), LC)).toBe(false);
  expect(mayDelete(view([patientForm('answered')], []), LC)).toBe(false);
});

test('a consent that was given is withdrawn by the system coordinator alone', () => {
  const withConsent = (code: string): CourseView => ({
    ...view([]),
    facts: [
      {
        ...{ registry: 'R', type: undefined, typeTitle: undefined, start: undefined, delivered: false },
        ...{ consentKind: undefined, membership: undefined, membershipReason: undefined },
        ...{ consent: { code }, location: undefined, ward: undefined },
      },
    ],
  });
  expect(mayWithdraw(withConsent('active'), SC)).toBe(true);
  for (const rights of [LU, LC, READER]) expect(mayWithdraw(withConsent('active'), rights)).toBe(false);
  for (const code of ['rejected', 'inactive', 'proposed']) expect(mayWithdraw(withConsent(code), SC)).toBe(false);
});
