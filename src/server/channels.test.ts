import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../tests/kit/scratch.ts';
import { spoolChannel } from '../delivery/spool.ts';
import { secretsOf } from '../runtime/secrets.ts';
import { openChannels } from './channels.ts';

const secrets = secretsOf(Buffer.alloc(32, 'x'));
const spool = spoolChannel('/nowhere');
const none = { channels: undefined, contactRegister: undefined, eprom: undefined, egress: undefined, production: true };
const sms = { url: 'https://sms.example/messages', sender: 'Melding' };
const open = (changes: object) => openChannels({ ...none, ...changes }, secrets, spool);

test('without settings everybody is reached by the spool folder, which sign-in uses too', async () => {
  const { channels, telephones, stop } = await open({});
  expect([channels, telephones]).toEqual([[spool], spool]);
  await stop();
});

test('channels are tried in one order: the joint service, Helsenorge, Digipost, and the folder last', async () => {
  const folder = await scratchFolder();
  const keyFile = path.join(folder, 'key.jwk');
  const { privateKey } = await generateKeyPair('PS256', { extractable: true });
  await writeFile(keyFile, JSON.stringify({ ...(await exportJWK(privateKey)), alg: 'PS256' }), { mode: 0o600 });
  const token = {
    ...{ issuer: 'x', tokenEndpoint: 'https://id.example/token', clientId: 'x' },
    scopes: ['x'],
    keyFile,
  };
  const { channels, telephones, stop } = await open({
    channels: {
      spool: {},
      sms: { ...sms, token: 'x' },
      digipost: { base: 'https://ip.example', organization: '974557746', securityLevel: 4 },
      helsenorge: {
        base: 'https://helsenorge.example',
        organization: { number: '974557746', name: 'x' },
        ...{ formNumbers: {}, serviceArea: '1', token },
      },
    },
    contactRegister: { base: 'https://krr.example', token },
    eprom: { service: { url: 'https://eprom.example', apiKey: 'x', forms: {} } },
  });
  expect(channels.map(({ name }) => name)).toEqual(['eprom', 'helsenorge', 'digipost', 'sms', 'spool']);
  expect(telephones.name).toBe('sms');
  await stop();
});

test.skipIf(process.platform === 'win32')('a secret in a file is its owner’s alone', async () => {
  const tokenFile = path.join(await scratchFolder(), 'token');
  await writeFile(tokenFile, 'a-secret\n', { mode: 0o600 });
  await (await open({ channels: { sms: { ...sms, tokenFile } } })).stop();
  await chmod(tokenFile, 0o644);
  await expect(open({ channels: { sms: { ...sms, tokenFile } } })).rejects.toThrow(/that others may read: chmod 600$/);
  await expect(open({ channels: { sms: { ...sms, tokenFile: '/nowhere/x' } } })).rejects.toThrow(/cannot be read$/);
});

test('what is wrong is told by the setting’s name, for the operator', async () => {
  await expect(open({ channels: { sms } })).rejects.toThrow('SVAR_CHANNELS channels.sms.token must be given');
  await expect(open({ contactRegister: {} })).rejects.toThrow('SVAR_CONTACT_REGISTER contactRegister.base');
  await expect(open({ eprom: { service: {} } })).rejects.toThrow('SVAR_EPROM service.');
});
