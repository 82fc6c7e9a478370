import { expect, test } from 'vitest';
import { type Means, postgresAccount } from './account.ts';

const namespace = ['unshare', '--user'];
const means = (uid: number, unshare: boolean, setpriv: boolean, named = true): Means => ({
  uid,
  named,
  unshare: async () => unshare,
  setpriv: async () => setpriv,
});

test('root runs a new folder in a user namespace, where there are such', async () => {
  expect(await postgresAccount(undefined, means(0, true, true))).toEqual({ prefix: namespace, owner: 0 });
});

test('root runs it as nobody, with the right to pass closed folders, where there are none', async () => {
  const account = await postgresAccount(undefined, means(0, false, true));
  expect(account.owner).toBe(65534);
  expect(account.prefix).toEqual(
    expect.arrayContaining(['setpriv', '--reuid=65534', '--clear-groups', '--ambient-caps=+dac_override']),
  );
});

test('a folder of root moves to nobody where user namespaces have gone', async () => {
  expect((await postgresAccount(0, means(0, false, true))).owner).toBe(65534);
});

test('root is told the way out where neither works', async () => {
  await expect(postgresAccount(undefined, means(0, false, false))).rejects.toThrow(
    /ordinary user, or set DATABASE_URL/,
  );
});

test('an ordinary user runs it as itself', async () => {
  expect(await postgresAccount(undefined, means(1000, true, true))).toEqual({ prefix: [], owner: 1000 });
});

test('a user that the system has no name for is nobody in a user namespace, as initdb insists on a name', async () => {
  const account = await postgresAccount(undefined, means(1000, true, true, false));
  expect(account).toEqual({ prefix: namespace, owner: 1000 });
});
