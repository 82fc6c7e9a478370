import type { PlanDefinition, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import smertereg from '../../../../fhir/registries/smertereg/plan-definition.json' with { type: 'json' };
import { codeSystem, identifierSystem } from '../../../registry/names.ts';
import { readProtocol } from '../../../registry/protocol.ts';
import { registrationOf } from '../worklist/registration.ts';
import { NO_FILTER } from '../worklist/sorting.ts';
import {
  columnsOf,
  filteredLines,
  type OrderLine,
  orderLines,
  showsTheSame,
  sortedLines,
  statesOf,
} from './order-lines.ts';

const plan = smertereg as unknown as PlanDefinition;
const columns = columnsOf([{ plan, protocol: readProtocol(plan) }], 'nb');

const registration = (course: string, registry = smertereg.url) =>
  registrationOf(
    {
      ...{ resourceType: 'Task', status: 'in-progress', intent: 'plan', id: `of-${course}` },
      instantiatesCanonical: registry,
      focus: { reference: `EpisodeOfCare/${course}` },
      meta: { versionId: '1', lastUpdated: 'early' },
    },
    { resourceType: 'Patient', name: [{ family: course }] },
    new Map(),
  );

function order(course: string, form: string, state: string, occurrence = 1): Task {
  return {
    ...{ resourceType: 'Task', status: 'requested', intent: 'order' },
    identifier: [{ system: identifierSystem.order, value: `${course}/${form}/${occurrence}` }],
    instantiatesUri: `${smertereg.url}#${form}`,
    focus: { reference: `EpisodeOfCare/${course}` },
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: state }] },
    statusReason: { text: 'why' },
    meta: { versionId: '1', lastUpdated: `${form} ${occurrence}` },
  };
}

const told = (lines: readonly OrderLine[]) =>
  lines.map(({ course, orders }) => [course, ...orders.map(({ column, state }) => `${column.label} ${state}`)]);

const lines = orderLines(
  [registration('a'), registration('b'), registration('c'), registration('none')],
  [
    order('a', 'hads', 'sent', 2),
    order('a', 'hads', 'expired', 1),
    order('a', 'pasreg', 'answered'),
    order('b', 'hads', 'withheld'),
    order('c', 'pasreg', 'reminded'),
    order('c', 'hads', 'of another server'),
    order('elsewhere', 'hads', 'sent'),
  ],
  columns,
);

test('the columns are the forms that the registry sends, in its order', () => {
  expect(columns.map(({ label, title }) => [label, title])).toEqual([
    ['PASREG', 'Pasientregistrering'],
    ['HADS', 'HADS'],
    ['EVAL', 'Pasientevaluering'],
    ['OPIOID', 'Opioidskjema'],
  ]);
});

test('a line has the latest order of each form; courses without orders have no line', () => {
  expect(told(lines)).toEqual([
    ['a', 'PASREG answered', 'HADS sent'],
    ['b', 'HADS withheld'],
    ['c', 'PASREG reminded'],
  ]);
  expect(lines[0]?.orders[1]?.why).toBe('why');
  expect(
    told(orderLines([registration('a', 'https://other.example/r')], [order('a', 'hads', 'sent')], columns)),
  ).toEqual([]);
});

test('a line is another whenever one of its orders is, or its patient is called otherwise', () => {
  expect(lines[0]?.version).toBe('1 early, 1 pasreg 1, 1 hads 2');
  const again = (course: string, ...orders: Task[]) => orderLines([registration(course)], orders, columns)[0];
  const line = again('a', order('a', 'hads', 'sent'))!;
  expect(showsTheSame(line, again('a', order('a', 'hads', 'sent'))!)).toBe(true);
  expect(showsTheSame(line, again('a', order('a', 'hads', 'sent', 2))!)).toBe(false);
  // of two versions of one instant the later one is shown
  const next = { ...order('a', 'hads', 'sent'), meta: { versionId: '2', lastUpdated: 'hads 1' } };
  expect(showsTheSame(line, again('a', next)!)).toBe(false);
  expect(showsTheSame(line, { ...line, patient: { ...line.patient, name: 'other' } })).toBe(false);
});

test('a column is sorted as its orders go, what is not ordered last; other columns as in the worklist', () => {
  const by = (form: string, descending: boolean) =>
    sortedLines(lines, { key: `${smertereg.url}#${form}`, descending }, 'nb').map(({ course }) => course);
  expect(by('hads', false)).toEqual(['b', 'a', 'c']);
  expect(by('hads', true)).toEqual(['a', 'b', 'c']);
  expect(by('pasreg', false)).toEqual(['c', 'a', 'b']);
  const names = sortedLines(lines, { key: 'patient', descending: true }, 'nb').map(({ patient }) => patient.name);
  expect(names).toEqual(['c', 'b', 'a']);
});

test('lines are found by the state of any form, and by what finds lines of the worklist', () => {
  expect(statesOf(lines)).toEqual(['withheld', 'sent', 'reminded', 'answered']);
  expect(told(filteredLines(lines, { ...NO_FILTER, state: 'sent' }))).toEqual([['a', 'PASREG answered', 'HADS sent']]);
  expect(filteredLines(lines, { ...NO_FILTER, state: 'sent', text: 'b' })).toEqual([]);
});
