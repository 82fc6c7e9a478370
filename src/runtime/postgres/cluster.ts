import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Account, giveTo, postgresAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { isAlive } from './postmaster.ts';

const run = promisify(execFile);

/** The superuser of the embedded database, and the database that Svar uses. */
export const SUPERUSER = 'svar';

/** An initialised PostgreSQL cluster: a folder, the password of its superuser, and the account that may run it. */
export interface Cluster {
  readonly folder: string;
  readonly password: string;
  readonly account: Account;
}

/**
 * Opens the cluster in `<dataDir>/postgres`, and creates it first if there is none. It is made in a folder beside it and
 * then renamed, password included: a crash leaves either no cluster or a whole one, and of two processes that start at
 * once one wins and the other takes what the first has made.
 */
export async function openCluster(binaries: Binaries, dataDir: string, durable: boolean): Promise<Cluster> {
  const folder = path.join(path.resolve(dataDir), 'postgres');
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o700 }).catch((problem: Error) => {
    throw new Error(`The data folder ${dataDir} cannot be made (${problem.message}); SVAR_DATA_DIR names another.`);
  });
  if ((await ownerOf(folder)) === undefined) await createCluster(binaries, folder, durable);
  const account = await postgresAccount(await ownerOf(folder));
  await giveTo(account.owner, folder);
  const password = await readFile(path.join(folder, 'svar.password'), 'utf8').catch((problem: Error) => {
    throw new Error(`${folder} is not a database of Svar's, or belongs to another account: ${problem.message}`);
  });
  return { folder, password, account };
}

async function createCluster(binaries: Binaries, folder: string, durable: boolean): Promise<void> {
  await removeAbandoned(folder);
  const made = `${folder}.new-${process.pid}`;
  const account = await postgresAccount(undefined);
  await mkdir(made, { mode: 0o700 });
  await giveTo(account.owner, made);
  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${made}.password`;
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    // Without these flags the encoding would follow the environment's LANG. The builtin locale needs no ICU, no libc.
    const [program = '', ...args] = [
      ...[...account.prefix, binaries.initdb, '-D', made, '-U', SUPERUSER, `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions', ...(durable ? [] : ['--no-sync'])],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ];
    await run(program, args, { env: { ...process.env, LC_ALL: 'C' } });
    await rename(passwordFile, path.join(made, 'svar.password'));
    await rename(made, folder);
  } catch (problem) {
    const won = (await ownerOf(folder)) !== undefined;
    await rm(made, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    if (!won) throw new Error(`initdb could not create a database in ${folder}: ${reason(problem)}`);
  }
}

/** Removes what processes left that died while they created a cluster. */
async function removeAbandoned(folder: string): Promise<void> {
  const start = `${path.basename(folder)}.new-`;
  for (const name of await readdir(path.dirname(folder))) {
    const pid = Number.parseInt(name.slice(start.length), 10);
    if (!name.startsWith(start) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(path.join(path.dirname(folder), name), { recursive: true, force: true });
  }
}

async function ownerOf(folder: string): Promise<number | undefined> {
  return stat(folder).then(
    (found) => found.uid,
    (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOENT') return undefined;
      throw problem;
    },
  );
}

function reason(problem: unknown): string {
  const { stderr, message } = problem as { stderr?: string; message?: string };
  return (stderr?.trim() || message) ?? 'unknown reason';
}
