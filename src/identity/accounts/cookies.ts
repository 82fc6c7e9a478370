import type { IncomingMessage } from 'node:http';

export interface CookieShape {
  /** Whether browsers reach the server by https: then the cookie is bound to this very host (`__Host-`). */
  readonly secure: boolean;
}

const SESSION = 'svar-session';
const TICKET = 'svar-sign-in';
const LANGUAGE = 'svar-language';
/** Browsers keep no more for one host, and nobody needs them. */
const COOKIES_MAX = 100;

/** The cookies of sign-in: names, and the headers that set them. All are HttpOnly; no script reads them. */
export interface SignInCookies {
  session(request: IncomingMessage): string | undefined;
  ticket(request: IncomingMessage): string | undefined;
  language(request: IncomingMessage): string | undefined;
  /** A header Set-Cookie; undefined as value takes the cookie away. */
  setSession(value: string | undefined): string;
  setTicket(value: string | undefined): string;
  setLanguage(value: string): string;
}

export function signInCookies({ secure }: CookieShape): SignInCookies {
  const named = (name: string): string => (secure ? `__Host-${name}` : name);
  const set = (name: string, value: string | undefined, sameSite: 'Strict' | 'Lax', age_s?: number): string => {
    const age = value === undefined ? '; Max-Age=0' : age_s === undefined ? '' : `; Max-Age=${age_s}`;
    return `${named(name)}=${value ?? ''}; Path=/; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}${age}`;
  };
  return {
    session: (request) => cookie(request, named(SESSION)),
    ticket: (request) => cookie(request, named(TICKET)),
    language: (request) => cookie(request, named(LANGUAGE)),
    // ends with the browser; the server ends it earlier
    setSession: (value) => set(SESSION, value, 'Strict'),
    // an authorization request arrives from another site's page, and its sign-in must go on
    setTicket: (value) => set(TICKET, value, 'Lax', 900),
    setLanguage: (value) => set(LANGUAGE, value, 'Lax', 31_536_000),
  };
}

/** The value of a cookie; undefined where it is missing or there are several: somebody may have planted one. */
export function cookie({ headers }: IncomingMessage, name: string): string | undefined {
  const values = (headers.cookie ?? '')
    .split(';', COOKIES_MAX)
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}
