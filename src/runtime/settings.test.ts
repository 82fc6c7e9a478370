import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readSettings, SETTINGS, type SettingSources } from './settings.ts';

const read = (sources: Partial<SettingSources>) => readSettings({ environment: {}, ...sources });

test('without anything given, the server is for this machine, with a database of its own', () => {
  expect(read({})).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    dataDir: './data',
    databaseUrl: undefined,
    baseUrl: undefined,
    testClock: undefined,
    maxBodyBytes: 50 * 2 ** 20,
    logLevel: 'info',
    timeZone: 'Europe/Oslo',
  });
});

test('a flag wins over the environment, the environment over the config file, the file over the default', () => {
  const file = { name: 'svar.config.json', content: { port: 1, dataDir: 'from-file', maxBodyBytes: 2048 } };
  const environment = { PORT: '2', SVAR_DATA_DIR: 'from-environment' };
  const settings = read({ file, environment, flags: { port: '3' } });
  expect(settings).toMatchObject({ port: 3, dataDir: 'from-environment', maxBodyBytes: 2048, logLevel: 'info' });
});

test('an empty variable is no value', () => {
  expect(read({ environment: { DATABASE_URL: '', PORT: '' } })).toMatchObject({ databaseUrl: undefined, port: 8080 });
});

test('an address loses the slash at its end, an instant keeps its moment', () => {
  const environment = { SVAR_BASE_URL: 'https://svar.example.org/', SVAR_TEST_CLOCK: '2026-03-02T08:00:00+01:00' };
  const settings = read({ environment });
  expect(settings.baseUrl).toBe('https://svar.example.org');
  expect(settings.testClock).toEqual(new Date('2026-03-02T07:00:00Z'));
});

test('identity providers are JSON: a value of its own in the config file, a text elsewhere', () => {
  const file = { name: 'svar.config.json', content: { identityProviders: [{ id: 'a' }] } };
  expect(read({ file }).identityProviders).toEqual([{ id: 'a' }]);
  expect(read({ environment: { SVAR_IDENTITY_PROVIDERS: '[{"id":"b"}]' } }).identityProviders).toEqual([{ id: 'b' }]);
  expect(read({}).identityProviders).toBeUndefined();
  expect(() => read({ environment: { SVAR_IDENTITY_PROVIDERS: '[' } })).toThrow('SVAR_IDENTITY_PROVIDERS must be JSON');
});

test('a switch is yes or no', () => {
  expect(read({ environment: { SVAR_LENIENT_SEARCH: 'yes' } })).toMatchObject({
    lenientSearch: true,
    openReferences: false,
  });
});

test.each([
  ['SVAR_LENIENT_SEARCH', 'true', 'SVAR_LENIENT_SEARCH must be yes or no'],
  ['PORT', '70000', 'PORT must be a whole number from 0 to 65535'],
  ['PORT', '-1', 'PORT must be a whole number from 0 to 65535'],
  ['PORT', '80.5', 'PORT must be a whole number from 0 to 65535'],
  ['SVAR_BASE_URL', 'svar.example.org', 'SVAR_BASE_URL must be an address such as https://svar.example.org'],
  ['SVAR_BASE_URL', 'ftp://svar.example.org', 'SVAR_BASE_URL must be an address such as https://svar.example.org'],
  ['SVAR_LOG_LEVEL', 'loud', 'SVAR_LOG_LEVEL must be one of silent, fatal, error, warn, info, debug, trace'],
  ['SVAR_TEST_CLOCK', '2026-03-02', 'SVAR_TEST_CLOCK must be an instant with an offset'],
  ['SVAR_TEST_CLOCK', '2026-03-02T08:00:00', 'SVAR_TEST_CLOCK must be an instant with an offset'],
  ['SVAR_TEST_CLOCK', '2026-13-02T08:00:00Z', 'SVAR_TEST_CLOCK must be an instant with an offset'],
  ['SVAR_CORS_ORIGINS', 'https://a.example.org,https://b.example.org/', 'SVAR_CORS_ORIGINS must be origins such as'],
  ['SVAR_CORS_ORIGINS', '*', 'SVAR_CORS_ORIGINS must be origins such as'],
  ['SVAR_CORS_ORIGINS', 'null', 'SVAR_CORS_ORIGINS must be origins such as'],
  ['SVAR_TRUSTED_PROXIES', '10.0.0.0/8, all', 'SVAR_TRUSTED_PROXIES must be addresses or networks'],
  ['SVAR_TIME_ZONE', 'Europe/Olso', 'SVAR_TIME_ZONE must be a time zone such as Europe/Oslo'],
])('%s=%s is refused', (variable, value, message) => {
  expect(() => read({ environment: { [variable]: value } })).toThrow(message);
});

test('a setting that lists takes what commas separate', () => {
  const { corsOrigins, trustedProxies } = read({
    environment: {
      SVAR_CORS_ORIGINS: 'https://a.example.org, http://localhost:5173',
      SVAR_TRUSTED_PROXIES: '10.0.0.0/8',
    },
  });
  expect(corsOrigins).toEqual(['https://a.example.org', 'http://localhost:5173']);
  expect(trustedProxies.map(([network, bits]) => `${network}/${bits}`)).toEqual(['10.0.0.0/8']);
  expect(read({ environment: {} })).toMatchObject({ corsOrigins: [], trustedProxies: [] });
});

test('true and false in the config file are yes and no', () => {
  const file = { name: 'c.json', content: { production: true, demoData: false } };
  expect(read({ file, environment: {} })).toMatchObject({ production: true, demoData: false });
});

test('all faults are told at once, with the place that each came from', () => {
  const file = { name: 'c.json', content: { prot: 8081, maxBodyBytes: 1, logLevel: ['info'] } };
  expect(() => read({ file, environment: { PORT: 'x' }, flags: { databaseConnections: '0' } })).toThrow(
    [
      'c.json: there is no setting called prot',
      'c.json: logLevel must be a string, a number, true or false',
      'PORT must be a whole number from 0 to 65535',
      '--database-connections must be a whole number from 6 to 1000',
      'c.json: maxBodyBytes must be a whole number from 1024 to 1073741824',
    ].join('\n'),
  );
});

test('a refusal does not repeat the value, which may be a password', () => {
  expect(() => read({ environment: { SVAR_BASE_URL: 'https://u:hemmelig@x' } })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('hemmelig') }),
  );
});

test('the README lists every setting', async () => {
  const readme = await readFile('README.md', 'utf8');
  for (const { variable } of Object.values(SETTINGS)) expect(readme).toContain(`\`${variable}\``);
});
