import { expect, test } from 'vitest';
import { type Means, postgresAccount } from './account.ts';

const isRoot = process.getuid?.() === 0;
const means = (unshare: boolean, setpriv: boolean): Means => ({
  unshare: async () => unshare,
  setpriv: async () => setpriv,
});

test.runIf(isRoot)('root runs a new folder in a user namespace, where there are such', async () => {
  expect(await postgresAccount(undefined, means(true, true))).toEqual({ prefix: ['unshare', '--user'], owner: 0 });
});

test.runIf(isRoot)('root runs it as nobody, with the right to pass closed folders, where there are none', async () => {
  const account = await postgresAccount(undefined, means(false, true));
  expect(account.owner).toBe(65534);
  expect(account.prefix).toEqual(
    expect.arrayContaining(['setpriv', '--reuid=65534', '--clear-groups', '--ambient-caps=+dac_override']),
  );
});

test.runIf(isRoot)('a folder of root moves to nobody where user namespaces have gone', async () => {
  expect((await postgresAccount(0, means(false, true))).owner).toBe(65534);
});

test.runIf(isRoot)('root is told the way out where neither works', async () => {
  await expect(postgresAccount(undefined, means(false, false))).rejects.toThrow(/ordinary user, or set DATABASE_URL/);
});

test.skipIf(isRoot)('an ordinary user runs it as itself', async () => {
  expect(await postgresAccount(undefined)).toEqual({ prefix: [], owner: process.getuid?.() });
});
