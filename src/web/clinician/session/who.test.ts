import { expect, test } from 'vitest';
import { allowing } from './who.ts';

test('what the access policy names may be done, with each interaction that it names or with all', () => {
  const may = allowing({
    resourceType: 'AccessPolicy',
    resource: [{ resourceType: 'Task', interaction: ['read', 'search'] }, { resourceType: 'Communication' }],
  });
  expect([may('read', 'Task'), may('update', 'Task')]).toEqual([true, false]);
  expect([may('create', 'Communication'), may('read', 'Patient')]).toEqual([true, false]);
});

test('a policy for every type, and a server that tells none, allow', () => {
  expect(allowing({ resourceType: 'AccessPolicy', resource: [{ resourceType: '*' }] })('delete', 'Patient')).toBe(true);
  expect(allowing(undefined)('delete', 'Patient')).toBe(true);
});
