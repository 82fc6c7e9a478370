import { expect, test } from 'vitest';
import { readNetwork } from '../runtime/network.ts';
import { readSettings } from '../runtime/settings.ts';
import { refuseDemoAccounts, refuseUnfit } from './production.ts';
import { serverSecrets } from './server-secrets.ts';

const fit = {
  production: true,
  secret: Buffer.alloc(32),
  baseUrl: 'https://svar.example.org',
  tlsCertificate: undefined,
  trustedProxies: [readNetwork('10.0.0.1')],
  testClock: undefined,
  patientApp: 'https://skjema.example.org',
  corsOrigins: ['https://app.example.org'],
  channels: { spool: {} },
  contactRegister: undefined,
  eprom: undefined,
};

test('production starts behind a trusted proxy or with a certificate, without the demo’s accounts', () => {
  expect(() => refuseUnfit(fit)).not.toThrow();
  expect(() => refuseUnfit({ ...fit, trustedProxies: [], tlsCertificate: 'c.pem' })).not.toThrow();
  expect(() => refuseUnfit({ ...fit, channels: { sms: {} }, contactRegister: {} })).not.toThrow();
  expect(() => refuseDemoAccounts(fit, [])).not.toThrow();
});

test.each([
  ['http', { baseUrl: 'http://svar.example.org' }, /SVAR_BASE_URL must be https/],
  ['no address', { baseUrl: undefined }, /SVAR_BASE_URL must be https/],
  ['no secret', { secret: undefined }, /SVAR_SECRET/],
  ['a clock that anybody may move', { testClock: new Date() }, /SVAR_TEST_CLOCK/],
  ['patients who answer without https', { patientApp: 'http://skjema.example.org' }, /SVAR_PATIENT_APP/],
  ['pages that come without https', { corsOrigins: ['http://app.example.org'] }, /SVAR_CORS_ORIGINS/],
  ['notices that go nowhere', { channels: undefined }, /SVAR_CHANNELS/],
  ['e-mails before a register was asked', { channels: { spool: {}, smtp: {} } }, /SVAR_CONTACT_REGISTER/],
  ['neither certificate nor proxy', { trustedProxies: [] }, /SVAR_TRUSTED_PROXIES/],
] as const)('production refuses %s', (_what, wrong, problem) => {
  expect(() => refuseUnfit({ ...fit, ...wrong })).toThrow(problem);
  expect(() => refuseUnfit({ ...fit, ...wrong, production: false })).not.toThrow();
});

test('production refuses a database with accounts of the demo', () => {
  expect(() => refuseDemoAccounts(fit, ['lu', 'lc'])).toThrow(/accounts of the demo.*lu, lc/);
  expect(() => refuseDemoAccounts({ production: false }, ['lu'])).not.toThrow();
});

test('production needs a secret of its own, and one that was made by chance', async () => {
  await expect(serverSecrets({ secret: undefined, production: true, dataDir: '/nowhere' })).rejects.toThrow(
    /SVAR_SECRET/,
  );
  const read = (SVAR_SECRET: string) => readSettings({ environment: { SVAR_SECRET } }).secret;
  expect(read('q8zmVf0n4Y9cJb2x7LpWw3uTtRkS1dGhZaEoIiNvXyM=')).toHaveLength(32);
  expect(read('')).toBeUndefined();
  for (const weak of ['demo', 'c2hvcnQ=', 'not base64 at all, but long enough to be', 'A'.repeat(64)]) {
    expect(() => read(weak), weak).toThrow(/SVAR_SECRET/);
  }
});
