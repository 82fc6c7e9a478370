import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../../src/commands/all.ts';
import { parseCommandLine } from '../../../src/commands/command-line.ts';
import { signingKeys } from '../../../src/identity/oauth/signing-keys.ts';
import { createLog } from '../../../src/runtime/log.ts';
import { secretOfFile, secretsOf } from '../../../src/runtime/secrets.ts';
import { readSettings } from '../../../src/runtime/settings.ts';
import { scratchFolder } from '../../kit/scratch.ts';
import { ASSERTION_TYPE, assertion, basic, type OauthServer, oauthServer, post } from './kit.ts';

let server: OauthServer;
let folder: string;

beforeAll(async () => {
  server = await oauthServer();
  folder = await scratchFolder();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** The command line within this process: what it prints, or its refusal. */
async function svar(...args: string[]): Promise<{ readonly out: string; readonly err: string }> {
  const environment = { DATABASE_URL: server.database.url, SVAR_DATA_DIR: folder };
  const { command, ...line } = parseCommandLine(args, COMMANDS);
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    await command.run({ ...line, settings: readSettings({ environment }), log: createLog('error') });
    return { out: printed.join(''), err: '' };
  } catch (refusal) {
    return { out: printed.join(''), err: (refusal as Error).message };
  } finally {
    write.mockRestore();
  }
}

const ask = (id: string, secret: string) =>
  post(`${server.url}/oauth2/token`, { grant_type: 'client_credentials' }, basic(id, secret));

const secretIn = (out: string) => out.trim().split('\n').at(-1) ?? '';

test('an operator registers a system with a secret, which is shown once, replaces it and removes the system', async () => {
  const system = [
    '--kind',
    'system',
    '--policy',
    'ehr',
    '--organization',
    'Organization/haukeland',
    '--scope',
    'system/*.cruds',
  ];
  const added = await svar('client', 'add', 'haukeland-ehr', '--name', 'DIPS', ...system, '--with-secret');
  expect(added.err).toBe('');
  const secret = secretIn(added.out);
  expect((await ask('haukeland-ehr', secret)).status).toBe(200);

  const { out } = await svar('client', 'list');
  expect(out).toContain('haukeland-ehr: DIPS\n  system, proves itself by a secret');
  expect(out).not.toContain(secret);

  const again = await svar('client', 'add', 'haukeland-ehr', '--name', 'Other', ...system, '--with-secret');
  expect(again.err).toContain('there is a client haukeland-ehr already');

  const { out: rotated } = await svar('client', 'rotate-secret', 'haukeland-ehr');
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect((await ask('haukeland-ehr', secret)).status).toBe(401);
  expect((await ask('haukeland-ehr', secretIn(rotated))).status).toBe(200);

  await svar('client', 'remove', 'haukeland-ehr');
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect((await ask('haukeland-ehr', secretIn(rotated))).status).toBe(401);
});

test('a system with a key is registered by its public half', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const file = path.join(folder, 'public.json');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES384', use: 'sig' };
  await writeFile(file, JSON.stringify(jwk));
  const registration = ['--name', 'Lab', '--kind', 'system', '--policy', 'ehr', '--scope', 'system/Patient.rs'];
  expect((await svar('client', 'add', 'lab', ...registration, '--jwks', file)).err).toBe('');
  const client_assertion = await assertion(server, { client: { id: 'lab' }, privateKey });
  const form = { grant_type: 'client_credentials', client_assertion_type: ASSERTION_TYPE, client_assertion };
  expect((await post(`${server.url}/oauth2/token`, form)).json).toMatchObject({ scope: 'system/Patient.rs' });
});

test('what cannot work, or is not safe, is refused with all its faults', async () => {
  const { err } = await svar(
    ...['client', 'add', 'an app', '--name', 'App', '--kind', 'app', '--policy', 'admin'],
    ...['--scope', 'system/*.rs patient/Pasient.rs', '--redirect', 'http://app.example.org/cb'],
  );
  for (const fault of [
    'id:',
    'redirect: http://app.example.org/cb',
    'patient/Pasient.rs is unknown',
    'no policy',
    'system/*.rs is for systems',
  ]) {
    expect(err).toContain(fault);
  }
  expect(
    (
      await svar(
        'client',
        'add',
        'demo-admin',
        '--name',
        'x',
        '--kind',
        'app',
        '--redirect',
        'https://a.example.org/',
        '--scope',
        '*',
      )
    ).err,
  ).toContain('already');
  expect((await svar('client', 'list')).out).not.toContain('demo-admin');
});

test('keys are rotated by a command', async () => {
  const secrets = secretsOf(await secretOfFile(path.join(folder, 'secret.key')));
  await server.database.pool.query('delete from oauth_key');
  await svar('keys', 'rotate');
  const before = await signingKeys(server.database.pool, secrets, Date.now());
  const { out } = await svar('keys', 'rotate');
  const after = await signingKeys(server.database.pool, secrets, Date.now());
  expect(after).toHaveLength(4);
  expect(
    after
      .slice(2)
      .map(({ kid }) => kid)
      .sort(),
  ).toEqual(before.map(({ kid }) => kid).sort());
  for (const { kid } of after.slice(0, 2)) expect(out).toContain(kid);
  await svar('keys', 'rotate', '--at-once');
  expect(await signingKeys(server.database.pool, secrets, Date.now())).toHaveLength(2);
});
