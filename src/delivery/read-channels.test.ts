import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readChannels, readContactRegister } from './read-channels.ts';

const token = {
  ...{ issuer: 'https://issuer.example', tokenEndpoint: 'https://issuer.example/token', clientId: 'svar' },
  ...{ scopes: ['a'], keyFile: '/etc/svar/key' },
};
const helsenorge = {
  base: 'https://helsenorge.example/',
  organization: { number: '974557746', name: 'Example' },
  ...{ formNumbers: { default: 'A' }, serviceArea: '1', token },
};
const digipost = { base: 'https://ip.example', organization: '974557746', securityLevel: 4 };
const smtp = { host: 'mail.example', port: 587, tls: 'starttls', from: 'a@b.example' };
const sms = { url: 'https://sms.example/messages', token: 'secret', sender: 'Melding' };

test('what is complete is read, without slashes at the end of addresses', () => {
  const read = readChannels({ helsenorge, digipost, smtp, sms, spool: {} }, true);
  expect(read).toMatchObject({
    helsenorge: { base: 'https://helsenorge.example', labels: [], onBehalfOf: undefined },
    digipost: { securityLevel: 4, user: undefined },
    smtp: { port: 587, tls: 'starttls' },
    sms: { token: { value: 'secret' }, fields: { to: 'to', from: 'from', text: 'text', reference: 'reference' } },
    spool: true,
  });
  expect(readChannels({ sms: { ...sms, fields: { to: 'msisdn' } } }, true).sms?.fields).toMatchObject({
    to: 'msisdn',
    text: 'text',
  });
  expect(readContactRegister({ base: 'https://krr.example', token }, true).base).toBe('https://krr.example');
});

test.each([
  ['an unknown channel', { pigeon: {} }, 'channels.pigeon is not known'],
  ['an unknown field', { spool: { folder: 'x' } }, 'channels.spool.folder is not known'],
  ['http', { sms: { ...sms, url: 'http://sms.example' } }, 'channels.sms.url must be an https address'],
  ['http on this machine', { sms: { ...sms, url: 'http://127.0.0.1/x' } }, 'channels.sms.url must be an https address'],
  ['no token', { sms: { ...sms, token: undefined } }, 'channels.sms.token must be given'],
  ['two tokens', { sms: { ...sms, tokenFile: 'x' } }, 'channels.sms.token and tokenFile cannot both be given'],
  ['a user without a password', { smtp: { ...smtp, user: 'svar' } }, 'channels.smtp.user and password belong together'],
  ['mail without TLS', { smtp: { ...smtp, tls: 'none' } }, 'channels.smtp.tls must be a text like'],
  ['a port that is a text', { smtp: { ...smtp, port: '587' } }, 'channels.smtp.port must be a whole number'],
  ['senders in a list', { smtp: { ...smtp, from: 'a@b.example, c@d.example' } }, 'channels.smtp.from must be'],
  [
    'no organisation',
    { helsenorge: { ...helsenorge, organization: undefined } },
    'channels.helsenorge.organization must be given',
  ],
  ['no list', [], 'channels'],
])('refused in production: %s', (_what, value, problem) => {
  expect(() => readChannels(value, true)).toThrow(problem);
});

test('faults do not repeat values', () => {
  expect(() => readChannels({ sms: { ...sms, sender: 'a secret that is too long' } }, true)).not.toThrow(/a secret/);
});

test('what the documentation shows is read in production', async () => {
  const page = await readFile(path.join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const [, shown = '{}'] = /```json\n(\{\n {2}"channels".*?)```/s.exec(page) ?? [];
  const { channels, contactRegister } = JSON.parse(shown) as Record<string, unknown>;
  expect(Object.keys(readChannels(channels, true))).toEqual(['helsenorge', 'digipost', 'smtp', 'sms', 'spool']);
  expect(readContactRegister(contactRegister, true).token.scopes).toHaveLength(2);
});
