import { expect, test } from 'vitest';
import { ridCondition } from './rid-condition.ts';

test('a condition on one resource asks for its rid, as a value', () => {
  const bound: unknown[] = [];
  const sql = ridCondition('4711').sql('r', (value, type) => `$${bound.push(value)}::${type}`);
  expect([sql, bound]).toEqual(['r.rid = $1::int8', ['4711']]);
});

test('what is yet to be stored is not that resource', () => {
  const { holds } = ridCondition('4711');
  expect(holds('Task', { tokens: [], ranges: [], strings: [], present: [], date: undefined })).toBe(false);
});

test('conditions on two resources are two conditions', () => {
  expect(ridCondition('1').key).not.toBe(ridCondition('2').key);
});
