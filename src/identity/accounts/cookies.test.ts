import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { signInCookies } from './cookies.ts';

const sent = (cookie: string) => ({ headers: { cookie } }) as IncomingMessage;

test('over https a cookie is bound to this very host, and never sent without TLS', () => {
  const { setSession, setTicket, session } = signInCookies({ secure: true });
  expect(setSession('v')).toBe('__Host-svar-session=v; Path=/; HttpOnly; SameSite=Strict; Secure');
  expect(setTicket('v')).toBe('__Host-svar-sign-in=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=900');
  expect(session(sent('__Host-svar-session=v'))).toBe('v');
  // what another host of the domain may have planted
  expect(session(sent('svar-session=v'))).toBeUndefined();
});

test('the cookie of a session has no age of its own, and is taken away at once', () => {
  const { setSession } = signInCookies({ secure: false });
  expect(setSession('v')).toBe('svar-session=v; Path=/; HttpOnly; SameSite=Strict');
  expect(setSession(undefined)).toBe('svar-session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
});

test('one that comes twice, or empty, or under a name that only ends alike, is none', () => {
  const { session } = signInCookies({ secure: false });
  expect(session(sent('a=b; svar-session=v; c=d'))).toBe('v');
  for (const other of [
    'svar-session=v; svar-session=w',
    'svar-session=',
    'xsvar-session=v',
    '',
    `${'a=b; '.repeat(200)}svar-session=v`,
  ]) {
    expect(session(sent(other)), other.slice(0, 40)).toBeUndefined();
  }
});
