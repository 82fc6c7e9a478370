import type { PlanDefinition } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import smertereg from '../../../../fhir/registries/smertereg/plan-definition.json' with { type: 'json' };
import type { OrderStatus } from '../../../registry/order.ts';
import { readProtocol } from '../../../registry/protocol.ts';
import { columnsOf } from '../patient-forms/order-lines.ts';
import type { Registry } from '../registries.ts';
import { registrationOf } from '../worklist/registration.ts';
import { type Line, type LineRights, type ListKind, lineActs, lineRightsOf } from './line-acts.ts';

const plan = smertereg as unknown as PlanDefinition;
const registries: readonly Registry[] = [{ plan, protocol: readProtocol(plan) }];
const columns = columnsOf(registries, 'nb');

const hospital = { reference: 'Organization/1', name: 'Test' };
const rights = (may: readonly string[], serves = true): LineRights =>
  lineRightsOf({
    hospital,
    may: (interaction, type) => may.includes(`${interaction} ${type}`),
    serves: () => serves,
    opensLinks: true,
  });
const READS = ['read Patient', 'search Task'];
const WORKS = [...READS, 'create EpisodeOfCare', 'update Task', 'update Encounter', 'update QuestionnaireResponse'];
const COORDINATES = [...WORKS, 'delete EpisodeOfCare'];

function line(states: readonly OrderStatus[], form = 'in-progress'): Line {
  const registration = registrationOf(
    { ...{ resourceType: 'Task', status: 'in-progress', intent: 'plan' }, instantiatesCanonical: smertereg.url },
    undefined,
    new Map(),
  );
  const orders = columns.flatMap((column, index) => {
    const state = states[index];
    return state === undefined ? [] : [{ column, state, why: undefined }];
  });
  return { ...registration, forms: [{ label: 'TO', state: form, hasComment: false }], orders };
}

const told = (of: Line, list: ListKind, may: LineRights): string[] =>
  lineActs(of, list, may, registries)
    .flat()
    .map((act) => ('label' in act ? `${act.what} ${act.label}` : act.what));

test('from the worklist staff see the history, begin anew, open PO and move; the coordinator removes what has nothing locked', () => {
  const shared = ['patient', 'new', 'about PO', 'move'];
  expect(told(line([]), 'worklist', rights(WORKS))).toEqual(shared);
  expect(told(line([]), 'worklist', rights(COORDINATES))).toEqual([...shared, 'remove']);
  expect(told(line([], 'completed'), 'worklist', rights(COORDINATES))).toEqual(shared);
});

test('what is delivered is looked at, and begins a new course', () => {
  expect(told(line([], 'completed'), 'delivered', rights(COORDINATES))).toEqual(['patient', 'new', 'about PO']);
});

test("the patients' forms are ordered, sent again, stopped and closed together while none is locked", () => {
  const acts = (...states: OrderStatus[]) => told(line(states), 'patient-forms', rights(WORKS)).slice(3);
  expect(acts('withheld', 'withheld')).toEqual(['stop', 'close']);
  expect(acts('planned', 'sent', 'reminded', 'unreachable')).toEqual([
    ...['order PASREG', 'resend HADS', 'resend EVAL', 'order OPIOID'],
    ...['stop', 'close'],
  ]);
  expect(acts('answered', 'sent')).toEqual(['resend HADS', 'stop']);
  expect(acts('paper', 'planned')).toEqual(['order HADS', 'stop']);
  expect(acts('answered', 'expired', 'closed', 'stopped')).toEqual([]);
});

test('who only reads is led on and decides nothing, nor does anybody at a server without these operations', () => {
  const sent = line(['sent', 'planned']);
  expect(told(sent, 'patient-forms', rights(READS))).toEqual(['patient', 'about PO']);
  expect(told(sent, 'worklist', rights(READS))).toEqual(['patient', 'about PO']);
  expect(told(sent, 'patient-forms', rights(COORDINATES, false))).toEqual(['patient', 'new', 'about PO']);
  expect(told(sent, 'worklist', rights(COORDINATES, false))).toEqual(['patient', 'new', 'about PO', 'move']);
});
