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

test('what is for reading alone is not written, where a policy says so as servers of Medplum still may', () => {
  const may = allowing({ resourceType: 'AccessPolicy', resource: [{ resourceType: 'Task', readonly: true }] });
  expect([may('search', 'Task'), may('update', 'Task')]).toEqual([true, false]);
});

test('a policy for every type, and a server that tells none, allow', () => {
  expect(allowing({ resourceType: 'AccessPolicy', resource: [{ resourceType: '*' }] })('delete', 'Patient')).toBe(true);
  expect(allowing(undefined)('delete', 'Patient')).toBe(true);
});
