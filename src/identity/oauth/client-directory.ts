import type { Queryable } from '../../model/queryable.ts';
import { remembered } from '../remembered.ts';
import { storedClient } from './client-store.ts';
import type { ClientRegistration } from './clients.ts';

/** Finds the registration of a client: those that every server has, then those of the database. */
export type ClientDirectory = (id: string) => Promise<ClientRegistration | undefined>;

/** How long a removed client may go on. */
const STALE_MS = 2000;

/** @param now ms since 1970 */
export function clientDirectory(
  db: Queryable,
  builtIn: readonly ClientRegistration[],
  now: () => number,
): ClientDirectory {
  const always = new Map(builtIn.map((client) => [client.id, client]));
  const stored = remembered((id) => storedClient(db, id), { ms: STALE_MS, now });
  return async (id) => always.get(id) ?? stored(id);
}
