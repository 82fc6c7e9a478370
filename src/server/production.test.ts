import { expect, test } from 'vitest';
import { readNetwork } from '../runtime/network.ts';
import { readSettings } from '../runtime/settings.ts';
import { refuseDemoInProduction } from './production.ts';
import { serverSecrets } from './server-secrets.ts';

const fit = { production: true, tlsCertificate: undefined, trustedProxies: [readNetwork('10.0.0.1')] };
const url = 'https://svar.example.org';

test('production starts behind a trusted proxy or with a certificate, without the demo’s accounts', () => {
  expect(() => refuseDemoInProduction(fit, url, [])).not.toThrow();
  expect(() => refuseDemoInProduction({ ...fit, trustedProxies: [], tlsCertificate: 'c.pem' }, url, [])).not.toThrow();
});

test.each([
  ['http', fit, 'http://svar.example.org', [], /SVAR_BASE_URL must be https/],
  ['neither certificate nor proxy', { ...fit, trustedProxies: [] }, url, [], /SVAR_TRUSTED_PROXIES/],
  ['an account of the demo', fit, url, ['lu'], /accounts of the demo.*lu/],
] as const)('production refuses %s', (_what, settings, address, logins, problem) => {
  expect(() => refuseDemoInProduction(settings, address, logins)).toThrow(problem);
  expect(() => refuseDemoInProduction({ ...settings, production: false }, address, logins)).not.toThrow();
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
