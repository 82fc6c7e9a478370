import { expect, test } from 'vitest';
import { readIdentityProviders } from './read-identity-providers.ts';

const patient = {
  id: 'one',
  purpose: 'patient',
  label: { nb: 'Logg inn' },
  issuer: 'https://login.example.org',
  clientId: 'svar',
  keyFile: 'one.jwk',
  scopes: ['openid'],
  require: { acr: ['high'] },
  person: [{ claim: 'pid', systems: ['urn:x'] }],
};
const staff = { ...patient, id: 'two', purpose: 'staff', organization: [{ claim: 'org', system: 'urn:y' }] };

test('what is left out is the safer of two: pushed requests and DPoP', () => {
  expect(readIdentityProviders([patient, staff], true)).toMatchObject([
    { id: 'one', dpop: true, pushedRequests: true, userinfo: false, acrValues: [], authorizationDetails: undefined },
    { id: 'two', organization: [{ claim: 'org', system: 'urn:y' }] },
  ]);
});

test.each<[string, unknown, string]>([
  ['no list', {}, 'must be a list'],
  ['no object', ['x'], '[0] must be an object'],
  ['a misspelt field', [{ ...patient, scope: [] }], '[0].scope is not known'],
  ['a missing field', [{ ...patient, clientId: undefined }], '[0].clientId must be a text'],
  ['an id that is no name', [{ ...patient, id: '../x' }], '[0].id must be a text'],
  ['an id that an address has', [{ ...patient, id: 'role' }], '[0].id must be a text'],
  ['an id that another address has', [{ ...patient, id: 'record' }], '[0].id must be a text'],
  ['an id twice', [patient, patient], 'another id for each'],
  ['another purpose', [{ ...patient, purpose: 'admin' }], '[0].purpose'],
  ['http', [{ ...patient, issuer: 'http://login.example.org' }], '[0].issuer must be an https address'],
  ['http of this machine, in production', [{ ...patient, issuer: 'http://127.0.0.1:1' }], '[0].issuer must be'],
  ['an issuer with a query', [{ ...patient, issuer: 'https://login.example.org/?a' }], '[0].issuer must be'],
  ['no level of assurance', [{ ...patient, require: {} }], '[0].require must name'],
  ['a level that nothing meets', [{ ...patient, require: { acr: [] } }], '[0].require must be'],
  ['no claim for the person', [{ ...patient, person: [] }], '[0].person must name'],
  ['a claim without system', [{ ...patient, person: [{ claim: 'pid' }] }], '[0].person[0].systems must be a list'],
  ['no words for the button', [{ ...patient, label: { en: 'x' } }], '[0].label needs words in nb'],
  ['no openid', [{ ...patient, scopes: ['profile'] }], '[0].scopes must hold openid'],
  ['staff for no hospital', [{ ...staff, organization: [] }], '[0].organization must tell'],
  [
    'a hospital by claim and value',
    [{ ...staff, organization: [{ claim: 'a', value: 'b', system: 'c' }] }],
    'is not known',
  ],
  ['a switch in words', [{ ...patient, dpop: 'no' }], '[0].dpop must be true or false'],
  [
    'details that are no objects',
    [{ ...patient, authorizationDetails: ['x'] }],
    'authorizationDetails[0] must be an object',
  ],
])('is refused at start: %s', (_, value, words) => {
  expect(() => readIdentityProviders(value, true)).toThrow(words);
});

test('http of this machine is for trying out', () => {
  expect(readIdentityProviders([{ ...patient, issuer: 'http://127.0.0.1:1' }], false)).toHaveLength(1);
  expect(() => readIdentityProviders([{ ...patient, issuer: 'http://127.0.0.1.example.org' }], false)).toThrow('https');
});
