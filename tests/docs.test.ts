import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

const pages = [
  'README.md',
  'SECURITY.md',
  ...(await readdir('docs', { recursive: true })).map((name) => path.join('docs', name)),
];
const texts = new Map<string, string>();
for (const page of [...pages, 'bots/README.md'].filter((name) => name.endsWith('.md'))) {
  texts.set(page, await readFile(page, 'utf8'));
}

/** Paths in backticks that begin with a folder of this repository. */
const PATH = /`((?:src|bots|fhir|tests|bench|docs|questionnaires|terminology)\/[\w./-]*)`/g;

test.each([...texts])('%s names files and folders that exist', (_page, text) => {
  const named = [...text.matchAll(PATH)].map((match) => match[1] as string);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

test.each([...texts])('%s says of a file only what stands in it', async (_page, text) => {
  const wrong: string[] = [];
  for (const [, name = '', file = ''] of text.matchAll(/`(\w+)`\s+(?:in\s+|\()`((?:src|bots|tests)\/[\w./-]+\.ts)`/g)) {
    if (existsSync(file) && !(await readFile(file, 'utf8')).includes(name)) {
      wrong.push(`${name} in ${file}`);
    }
  }
  expect(wrong).toEqual([]);
});

test.each([...texts])('%s links to pages and headings that exist', (page, text) => {
  const broken = [...text.matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)].flatMap(([, file = '', heading]) => {
    const target = file === '' ? page : path.join(path.dirname(page), file);
    const there = existsSync(target);
    const headings = texts.get(target)?.matchAll(/^#+ (.*)$/gm) ?? [];
    const slugs = [...headings].map(([, title = '']) => `#${slug(title)}`);
    return there && (heading === undefined || slugs.includes(heading)) ? [] : [`${file}${heading ?? ''}`];
  });
  expect(broken).toEqual([]);
});

/** As GitHub and GitLab make a heading's anchor. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
