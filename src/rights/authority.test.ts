import { expect, test } from 'vitest';
import type { Rule } from '../model/access.ts';
import type { Agent, Caller } from '../model/caller.ts';
import { resourceTypes } from '../model/resource-types.ts';
import { type RightAct, refuseRole } from './authority.ts';

const own: Rule = { types: resourceTypes, acts: ['read', 'search', 'create', 'update'], patient: '1' };
const condition = { key: 'category=survey', sql: () => 'true', holds: () => true };

function status(rules: readonly Rule[], act: RightAct, agent: Partial<Agent> = {}): number {
  const caller: Caller = {
    name: 'x',
    kind: 'client',
    access: { key: 'x', rules },
    agent: { who: 'Patient/p', client: 'app', role: 'patient', strength: 'federated', ...agent },
  };
  try {
    refuseRole(caller, act, caller.agent?.who === 'Patient/p');
    return 200;
  } catch (refused) {
    return (refused as { status: number }).status;
  }
}

test('a patient with the whole record may, by any sign-in but a link', () => {
  expect(status([own], 'see-all')).toBe(200);
  expect(status([own], 'withdraw')).toBe(200);
  for (const strength of ['password', 'two-factor']) expect(status([own], 'consent', { strength })).toBe(200);
  expect(status([own], 'see-all', { strength: 'link' })).toBe(403);
});

test('a program that was given a part of the record does not act for its patient', () => {
  expect(status([], 'see-all')).toBe(403);
  for (const type of ['Patient', 'QuestionnaireResponse', 'Consent', 'Observation', 'Task', 'Provenance']) {
    const rules: Rule[] = [{ ...own, types: resourceTypes.filter((each) => each !== type) }];
    expect(status(rules, 'see-all'), type).toBe(403);
    expect(status([...rules, { ...own, types: [type], where: [condition] }], 'see-all'), type).toBe(403);
  }
  expect(status([{ ...own, acts: ['search', 'create', 'update'] }], 'see-all')).toBe(403);
});

test('a program that may only read sees everything, and does nothing', () => {
  const reading: Rule[] = [{ ...own, acts: ['read', 'search'] }];
  expect(status(reading, 'see-all')).toBe(200);
  for (const act of ['request', 'reserve', 'consent', 'withdraw'] as const) expect(status(reading, act), act).toBe(403);
});

test('the role of a patient is worth nothing for another patient, and no role is nothing', () => {
  expect(status([own], 'see-all', { who: 'Patient/q' })).toBe(403);
  expect(status([own], 'request', { who: 'Patient/q' })).toBe(403);
  expect(status([own], 'erase')).toBe(403);
  expect(status([own], 'request', { role: '' })).toBe(403);
  // staff who are patients themselves act for themselves as patients only
  expect(status([own], 'erase', { role: 'lc' })).toBe(403);
});

test('whoever has no access may do nothing, whatever the role', () => {
  const agent: Agent = { who: 'Practitioner/x', client: 'app', role: 'lc', strength: 'federated' };
  expect(() => refuseRole({ name: 'x', kind: 'client', access: 'none', agent }, 'answer', false)).toThrow();
  expect(() => refuseRole({ name: 'x', kind: 'client', access: 'none' }, 'see-all', false)).toThrow();
});
