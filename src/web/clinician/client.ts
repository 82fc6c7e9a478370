import { ClientStorage, MedplumClient, MemoryStorage } from '@medplum/core';
import { UNATTENDED } from './session/attendance.ts';

/** Which FHIR server the app works against, and how it signs in there. */
export interface Server {
  /** Ends in a slash; FHIR is below it at `fhir/R4/`. */
  readonly baseUrl: string;
  /**
   * `session`: the server that the page is from, by its cookie, which no script can read. `tokens`: another server, by
   * its own sign-in (OAuth with PKCE); tokens are in memory alone and end with the page.
   */
  readonly signIn: 'session' | 'tokens';
}

/**
 * What the page says: `<meta name="fhir-server" content="https://…">` names another server (Medplum, or a second Svar);
 * empty is the server that the page is from. Who hosts the app elsewhere writes it there, and lets the page's policy
 * (connect-src) reach it.
 */
export function serverOf(page: Document, origin: string): Server {
  const named = page.querySelector('meta[name=fhir-server]')?.getAttribute('content')?.trim() ?? '';
  if (named === '') return { baseUrl: `${origin}/`, signIn: 'session' };
  const { href } = new URL(named);
  return { baseUrl: href.endsWith('/') ? href : `${href}/`, signIn: 'tokens' };
}

/** Makes MedplumClient believe that somebody has signed in; the cookie says who. The signature is looked at by nobody. */
const STAND_IN_TOKEN = `${encoded({ alg: 'none' })}.${encoded({ login_id: 'session' })}.`;
/** What is shown is what is stored now: no answer is used twice. */
const CACHE_MS = 0;

/**
 * Nothing that the client learns is written to the device.
 *
 * @param onEnded the session is over
 * @param attended whether somebody is at the page: attendance() of session/attendance.ts
 */
export function openClient({ baseUrl, signIn }: Server, onEnded: () => void, attended: () => boolean): MedplumClient {
  return new MedplumClient({
    baseUrl,
    ...(signIn === 'session' && {
      accessToken: STAND_IN_TOKEN,
      // the stand-in is no credential: a header with it would be refused
      fetch: (url: string, options?: RequestInit) => fetch(url, bySession(options, attended())),
    }),
    storage: new ClientStorage(new MemoryStorage()),
    cacheTime: CACHE_MS,
    onUnauthenticated: onEnded,
  });
}

function encoded(part: object): string {
  return btoa(JSON.stringify(part)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
}

function bySession(options: RequestInit = {}, attended: boolean): RequestInit {
  const headers = new Headers(options.headers);
  headers.delete('authorization');
  if (!attended) headers.set(UNATTENDED, '1');
  return { ...options, headers, credentials: 'same-origin' };
}
