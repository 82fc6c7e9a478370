import { expect, it } from 'vitest';
import { instrument, numbered } from './test-kit/instrument.ts';

const gse = instrument('gse');

it.each([
  ['1', 10],
  ['4', 40],
])('all answers %s make %i', (answer, total) => {
  expect(gse.scores(numbered('Gse', 10, answer)).get('gse-total')?.value).toBe(total);
});

it('three may be missing: the mean of the answered times ten', () => {
  const seven = { ...numbered('Gse', 7, '3'), Gse1: '4' };
  expect(gse.scores(seven).get('gse-total')?.value).toBeCloseTo((22 * 10) / 7, 9);
  expect(gse.scores(numbered('Gse', 6, '3')).get('gse-total')?.absent?.reason).toBe('too-few-answered');
});
