import { expect, test } from 'vitest';
import { writing } from '../../../charts/said.ts';
import type { OwnResult } from '../contract.ts';
import { resultSentences } from './result-sentences.ts';
import { words } from './words-nb.ts';

const how = writing('nb', 'Europe/Oslo');
const result: OwnResult = {
  code: 'x',
  title: 'Plager',
  range: { min: 0, max: 21 },
  higherIs: 'worse',
  bands: [
    { from: 0, title: 'Lave plager' },
    { from: 8, title: 'Moderate plager' },
  ],
  change: 2,
  points: [
    { at: '2026-03-02T09:00:00+01:00', value: 12 },
    { at: '2026-04-02T09:00:00+02:00', value: 9 },
  ],
};
const said = (more: Partial<OwnResult>) => resultSentences({ ...result, ...more }, words.results, how);

test('a result says what it was last, which way is better, and what became of it', () => {
  expect(said({})).toEqual([
    'Sist: 9 av 21 (2. april 2026). Betyr: moderate plager.',
    'Et høyere tall betyr mer plager.',
    'Det er 3 lavere enn 2. mars 2026. Det er så mye at de fleste merker forskjell.',
  ]);
});

test('a change that is smaller than the smallest that matters is told to be perhaps chance', () => {
  const points = [
    { at: '2026-03-02', value: 8 },
    { at: '2026-04-02', value: 9 },
  ];
  expect(said({ points }).at(-1)).toBe('Det er 1 høyere enn 2. mars 2026. Så små endringer kan være tilfeldige.');
  expect(said({ points, change: undefined }).at(-1)).toBe('Det er 1 høyere enn 2. mars 2026.');
});

test('what was measured once is compared with nothing', () => {
  expect(said({ points: result.points.slice(0, 1) })).toHaveLength(2);
});
