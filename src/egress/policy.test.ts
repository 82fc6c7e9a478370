import { expect, test } from 'vitest';
import { EgressFault, type EgressFaultCode } from './egress-fault.ts';
import { allowedAddress, readEgressPolicy, withOrigins } from './policy.ts';

const policy = readEgressPolicy(
  'https://login.example.org https://other.example.org:8443, internal:https://registry.hospital.example,http://127.0.0.1:9000',
);

function faultOf(address: string, under = policy): [EgressFaultCode, string] {
  try {
    allowedAddress(under, address);
  } catch (problem) {
    if (problem instanceof EgressFault) return [problem.code, problem.message];
    throw problem;
  }
  throw new Error(`${address} is allowed`);
}

test('configured origins are asked, at every path', () => {
  expect(allowedAddress(policy, 'https://login.example.org/jwks?x=1').ranges).toEqual(['public']);
  expect(allowedAddress(policy, 'HTTPS://LOGIN.example.org:443/jwks').url.href).toBe('https://login.example.org/jwks');
  expect(allowedAddress(policy, 'https://registry.hospital.example/').ranges).toContain('internal');
  expect(allowedAddress(policy, 'http://127.0.0.1:9000/jwks').ranges).toEqual(['loopback']);
});

test.each([
  ['a longer host', 'https://login.example.org.evil.example/'],
  ['a host that ends alike', 'https://evil-login.example.org/'],
  ['a subdomain', 'https://x.login.example.org/'],
  ['a trailing dot', 'https://login.example.org./'],
  ['another port', 'https://login.example.org:8443/'],
  ['the port left out', 'https://other.example.org/'],
  ['another scheme', 'http://login.example.org/'],
  ['a backslash', 'https://evil.example\\@login.example.org/'],
  ['a letter that looks alike', 'https://lоgin.example.org/'],
  ['a decimal address', 'https://2130706433/'],
  ['an octal address', 'https://0177.0.0.1/'],
  ['a hexadecimal address', 'https://0x7f.1/'],
  ['a mapped address', 'https://[::ffff:127.0.0.1]/'],
  ['the metadata of a cloud machine', 'http://169.254.169.254/latest/meta-data'],
])('an origin that is not configured is not asked: %s', (_, address) => {
  expect(faultOf(address)[0]).toBe('not-configured');
});

test.each(['file:///etc/passwd', 'gopher://login.example.org/', 'ftp://login.example.org/', 'data:,x', '/jwks', ''])(
  'what is no web address is not asked: %s',
  (address) => {
    expect(faultOf(address)[0]).toBe('address-invalid');
  },
);

test.each([
  'https://login.example.org@evil.example/',
  'https://user:pass@login.example.org/',
  'https://user@login.example.org/',
])('an address with credentials is not asked: %s', (address) => {
  expect(faultOf(address)[0]).toBe('address-invalid');
});

test('a literal address is checked though no resolver is asked for it', () => {
  const literals = readEgressPolicy('https://10.0.0.1 internal:https://10.0.0.2 internal:https://169.254.169.254');
  expect(faultOf('https://10.0.0.1/', literals)[0]).toBe('address-forbidden');
  expect(faultOf('https://169.254.169.254/', literals)[0]).toBe('address-forbidden');
  expect(allowedAddress(literals, 'https://10.0.0.2/').url.hostname).toBe('10.0.0.2');
  expect(faultOf('https://[::ffff:a00:1]/', readEgressPolicy('https://[::ffff:a00:1]'))[0]).toBe('address-forbidden');
});

test('an empty list allows nothing', () => {
  expect(faultOf('https://login.example.org/', readEgressPolicy(''))[0]).toBe('not-configured');
});

test('a fault names the origin, not what follows it', () => {
  const [, message] = faultOf('https://evil.example/path?token=secret#fragment');
  expect(message).toContain('https://evil.example');
  expect(message).not.toMatch(/path|secret|fragment/);
});

test.each([
  'http://login.example.org',
  'https://login.example.org/',
  'https://login.example.org/path',
  'https://login.example.org:443',
  'https://LOGIN.example.org',
  'https://user@login.example.org',
  'https://*.example.org',
  'login.example.org',
  'file:///',
  'null',
  'http://0.0.0.0:80',
  'http://10.0.0.1',
  'internal:',
])('a setting that is no origin is refused at start: %s', (entry) => {
  expect(() => readEgressPolicy(entry)).toThrow('must hold');
});

test('production asks by https alone', () => {
  expect(() => readEgressPolicy('http://127.0.0.1:9000', true)).toThrow('not in production');
  expect(readEgressPolicy('https://login.example.org', true).origins.size).toBe(1);
});

test('an identity provider adds its origin and does not widen what the setting says', () => {
  const more = withOrigins(policy, ['https://id.example.org', 'https://registry.hospital.example']);
  expect(allowedAddress(more, 'https://id.example.org/x').ranges).toEqual(['public']);
  expect(allowedAddress(more, 'https://registry.hospital.example/').ranges).toContain('internal');
  expect(() => withOrigins(policy, ['http://id.example.org'])).toThrow();
});
