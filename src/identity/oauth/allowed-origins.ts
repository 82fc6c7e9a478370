import type { Queryable } from '../../model/queryable.ts';
import { remembered } from '../remembered.ts';
import { storedClients } from './client-store.ts';
import type { ClientRegistration } from './clients.ts';

/** Whether pages of an origin may call: those of registered clients. */
export type AllowsOrigin = (origin: string) => Promise<boolean>;

const STALE_MS = 5000;

/** @param now ms since 1970 */
export function allowedOrigins(db: Queryable, now: () => number): AllowsOrigin {
  const origins = remembered(async () => new Set((await storedClients(db)).flatMap(originsOf)), { ms: STALE_MS, now });
  return async (origin) => (await origins('')).has(origin);
}

/** The origins of a client's pages: those that were registered, and those that people come back to. */
export function originsOf({ corsOrigins, redirectUris }: ClientRegistration): string[] {
  return [...corsOrigins, ...redirectUris.map((uri) => new URL(uri).origin)];
}
