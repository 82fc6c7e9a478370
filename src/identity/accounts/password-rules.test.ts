import { expect, test } from 'vitest';
import { passwordFault } from './password-rules.ts';

test.each([
  ['fire små duer på taket', undefined],
  ['æ e trønder æ, sa ho', undefined],
  ['correcthorsebattery', undefined],
  ['vintersportsentusiast', undefined],
  ['elleve tegn', 'short'],
  ['Sommer2026!', 'short'],
  ['x'.repeat(129), 'long'],
  ['ola.nordmann1', 'name'],
  ['Ola.Nordmann!', 'name'],
  ['aaaaaaaaaaaa', 'simple'],
  ['abababababab', 'simple'],
  ['abcdefghijklm', 'simple'],
  ['987654321098', 'simple'],
  ['qwertyuiopåasdf', 'simple'],
  ['Sommer2026!!', 'simple'],
  ['PassordPassord1', 'simple'],
  ['smertereg-2026', 'simple'],
] as const)('%s: %s', (password, fault) => {
  expect(passwordFault(password, ['ola.nordmann'])).toBe(fault);
});

test('characters are counted as people see them, in one normal form', () => {
  expect(passwordFault('🐦🐈🐕🐎🐖🐄🐑🐐🐇🐁🦔', [])).toBe('short');
  expect(passwordFault('🐦🐈🐕🐎🐖🐄🐑🐐🐇🐁🦔🦊', [])).toBeUndefined();
  expect(passwordFault('a\u030aa\u030abcdefghij', [])).toBe('short');
});
