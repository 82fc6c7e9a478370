import { execFile } from 'node:child_process';
import { chown, readdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account `nobody`, which every Linux has; initdb insists on a name for the account that it runs as. */
const NOBODY = 65534;

/** The words to put before the command line of a PostgreSQL program, and the owner that its data folder must have. */
export interface Account {
  readonly prefix: readonly string[];
  readonly owner: number;
}

/** What this process is, and what the machine offers for giving rights up; an argument so that tests can change it. */
export interface Means {
  readonly uid: number;
  /** Whether the system has a name for the account, which initdb insists on. */
  readonly named: boolean;
  readonly unshare: () => Promise<boolean>;
  readonly setpriv: () => Promise<boolean>;
}

const meansHere = (): Means => ({
  uid: process.getuid?.() ?? 0,
  named: hasName(),
  unshare: () => succeeds('unshare', ['--user', 'true']),
  setpriv: () => succeeds('setpriv', [...asUser(NOBODY), 'true']),
});

/**
 * How to run PostgreSQL on a data folder. PostgreSQL refuses to run as root, and another account often cannot reach the
 * folder (a home of mode 0700). So root runs it
 * - in a user namespace of its own, where it is not root and has no capability, but still owns root's files; or,
 *   where user namespaces are forbidden (as in most containers), or the folder belongs to another account already,
 * - as that account, with only the capability to pass through folders that are closed to it.
 * An account without a name, as containers have them, becomes nobody in a user namespace too.
 */
export async function postgresAccount(dataFolderOwner: number | undefined, means = meansHere()): Promise<Account> {
  const namespace = ['unshare', '--user'];
  if (process.platform === 'win32') return { prefix: [], owner: 0 };
  if (means.uid !== 0) {
    return { prefix: !means.named && (await means.unshare()) ? namespace : [], owner: means.uid };
  }
  if ((dataFolderOwner ?? 0) === 0 && (await means.unshare())) return { prefix: namespace, owner: 0 };
  const owner = dataFolderOwner || NOBODY;
  if (await means.setpriv()) return { prefix: ['setpriv', ...asUser(owner)], owner };
  throw new Error(
    'PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv` works here. ' +
      'Start Svar as an ordinary user, or set DATABASE_URL to an existing PostgreSQL.',
  );
}

/** Gives a folder and all that is in it to an account; does nothing if the folder is that account's already. */
export async function giveTo(owner: number, folder: string): Promise<void> {
  if (process.getuid?.() !== 0 || (await stat(folder)).uid === owner) return;
  // The folder itself comes last: after a crash in the middle, the next start does all of it again.
  for (const entry of await readdir(folder, { recursive: true })) await chown(path.join(folder, entry), owner, owner);
  await chown(folder, owner, owner);
}

function asUser(uid: number): string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${uid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
}

function hasName(): boolean {
  try {
    return os.userInfo().username !== '';
  } catch {
    return false;
  }
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}
