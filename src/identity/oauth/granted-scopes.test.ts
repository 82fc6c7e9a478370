import { expect, test } from 'vitest';
import type { ClientRegistration } from './clients.ts';
import { grantedScopes } from './granted-scopes.ts';

const client = (kind: 'app' | 'system', ...scopes: string[]): ClientRegistration => ({
  id: 'c',
  name: 'c',
  kind,
  scopes,
  openReferences: false,
  lenientSearch: false,
  redirectUris: [],
  preapproved: false,
  corsOrigins: [],
});

/** What is registered, what is asked for, what is given. */
test.each([
  ['patient/*.cruds', 'patient/Observation.rs', 'patient/Observation.rs'],
  ['patient/*.rs', 'patient/Observation.cruds', 'patient/Observation.rs'],
  ['patient/Observation.rs', 'patient/*.cruds', 'patient/Observation.rs'],
  ['patient/Observation.rs patient/Task.u', 'patient/*.cruds', 'patient/Observation.rs patient/Task.u'],
  ['patient/*.rs', 'patient/*.read', 'patient/*.read'],
  ['patient/*.read', 'patient/*.rs', 'patient/*.rs'],
  ['patient/*.r', 'patient/*.*', 'patient/*.r'],
  ['patient/*.rs', 'patient/Observation.rs?category=survey', 'patient/Observation.rs?category=survey'],
  ['patient/Observation.rs?category=survey', 'patient/Observation.rs', 'patient/Observation.rs?category=survey'],
  ['patient/Observation.rs?category=survey', 'patient/*.rs', 'patient/Observation.rs?category=survey'],
  [
    'patient/Observation.rs?category=survey',
    'patient/Observation.rs?category=survey',
    'patient/Observation.rs?category=survey',
  ],
  [
    'patient/Observation.rs?category=survey',
    'patient/Observation.rs?status=final',
    'patient/Observation.rs?status=final&category=survey',
  ],
  ['*', 'patient/*.cruds user/*.cruds offline_access', 'patient/*.cruds user/*.cruds offline_access'],
  ['patient/*.rs', 'openid fhirUser launch/patient email patient/*.rs', 'openid fhirUser launch/patient patient/*.rs'],
  ['patient/*.rs', 'openid offline_access', 'openid'],
  ['patient/*.rs offline_access', 'openid offline_access', 'openid offline_access'],
  ['patient/*.rs', 'openid openid', 'openid'],
])('an app with %s that asks for %s is given %s', (allowed, asked, given) => {
  expect(grantedScopes(asked, client('app', ...allowed.split(' ')))).toEqual({ scopes: given.split(' '), faulty: [] });
});

test.each([
  ['app', 'patient/*.rs', 'user/*.rs'],
  ['app', 'patient/*.rs', 'patient/*.cu'],
  ['app', 'patient/Observation.rs', 'patient/Task.rs'],
  ['app', 'patient/*.rs', 'patient/*.rs system/*.rs'],
  ['app', '*', 'system/*.rs'],
  ['app', '*', 'patient/*.rs patient/Pasient.rs'],
  ['app', '*', 'patient/*.sr'],
  ['app', '*', 'PATIENT/*.rs'],
  ['app', '*', 'patient/*.rs?category=x'],
  ['app', '*', 'patient/Observation.read?category=x'],
  ['system', 'system/*.rs', 'patient/*.rs'],
  ['system', '*', 'user/*.rs'],
])('a %s with %s that asks for %s is given nothing at all', (kind, allowed, asked) => {
  const { scopes, faulty } = grantedScopes(asked, client(kind as 'app' | 'system', allowed));
  expect(scopes).toEqual([]);
  expect(faulty).not.toEqual([]);
});

test('a system is given no words, and nobody more than a hundred scopes', () => {
  expect(grantedScopes('openid offline_access system/*.rs', client('system', '*')).scopes).toEqual(['system/*.rs']);
  const many = Array.from({ length: 101 }, (_, index) => `patient/Observation.rs?code=${index}`).join(' ');
  expect(grantedScopes(many, client('app', '*'))).toEqual({ scopes: [], faulty: ['too many'] });
});

test('who is registered for nothing is given nothing', () => {
  expect(grantedScopes('patient/*.rs', client('app'))).toEqual({ scopes: [], faulty: ['patient/*.rs'] });
});
