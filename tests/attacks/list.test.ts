import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The list of attacks, by number of parts: A authorization, I injection, R resources, S egress, C races, P privacy. */
const IDS = [
  ...Array.from({ length: 12 }, (_, index) => `A${index + 1}`),
  ...['I1', 'I2', 'I3', 'I4', 'R1', 'R2', 'R3', 'S1', 'C1', 'P1'],
];
/** What cannot be attempted from outside: packages are loaded by whoever runs the server. */
const INSIDE = ['I4'];

const rows = read('tests/attacks/README.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, id = '']) => /^[A-Z]\d+$/.test(id))
  .map(([, id = '', attack = '', files = '']) => ({ id, attack, files: files.match(/[^`\s]+\.test\.ts/g) ?? [] }));

test('the table has every attack once, each with tests', () => {
  expect(rows.map(({ id }) => id)).toEqual(IDS);
  for (const { id, attack, files } of rows) expect([id, attack !== '', files.length > 0]).toEqual([id, true, true]);
});

test('every file that it names is there and has tests', () => {
  for (const file of new Set(rows.flatMap(({ files }) => files)))
    expect(read(file), file).toMatch(/\b(test|it)(\.each)?\(/);
});

test('every attack from outside has a test here that is called by it, in a file that the table names', () => {
  for (const { id, files } of rows.filter((row) => !INSIDE.includes(row.id))) {
    const here = files.filter((file) => file.startsWith('tests/attacks/'));
    expect(
      here.some((file) => new RegExp(`\\btest\\(\\s*['"]${id} `).test(read(file))),
      id,
    ).toBe(true);
  }
});
