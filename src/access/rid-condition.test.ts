import { expect, test } from 'vitest';
import { ridCondition } from './rid-condition.ts';

test('a condition on resources asks for their rids, as one value', () => {
  const bound: unknown[] = [];
  const sql = ridCondition('4711', '4712').sql('r', (value, type) => `$${bound.push(value)}::${type}`);
  expect([sql, bound]).toEqual(['r.rid = any($1::int8[])', [['4711', '4712']]]);
});

test('what is yet to be stored is none of them', () => {
  const { holds } = ridCondition('4711');
  expect(holds('Task', { tokens: [], ranges: [], strings: [], present: [], date: undefined })).toBe(false);
});

test('conditions on other resources are other conditions', () => {
  expect(ridCondition('1').key).not.toBe(ridCondition('2').key);
  expect(ridCondition('1', '2').key).not.toBe(ridCondition('12').key);
});
