import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { policiesInWords } from './policies-in-words.ts';

test('docs/access.md tells the policies as they are', async () => {
  const page = await readFile('docs/access.md', 'utf8');
  expect(page.slice(page.indexOf('### '))).toBe(policiesInWords());
});
