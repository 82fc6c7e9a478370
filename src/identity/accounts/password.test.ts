import { expect, test } from 'vitest';
import { owaspCost, passwords } from './password.ts';

const cheap = passwords({ memoryKiB: 64, passes: 2, lanes: 1 });

test('the parameters are those of OWASP, and stand in the hash', async () => {
  const { hash, isOutdated } = passwords();
  const made = await hash('et passord');
  expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$/);
  expect(owaspCost).toEqual({ memoryKiB: 19_456, passes: 2, lanes: 1 });
  expect(isOutdated(made)).toBe(false);
  expect(isOutdated(await cheap.hash('et passord'))).toBe(true);
});

test('two hashes of one password differ, and both match it', async () => {
  const [one, two] = [await cheap.hash('æøå'), await cheap.hash('æøå')];
  expect(one).not.toBe(two);
  expect(await cheap.matches('æøå', [undefined, two])).toBe(1);
  expect(await cheap.matches('æøå', [one, two])).toBe(0);
  expect(await cheap.matches('æøå '.trimEnd().normalize('NFD'), [one])).toBe(0);
  expect(await cheap.matches('ÆØÅ', [one, two])).toBeUndefined();
});

test('nobody’s hash matches nothing, not even what it was made of', async () => {
  expect(await cheap.matches('the password of nobody, for who does not exist', [undefined, undefined])).toBeUndefined();
});

test('many at the same time are all answered', async () => {
  const hash = await cheap.hash('x');
  const all = await Promise.all(Array.from({ length: 30 }, (_, index) => cheap.matches(index % 2 ? 'x' : 'y', [hash])));
  expect(all).toEqual(all.map((_, index) => (index % 2 ? 0 : undefined)));
});
