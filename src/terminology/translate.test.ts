import type { ConceptMap, ConceptMapGroup } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { translate, translates } from './translate.ts';

const map = (url: string, ...group: ConceptMapGroup[]): ConceptMap => ({
  resourceType: 'ConceptMap',
  url,
  status: 'active',
  group,
});
const ask = async (asked: ConceptMap, code: string, options = {}, ...others: ConceptMap[]) => {
  const find = async (url: string) => others.find((each) => each.url === url);
  const system = 'reverse' in options ? 'urn:b' : 'urn:a';
  const found = await translate(asked, { system, code }, options, find);
  return found.map(({ equivalence, concept }) => `${equivalence} ${concept?.system} ${concept?.code}`);
};
const group = (more: Partial<ConceptMapGroup>): ConceptMapGroup => ({
  source: 'urn:a',
  target: 'urn:b',
  element: [],
  ...more,
});
const one = group({
  element: [
    {
      code: '1',
      target: [
        { code: 'x', equivalence: 'subsumes' },
        { code: 'y', equivalence: 'equal' },
      ],
    },
    { code: '2', target: [{ code: 'x', equivalence: 'wider' }] },
    { code: '3' },
  ],
});

test('a code has all targets that its element has, each once', async () => {
  expect(await ask(map('urn:m', one, one), '1')).toEqual(['subsumes urn:b x', 'equal urn:b y']);
  expect(await ask(map('urn:m', one), '3')).toEqual([]);
  expect(await ask(map('urn:m', one), '4')).toEqual([]);
});

test('backwards, wider is narrower', async () => {
  expect(await ask(map('urn:m', one), 'x', { reverse: true })).toEqual(['specializes urn:a 1', 'narrower urn:a 2']);
});

test('only into the code system that is asked for', async () => {
  const other = group({ target: 'urn:c', element: [{ code: '1', target: [{ code: 'z', equivalence: 'equal' }] }] });
  expect(await ask(map('urn:m', one, other), '1', { targetSystem: 'urn:c' })).toEqual(['equal urn:c z']);
});

test('a code that is left out stays as it is, or goes to another map, if the group says so', async () => {
  const provided = map('urn:p', group({ unmapped: { mode: 'provided' } }));
  expect(await ask(provided, '9')).toEqual(['equivalent urn:b 9']);
  const elsewhere = (url: string, other: string) => map(url, group({ unmapped: { mode: 'other-map', url: other } }));
  expect(await ask(elsewhere('urn:m', 'urn:p'), '9', {}, provided)).toEqual(['equivalent urn:b 9']);
  expect(await ask(elsewhere('urn:m', 'urn:gone'), '9')).toEqual([]);
});

test('maps that leave codes to each other end', async () => {
  const a = map('urn:m', group({ unmapped: { mode: 'other-map', url: 'urn:n' } }));
  const b = map('urn:n', group({ unmapped: { mode: 'other-map', url: 'urn:m' } }));
  expect(await ask(a, '9', {}, a, b)).toEqual([]);
});

test('what a code is not, is no translation', () => {
  const source = undefined;
  expect(translates({ equivalence: 'unmatched', concept: undefined, source })).toBe(false);
  expect(translates({ equivalence: 'disjoint', concept: { code: 'x' }, source })).toBe(false);
  expect(translates({ equivalence: 'inexact', concept: { code: 'x' }, source })).toBe(true);
});
